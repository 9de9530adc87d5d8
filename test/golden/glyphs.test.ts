// The same seed draws the same bytes on every machine and in every release: the first twenty drawings of each set,
// as the beginning of their sha-256. A difference means that runs on glyphs can't be repeated; if a font package was
// updated, pin the old version or say so in the changelog.

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { rngFromSeed } from "../../src/core/rng.js";
import { glyphArtist } from "../../src/data/glyphs/glyphs.js";
import { GLYPH_SETS } from "../../src/data/glyphs/sets.js";

const rows = Int32Array.from({ length: 20 }, (_, i) => i);

test("twenty drawings of each set are the bytes they always were", async () => {
  const hashes: Record<string, string> = {};
  for (const glyphs of GLYPH_SETS) {
    const { pixels } = await (await glyphArtist(glyphs))(rows, rngFromSeed(0), () => {});
    hashes[glyphs.name] = createHash("sha256").update(pixels).digest("hex").slice(0, 16);
  }
  expect(hashes).toMatchInlineSnapshot(`
    {
      "arabic-indic": "25901e632adb7328",
      "bengali": "07cfb514d5e9353e",
      "devanagari": "4c517444842163db",
      "gujarati": "3b29ad18b496b5f7",
      "gurmukhi": "02c60d48f2524bb7",
      "indic-letters": "db0f1a33098e0b2d",
      "kannada": "5d7fb0a937be569f",
      "khmer": "fda2124a29c21643",
      "lao": "10a79f0dca1e540d",
      "latin-digits": "7b312a67b7ffd6dc",
      "latin-letters": "0bd1c85d035b0ff7",
      "latin-serif-digits": "c3c0fc5376b86eb6",
      "letters": "bae260b13a2959d4",
      "malayalam": "119ab986d99be61d",
      "myanmar": "f26c379d0442b380",
      "oriya": "8d699b1f56e9e6e9",
      "tamil": "7143a95d6119ae29",
      "telugu": "20b535a1e919e336",
      "thai": "9efbf098de1db4f4",
      "tibetan": "22d6acdbd32f9970",
    }
  `);
}, 120_000); // 60 font files are read
