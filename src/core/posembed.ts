// Resizes a position embedding for another image size (method.md §a.5): keeps the class token's row and resamples the grid
// of patches bilinearly, corners on corners, as the published code does. Always from the original embedding, never from one
// that evolved.

/** `embedding` [1 + fromGrid², width] resized to [1 + toGrid², width]; grids are sides in patches, rows first. */
export function resizePosembed(
  embedding: Float32Array,
  width: number,
  fromGrid: number,
  toGrid: number,
): Float32Array<ArrayBuffer> {
  if (embedding.length !== (1 + fromGrid * fromGrid) * width)
    throw new RangeError(`${embedding.length} values are not a grid of ${fromGrid} × ${fromGrid} × ${width}`);
  const resized = new Float32Array((1 + toGrid * toGrid) * width);
  resized.set(embedding.subarray(0, width));
  const at = Array.from({ length: toGrid }, (_, i) => sourceOf(i, fromGrid, toGrid));
  const row = (y: number, x: number): number => (1 + y * fromGrid + x) * width;
  let to = width;
  for (const y of at)
    for (const x of at)
      for (let c = 0; c < width; c++, to++) {
        const value = (top: number, left: number): number => embedding[row(top, left) + c]!;
        const above = mix(value(y.low, x.low), value(y.low, x.high), x.weight);
        const below = mix(value(y.high, x.low), value(y.high, x.high), x.weight);
        resized[to] = mix(above, below, y.weight);
      }
  return resized;
}

/** Output `i` is at i·(from−1)/(to−1) of the old grid: between `low` and `high`, with `weight` on the latter. */
function sourceOf(i: number, from: number, to: number): { low: number; high: number; weight: number } {
  const position = to === 1 ? 0 : (i * (from - 1)) / (to - 1);
  const low = Math.min(Math.floor(position), from - 1);
  return { low, high: Math.min(low + 1, from - 1), weight: position - low };
}

/** Exactly `a` where the weight is 0. */
const mix = (a: number, b: number, weight: number): number => a * (1 - weight) + b * weight;
