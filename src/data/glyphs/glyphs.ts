// Generated tasks: numerals and letters, drawn from open fonts by a random hand as 32 × 32 images, black on white with three
// equal channels like cmaterdb: an endless supply of related tasks without downloads. The same seed gives the same bytes on
// every machine.

import { setImmediate } from "node:timers/promises";
import type { Rng } from "../../core/rng.js";
import type { Images } from "../../core/task.js";
import { sharedImages } from "../rows.js";
import type { GlyphSet } from "./glyph-set.js";
import { createHand } from "./hand.js";
import { type Outline, readOutlines } from "./outline.js";
import { createRaster, FULL } from "./raster.js";

const SIZE = 32;
const BETWEEN_PAUSES = 256; // images; some 10 ms of drawing, then other work may run

/** Draws a set: row i shows class i mod (classes), and depends only on i and the given stream. */
export async function glyphArtist(glyphs: GlyphSet) {
  const artist = createArtist(await readOutlines(glyphs));
  const classes = glyphs.classes.length;
  const size = SIZE * SIZE * 3;
  return async (rows: Int32Array, rng: Rng, onImage: (done: number) => void): Promise<Images> => {
    const images = sharedImages(rows.length, SIZE, SIZE, 3);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const label = row % classes;
      images.labels[i] = label;
      artist(label, rng.child(`${row}`), images.pixels.subarray(i * size, (i + 1) * size));
      if ((i + 1) % BETWEEN_PAUSES === 0) {
        onImage(i + 1);
        await setImmediate();
      }
    }
    onImage(rows.length);
    return images;
  };
}

function createArtist(outlines: readonly (readonly Outline[])[]) {
  const hand = createHand(SIZE, Math.max(...outlines.flat().map((outline) => outline.x.length)));
  const raster = createRaster(SIZE);
  const ink = new Int32Array(SIZE * SIZE);
  return (label: number, rng: Rng, pixels: Uint8Array): void => {
    const styles = outlines[label]!;
    const outline = styles[rng.int(styles.length)]!;
    const drawing = hand(outline, rng);
    raster(drawing.x, drawing.y, outline.ends, ink);
    // A scanner's hard, slightly ragged edge: ink from about half coverage on.
    const threshold = FULL * (0.35 + 0.3 * rng.uniform());
    for (let i = 0, to = 0; i < ink.length; i++) {
      const covered = ink[i]!;
      const ragged = covered > 0 && covered < FULL ? covered + (rng.uniform() - 0.5) * 0.5 * FULL : covered;
      const grey = shade((ragged - threshold) / FULL);
      pixels[to++] = grey;
      pixels[to++] = grey;
      pixels[to++] = grey;
    }
  };
}

/** 255 (paper) for -⅛ of a pixel's ink and less, 0 (ink) for ⅛ and more, a grey between. */
const shade = (over: number): number => Math.round(255 * (0.5 - Math.max(-0.5, Math.min(over * 4, 0.5))));
