// Text for terminals.

/** `text` on one line and without control characters: a task's name can't move the cursor or change colours. */
export const plainText = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").replaceAll("\u202f", " ");

/** `text` likewise, its line ends kept: what a program writes may have many lines. */
export const plainLines = (text: string): string => text.replace(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, " ");

/** A text whose inserted values are each on one line and plain: `${name}: done\n` has the lines that its author wrote. */
export const said = (texts: TemplateStringsArray, ...values: readonly unknown[]): string =>
  texts.reduce((all, text, i) => `${all}${plainText(String(values[i - 1]))}${text}`);

/** What colours begin with, as `[31m` after it. */
const PAINT = new RegExp(`(${String.fromCharCode(27)}\\[[\\d;]*m)`);

/** A line that is painted with our own colours: those stay, nothing else that a terminal obeys does. */
export const paintedText = (text: string): string =>
  text
    .split(PAINT)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")))
    .join("");

/** `value` as JSON on one line in which no character is one that a terminal obeys; it reads back as the same value. */
export const plainJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (letter) =>
    [...Array(letter.length).keys()]
      .map((i) => `\\u${letter.charCodeAt(i).toString(16).padStart(4, "0")}`)
      .join(""),
  );
