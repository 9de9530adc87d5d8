// Text that is safe to print on a terminal.

/** `text` on one line and without control characters: a task's name can't move the cursor or change colours. */
export const plainText = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").replaceAll("\u202f", " ");

/** The same for text of several lines, whose line ends it keeps. */
export const plainLines = (text: string): string => text.replace(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, " ");

/** A text whose inserted values are made plain and kept on one line, so that `${name}: done\n` has exactly the lines that its author wrote. */
export const said = (texts: TemplateStringsArray, ...values: readonly unknown[]): string =>
  texts.reduce((all, text, i) => `${all}${plainText(String(values[i - 1]))}${text}`);

/** The escape character that colours begin with, as in `[31m` after it. */
const PAINT = new RegExp(`(${String.fromCharCode(27)}\\[[\\d;]*m)`);

/** A line with our own colours: it keeps these, but no other control sequence. */
export const paintedText = (text: string): string =>
  text
    .split(PAINT)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")))
    .join("");

/** `value` as JSON on one line without control characters; it parses to the same value. */
export const plainJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (letter) =>
    [...Array(letter.length).keys()]
      .map((i) => `\\u${letter.charCodeAt(i).toString(16).padStart(4, "0")}`)
      .join(""),
  );
