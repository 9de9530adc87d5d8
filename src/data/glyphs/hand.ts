// A hand that never draws a digit the same way twice: it presses harder or softer, bends, slants, turns and stretches the
// shape, and places it as in cmaterdb's scans, where the ink fills most of the square. It uses only + - × ÷ and square
// roots, whose results IEEE 754 defines exactly, so that every machine draws the same bytes.

import type { Rng } from "../../core/rng.js";
import type { Outline } from "./outline.js";
import { GRID } from "./raster.js";

/** The ranges of a hand; lengths are in units of the digit's larger side. */
const PRESSURE = [-0.008, 0.02] as const; // outline moves this far out: half the change of a stroke's width
const BEND = 0.42; // of the bending lattice's knots
const TURN = 0.16; // tangent of half the angle: about ±18°
const SLANT = 0.5;
const STRETCH = 0.35; // width against height
const MARGIN = 5; // px, at most, on each side

const KNOTS = 6; // a side; cubic B-splines over KNOTS - 3 spans

/** Vertices of one drawing on the raster's grid; holds up to `capacity` of them. */
export interface Drawing {
  readonly x: Int32Array;
  readonly y: Int32Array;
}

/** A hand for images of `size` px that keeps its scratch between drawings. */
export function createHand(size: number, capacity: number) {
  const x = new Float64Array(capacity);
  const y = new Float64Array(capacity);
  const drawing: Drawing = { x: new Int32Array(capacity), y: new Int32Array(capacity) };
  const knotsX = new Float64Array(KNOTS * KNOTS);
  const knotsY = new Float64Array(KNOTS * KNOTS);
  const across = new Float64Array(4);
  const down = new Float64Array(4);

  /** Moves the vertices along a smooth random field and then through a random linear map. */
  function bend(outline: Outline, rng: Rng): void {
    const pressure = PRESSURE[0] + rng.uniform() * (PRESSURE[1] - PRESSURE[0]);
    const strength = BEND * (0.4 + 0.6 * rng.uniform());
    for (let k = 0; k < knotsX.length; k++) {
      knotsX[k] = spread(strength, rng);
      knotsY[k] = spread(strength, rng);
    }
    const tangent = spread(TURN, rng);
    const cos = (1 - tangent * tangent) / (1 + tangent * tangent);
    const sin = (2 * tangent) / (1 + tangent * tangent);
    const slant = spread(SLANT, rng);
    const stretch = 1 + spread(STRETCH, rng);
    for (let i = 0; i < outline.x.length; i++) {
      const px = outline.x[i]! + outline.outX[i]! * pressure;
      const py = outline.y[i]! + outline.outY[i]! * pressure;
      const column = splineWeights(px, across);
      const row = splineWeights(py, down);
      let qx = px;
      let qy = py;
      for (let r = 0; r < 4; r++)
        for (let c = 0; c < 4; c++) {
          const knot = (row + r) * KNOTS + column + c;
          const weight = down[r]! * across[c]!;
          qx += knotsX[knot]! * weight;
          qy += knotsY[knot]! * weight;
        }
      qx = (qx + slant * qy) * stretch;
      x[i] = cos * qx - sin * qy;
      y[i] = sin * qx + cos * qy;
    }
  }

  /** Fits the vertices' box into the image with random margins; a side is stretched to fit by at most half again more than the other. */
  function place(count: number, rng: Rng): void {
    const [left, right] = range(x, count);
    const [top, bottom] = range(y, count);
    const margin = () => rng.uniform() * rng.uniform() * MARGIN;
    const box = { left: margin(), right: size - margin(), top: margin(), bottom: size - margin() };
    const fitX = (box.right - box.left) / (right - left);
    const fitY = (box.bottom - box.top) / (bottom - top);
    const scaleX = Math.min(fitX, 1.5 * fitY);
    const scaleY = Math.min(fitY, 1.5 * fitX);
    const midX = (box.left + box.right) / 2 - ((left + right) / 2) * scaleX;
    const midY = (box.top + box.bottom) / 2 - ((top + bottom) / 2) * scaleY;
    for (let i = 0; i < count; i++) {
      drawing.x[i] = Math.round((x[i]! * scaleX + midX) * GRID);
      drawing.y[i] = Math.round((y[i]! * scaleY + midY) * GRID);
    }
  }

  return function draw(outline: Outline, rng: Rng): Drawing {
    bend(outline, rng);
    place(outline.x.length, rng);
    return drawing;
  };
}

/** Triangular in (-most, most), so that small changes are more common than large ones. */
const spread = (most: number, rng: Rng): number => (rng.uniform() - rng.uniform()) * most;

/** Writes the four cubic B-spline weights of a coordinate in about [-0.6, 0.6]; gives the first knot they belong to. */
function splineWeights(at: number, weights: Float64Array): number {
  const spans = KNOTS - 3;
  const u = Math.max(0, Math.min((at + 0.6) / 1.2, 1)) * spans;
  const first = Math.min(Math.floor(u), spans - 1);
  const t = u - first;
  const s = 1 - t;
  weights[0] = (s * s * s) / 6;
  weights[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
  weights[2] = (3 * s * s * s - 6 * s * s + 4) / 6;
  weights[3] = (t * t * t) / 6;
  return first;
}

function range(values: Float64Array, count: number): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return [low, high];
}
