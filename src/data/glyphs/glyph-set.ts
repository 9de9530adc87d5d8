// The classes of a generated task: the characters of each class, and the open fonts (SIL Open Font License 1.1, by the Noto
// project) that have them.

/** A part of a font package, whose files are split by script. */
export interface FontPart {
  /** Package below @fontsource. */
  readonly font: string;
  readonly subset: string;
}

/** Code points of one class ("A" and "a"), each of which every font has. */
export interface GlyphClass {
  readonly characters: readonly number[];
  readonly fonts: readonly FontPart[];
}

export interface GlyphSet {
  /** As in the task name: glyphs/<name>. */
  readonly name: string;
  /** What is drawn, for people: "Thai numerals". */
  readonly title: string;
  readonly classes: readonly GlyphClass[];
  /** Images per class: [train and validation, test]. */
  readonly perClass: readonly [number, number];
}
