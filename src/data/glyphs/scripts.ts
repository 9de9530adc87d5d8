// The scripts whose numerals can be drawn: where each one's digits 0–9 stand in Unicode and which open font
// (SIL Open Font License 1.1, by the Noto project) has them.

export interface Script {
  /** As in the task name: glyphs/<name>. */
  readonly name: string;
  /** What people call the numerals. */
  readonly title: string;
  /** Code point of digit 0; the other nine follow it. */
  readonly zero: number;
  readonly font: string;
  /** The font's files are split by script; this part holds the digits. */
  readonly subset: string;
  /** Images a class: [train and validation, test]; as in cmaterdb. */
  readonly perClass: readonly [number, number];
}

const sans = (name: string, title: string, zero: number, train = 250, test = 50): Script => ({
  name,
  title,
  zero,
  font: `noto-sans-${name}`,
  subset: name,
  perClass: [train, test],
});

export const SCRIPTS: readonly Script[] = [
  sans("bengali", "Bengali", 0x09e6, 500, 100),
  sans("devanagari", "Devanagari", 0x0966),
  sans("telugu", "Telugu", 0x0c66),
  sans("tamil", "Tamil", 0x0be6),
  sans("kannada", "Kannada", 0x0ce6),
  sans("malayalam", "Malayalam", 0x0d66),
  sans("gujarati", "Gujarati", 0x0ae6),
  sans("gurmukhi", "Gurmukhi", 0x0a66),
  sans("oriya", "Odia", 0x0b66),
  sans("thai", "Thai", 0x0e50),
  sans("lao", "Lao", 0x0ed0),
  sans("khmer", "Khmer", 0x17e0),
  sans("myanmar", "Myanmar", 0x1040),
  { ...sans("tibetan", "Tibetan", 0x0f20), font: "noto-serif-tibetan" },
  { ...sans("arabic-indic", "Arabic-Indic", 0x0660), font: "noto-sans-arabic", subset: "arabic" },
];

/** Digits a script has: the classes of its task. */
export const DIGITS = 10;
