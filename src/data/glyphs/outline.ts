// The outline of a character as a polygon: read from the font once, its curves cut into straight pieces, scaled so that
// the larger side of its bounding box is 1, centred on 0, y downwards. Each vertex carries the direction away from
// the ink, along which a pen that presses harder or softer moves it.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";
import opentype, { type Command, type Font } from "opentype.js";
import { badFile } from "../../core/errors/index.js";
import type { GlyphSet } from "./glyph-set.js";
import { unpackWoff } from "./woff.js";

export interface Outline {
  /** Vertices of all contours, one after another. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Unit vector away from the ink at each vertex. */
  readonly outX: Float64Array;
  readonly outY: Float64Array;
  /** Index after the last vertex of each contour. */
  readonly ends: readonly number[];
}

/** Font weights in use: as many styles of each character and font. */
const WEIGHTS = [300, 400, 500, 700] as const;
const PIECES = 4; // straight pieces a curve; at 32 px more can't be seen

/** The outlines of a set's classes: [class][style], every character in every weight of every font. */
export async function readOutlines({ title, classes }: GlyphSet): Promise<Outline[][]> {
  const fonts = new Map<string, Font>();
  const outlines: Outline[][] = [];
  for (const { characters, fonts: parts } of classes) {
    const styles: Outline[] = [];
    for (const part of parts)
      for (const weight of WEIGHTS) {
        const file = `@fontsource/${part.font}/files/${part.font}-${part.subset}-${weight}-normal.woff`;
        // Reading a font takes some 20 ms at a stretch; other work runs between two.
        const font = fonts.get(file) ?? (await loadFont(file));
        fonts.set(file, font);
        for (const character of characters) styles.push(outlineOf(font, character, file, title));
      }
    outlines.push(styles);
  }
  return outlines;
}

async function loadFont(file: string): Promise<Font> {
  const packed = await readFile(createRequire(import.meta.url).resolve(file));
  await setImmediate();
  return opentype.parse(unpackWoff(packed));
}

function outlineOf(font: Font, character: number, where: string, title: string): Outline {
  const glyph = font.charToGlyph(String.fromCodePoint(character));
  const contours = flatten(glyph.path.commands);
  if (glyph.index === 0 || contours.length === 0)
    throw badFile(where, `no outline of U+${character.toString(16)}`, `a font with ${title}`);
  return normalize(contours);
}

type Point = readonly [number, number];
function flatten(commands: readonly Command[]): Point[][] {
  const contours: Point[][] = [];
  for (const command of commands) {
    if (command.type === "M") contours.push([[command.x, command.y]]);
    else if (command.type !== "Z") contours.at(-1)!.push(...pieces(contours.at(-1)!.at(-1)!, command));
  }
  return contours.map(withoutRepeats).filter((contour) => contour.length > 2);
}

/** The vertices after `from` of a line or a quadratic or cubic Bézier curve. */
function pieces([x0, y0]: Point, { type, x, y, x1, y1, x2, y2 }: Command): Point[] {
  if (type === "L") return [[x, y]];
  return Array.from({ length: PIECES }, (_, i) => {
    const t = (i + 1) / PIECES;
    const s = 1 - t;
    if (type === "Q")
      return [s * s * x0 + 2 * s * t * x1 + t * t * x, s * s * y0 + 2 * s * t * y1 + t * t * y];
    const mix = (a: number, b: number, c: number, d: number) =>
      s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
    return [mix(x0, x1, x2, x), mix(y0, y1, y2, y)];
  });
}

const withoutRepeats = (contour: Point[]): Point[] =>
  contour.filter(([x, y], i) => {
    const [beforeX, beforeY] = contour.at(i - 1)!;
    return x !== beforeX || y !== beforeY;
  });

function normalize(contours: Point[][]): Outline {
  const points = contours.flat();
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = 1 / Math.max(right - left, high - low);
  const x = Float64Array.from(xs, (value) => (value - (left + right) / 2) * scale);
  const y = Float64Array.from(ys, (value) => ((low + high) / 2 - value) * scale);
  const outX = new Float64Array(x.length);
  const outY = new Float64Array(x.length);
  const ends: number[] = [];
  for (const contour of contours) {
    const start = ends.at(-1) ?? 0;
    const length = contour.length;
    ends.push(start + length);
    for (let i = 0; i < length; i++) {
      // Font outlines keep the ink on their right (y upwards), so away from it is to the left of the path.
      const before = start + ((i + length - 1) % length);
      const after = start + ((i + 1) % length);
      const alongX = x[after]! - x[before]!;
      const alongY = y[after]! - y[before]!;
      const norm = Math.sqrt(alongX * alongX + alongY * alongY) || 1;
      outX[start + i] = alongY / norm;
      outY[start + i] = -alongX / norm;
    }
  }
  return { x, y, outX, outY, ends };
}
