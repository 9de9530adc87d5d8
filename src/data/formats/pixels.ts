// Decoded pixels, and the only way to resize them: a triangle filter as wide as the reduction (antialiased bilinear, as in
// Pillow and libvips), horizontally, then vertically, rounded once.

/** Rows of [height, width, channels], 1 (grey) or 3 (RGB), bytes 0…255. */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** The image stretched to size × size, or the image itself if it has that size. */
export function resized(pixels: Pixels, size: number): Pixels {
  const { height, width, channels, data } = pixels;
  if (height === size && width === size) return pixels;
  const across = tapsFor(width, size);
  const down = tapsFor(height, size);
  const narrow = new Float32Array(height * size * channels);
  for (let y = 0, to = 0; y < height; y++) {
    const row = y * width * channels;
    for (let x = 0; x < size; x++) {
      const from = across.start[x]!;
      const end = across.start[x + 1]!;
      const first = row + across.first[x]! * channels;
      if (channels === 1) {
        let sum = 0;
        for (let t = from, at = first; t < end; t++, at++) sum += data[at]! * across.weight[t]!;
        narrow[to++] = sum;
      } else {
        let [red, green, blue] = [0, 0, 0];
        for (let t = from, at = first; t < end; t++, at += 3) {
          const weight = across.weight[t]!;
          red += data[at]! * weight;
          green += data[at + 1]! * weight;
          blue += data[at + 2]! * weight;
        }
        narrow[to++] = red;
        narrow[to++] = green;
        narrow[to++] = blue;
      }
    }
  }
  const line = size * channels;
  const out = new Uint8Array(size * line);
  const sums = new Float32Array(line);
  for (let y = 0; y < size; y++) {
    sums.fill(0.5); // so that truncation rounds
    let row = down.first[y]! * line;
    for (let t = down.start[y]!; t < down.start[y + 1]!; t++, row += line) {
      const weight = down.weight[t]!;
      for (let x = 0; x < line; x++) sums[x] = sums[x]! + narrow[row + x]! * weight;
    }
    for (let x = 0; x < line; x++) out[y * line + x] = sums[x]!;
  }
  return { height: size, width: size, channels, data: out };
}

/** Output i is the sum of inputs from first[i] on, by the weights start[i] … start[i + 1] - 1, which add up to 1. */
interface Taps {
  readonly first: Int32Array;
  readonly start: Int32Array;
  readonly weight: Float64Array;
}

const MOST_KEPT = 512;
const kept = new Map<string, Taps>();

function tapsFor(from: number, size: number): Taps {
  const key = `${from} ${size}`;
  const known = kept.get(key);
  if (known) return known;
  const scale = from / size;
  const support = Math.max(1, scale);
  const first = new Int32Array(size);
  const start = new Int32Array(size + 1);
  const weights: number[] = [];
  for (let i = 0; i < size; i++) {
    const centre = (i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - support + 0.5));
    const high = Math.min(from, Math.trunc(centre + support + 0.5));
    const own: number[] = [];
    for (let x = low; x < high; x++) own.push(Math.max(0, 1 - Math.abs((x - centre + 0.5) / support)));
    const sum = own.reduce((total, weight) => total + weight, 0);
    first[i] = low;
    for (const weight of own) weights.push(weight / sum);
    start[i + 1] = weights.length;
  }
  const taps = { first, start, weight: Float64Array.from(weights) };
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, taps);
  return taps;
}

/** The bytes with three channels. */
export function rgbBytes({ channels, data }: Pixels): Uint8Array {
  if (channels === 3) return data;
  const colors = new Uint8Array(data.length * 3);
  for (let i = 0, to = 0; i < data.length; i++) {
    const value = data[i]!;
    colors[to++] = value;
    colors[to++] = value;
    colors[to++] = value;
  }
  return colors;
}

/** Composites four channels, RGB and opacity, onto white. */
export function onWhite(rgba: Uint8Array): Uint8Array {
  const out = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    const alpha = rgba[from + 3]!;
    for (let c = 0; c < 3; c++) out[to++] = (rgba[from + c]! * alpha + 255 * (255 - alpha)) / 255;
  }
  return out;
}
