// The random crop of the published pipeline: TensorFlow's sample_distorted_bounding_box with the whole image as the only
// object and no minimum coverage. The aspect ratio is uniform in [aspectMin, 1 / aspectMin]; then the *height* is uniform
// among the whole numbers whose area is in range (so small areas are more common than with a uniform area).
// method.md §e.3 step 1 names the op; its kernel is what made the published numbers.

import type { Rng } from "../core/rng.js";
import { roundHalfEven } from "./round.js";

/** A box of whole pixels inside an image; written in place so that a batch allocates nothing. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const ATTEMPTS = 100;

/** Draws a crop of a width × height image into `box`; the whole image if 100 attempts fail. areaMin and aspectMin in (0, 1]. */
export function sampleCrop(
  width: number,
  height: number,
  areaMin: number,
  aspectMin: number,
  rng: Rng,
  box: Box,
): void {
  const aspectRange = 1 / aspectMin - aspectMin;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const aspect = aspectMin + rng.uniform() * aspectRange;
    if (!sampleSize(width, height, areaMin, aspect, rng, box)) continue;
    // The published kernel never draws the last offset unless the crop spans the image; kept as published.
    box.y = box.height < height ? rng.int(height - box.height) : 0;
    box.x = box.width < width ? rng.int(width - box.width) : 0;
    return;
  }
  box.x = 0;
  box.y = 0;
  box.width = width;
  box.height = height;
}

/** A size of the given aspect (width : height) that covers at least `areaMin` of the image; false if rounding leaves none. */
function sampleSize(
  width: number,
  height: number,
  areaMin: number,
  aspect: number,
  rng: Rng,
  box: Box,
): boolean {
  const maxArea = width * height;
  const minArea = areaMin * maxArea;
  let highest = roundHalfEven(Math.sqrt(maxArea / aspect));
  if (roundHalfEven(highest * aspect) > width) {
    highest = Math.floor((width + 0.5 - 1e-7) / aspect);
    if (roundHalfEven(highest * aspect) > width) highest -= 1;
  }
  highest = Math.min(highest, height);
  let h = Math.min(roundHalfEven(Math.sqrt(minArea / aspect)), highest);
  if (h < highest) h += rng.int(highest - h + 1);
  // Rounding may miss the range by a row: try one more, then one less.
  let w = roundHalfEven(h * aspect);
  if (w * h < minArea) {
    h += 1;
    w = roundHalfEven(h * aspect);
  }
  if (w * h > maxArea) {
    h -= 1;
    w = roundHalfEven(h * aspect);
  }
  if (w * h < minArea || w > width || h > height || w <= 0 || h <= 0) return false;
  box.width = w;
  box.height = h;
  return true;
}
