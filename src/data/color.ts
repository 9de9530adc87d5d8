// The four colour changes of the training pipeline, in place on planes of values in [-1, 1]. method.md §e.3 steps 3–6.
// Saturation and hue are those of HSV on [0, 1]: the published code converts values in [-1, 1], where HSV means
// nothing, so here the values are clipped to [-1, 1] and read as if halved and shifted (§e.3's recommendation).
// With one plane (a grey image) they leave the clipped values as they are, exactly as three equal planes would be left.

/** Adds `delta` to the first `count` values of a plane. */
export function addBrightness(plane: Float32Array, count: number, delta: number): void {
  for (let i = 0; i < count; i++) plane[i] = plane[i]! + delta;
}

/** Stretches the first `count` values of a plane from their mean by `factor`. */
export function scaleContrast(plane: Float32Array, count: number, factor: number): void {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += plane[i]!;
  const mean = sum / count;
  for (let i = 0; i < count; i++) plane[i] = (plane[i]! - mean) * factor + mean;
}

/** Clips the first `count` values of a plane to [-1, 1]. */
export function clip(plane: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) plane[i] = Math.max(-1, Math.min(plane[i]!, 1));
}

/** Multiplies the HSV saturation (at most 1) of `count` pixels in [-1, 1] by `factor` ≥ 0; hue and value stay. */
export function scaleSaturation(
  red: Float32Array,
  green: Float32Array,
  blue: Float32Array,
  count: number,
  factor: number,
): void {
  for (let i = 0; i < count; i++) {
    const r = red[i]!;
    const g = green[i]!;
    const b = blue[i]!;
    const value = Math.max(r, g, b);
    const chroma = value - Math.min(r, g, b);
    if (chroma === 0) continue;
    // Saturation is chroma / (value + 1) here; the ratio below is new : old with the new one at most 1.
    const ratio = Math.min(factor, (value + 1) / chroma);
    red[i] = value - (value - r) * ratio;
    green[i] = value - (value - g) * ratio;
    blue[i] = value - (value - b) * ratio;
  }
}

/** Turns the HSV hue of `count` pixels by `turns` (1 is the whole circle); saturation and value stay. */
export function shiftHue(
  red: Float32Array,
  green: Float32Array,
  blue: Float32Array,
  count: number,
  turns: number,
): void {
  for (let i = 0; i < count; i++) {
    const r = red[i]!;
    const g = green[i]!;
    const b = blue[i]!;
    const value = Math.max(r, g, b);
    const chroma = value - Math.min(r, g, b);
    if (chroma === 0) continue;
    const hue = value === r ? (g - b) / chroma : value === g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma; // in sixths of a turn: 0 red, 2 green, 4 blue
    const turned = hue + 6 * turns;
    red[i] = value - chroma * dip(turned + 5);
    green[i] = value - chroma * dip(turned + 3);
    blue[i] = value - chroma * dip(turned + 1);
  }
}

/** How far a channel is below the value, in chromas: 0 over a third of the circle, 1 over another, linear between. */
function dip(sixths: number): number {
  const k = sixths - 6 * Math.floor(sixths / 6);
  return Math.max(0, Math.min(k, 4 - k, 1));
}
