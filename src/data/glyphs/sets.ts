// The generated tasks: the numerals of a script, as many images as cmaterdb has; stand-ins for Latin sets; and tasks of many
// letters, one for pretraining, which shares no script with the benchmark's tasks, and one that stands in for omniglot.

import type { FontPart, GlyphClass, GlyphSet } from "./glyph-set.js";
import { LETTERS, type Ranges } from "./letters.js";

const sans = (script: string): FontPart => ({ font: `noto-sans-${script}`, subset: script });
const latin = (font: string): FontPart => ({ font, subset: "latin" });

const FONTS: Readonly<Record<string, FontPart>> = {
  tibetan: { font: "noto-serif-tibetan", subset: "tibetan" },
  "arabic-indic": { font: "noto-sans-arabic", subset: "arabic" },
};
const LATIN_SANS = latin("noto-sans-bengali"); // every Noto package brings the Latin letters along
const LATIN_SERIF = latin("noto-serif-tibetan");

const characters = (first: number, count: number, fonts: readonly FontPart[]): GlyphClass[] =>
  Array.from({ length: count }, (_, i) => ({ characters: [first + i], fonts }));

/** Ten numerals from `zero` on. */
const numerals = (name: string, title: string, zero: number, train = 250, test = 50): GlyphSet => ({
  name,
  title: `${title} numerals`,
  classes: characters(zero, 10, [FONTS[name] ?? sans(name)]),
  perClass: [train, test],
});

const lettersOf = (script: string, ranges: Ranges): GlyphClass[] =>
  ranges.flatMap(([first, last]) => characters(first, last - first + 1, [FONTS[script] ?? sans(script)]));

const letters = (scripts: Readonly<Record<string, Ranges>>): GlyphClass[] =>
  Object.entries(scripts).flatMap(([script, ranges]) => lettersOf(script, ranges));

const { bengali, devanagari, telugu, ...others } = LETTERS;

export const GLYPH_SETS: readonly GlyphSet[] = [
  numerals("bengali", "Bengali", 0x09e6, 500, 100),
  numerals("devanagari", "Devanagari", 0x0966),
  numerals("telugu", "Telugu", 0x0c66),
  numerals("tamil", "Tamil", 0x0be6),
  numerals("kannada", "Kannada", 0x0ce6),
  numerals("malayalam", "Malayalam", 0x0d66),
  numerals("gujarati", "Gujarati", 0x0ae6),
  numerals("gurmukhi", "Gurmukhi", 0x0a66),
  numerals("oriya", "Odia", 0x0b66),
  numerals("thai", "Thai", 0x0e50),
  numerals("lao", "Lao", 0x0ed0),
  numerals("khmer", "Khmer", 0x17e0),
  numerals("myanmar", "Myanmar", 0x1040),
  numerals("tibetan", "Tibetan", 0x0f20),
  numerals("arabic-indic", "Arabic-Indic", 0x0660),
  {
    name: "latin-digits",
    title: "printed Latin digits",
    classes: characters(0x30, 10, [LATIN_SANS, LATIN_SERIF]),
    perClass: [1000, 200],
  },
  {
    name: "latin-serif-digits",
    title: "printed Latin digits with serifs",
    classes: characters(0x30, 10, [LATIN_SERIF]),
    perClass: [500, 100],
  },
  {
    name: "latin-letters",
    title: "printed Latin letters, capital and small of one class",
    classes: Array.from({ length: 26 }, (_, i) => ({
      characters: [0x41 + i, 0x61 + i],
      fonts: [LATIN_SANS, LATIN_SERIF],
    })),
    perClass: [400, 80],
  },
  {
    name: "indic-letters",
    title: "Bengali, Devanagari and Telugu letters",
    classes: letters({ bengali, devanagari, telugu }),
    perClass: [24, 6],
  },
  {
    name: "letters",
    title: "letters of twelve scripts",
    classes: letters(others),
    perClass: [50, 10],
  },
];
