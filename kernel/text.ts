/**
 * Text between JavaScript and Jupyter: positions, lengths, and JSON that can be saved.
 *
 * Jupyter counts positions in Unicode code points, TypeScript in UTF-16 units; they differ after the first emoji.
 */

export function toUtf16(text: string, codePoints: number): number {
  let offset = 0;
  for (let i = 0; i < codePoints && offset < text.length; i++)
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  return offset;
}

export function toCodePoints(text: string, utf16: number): number {
  let count = 0;
  for (let offset = 0; offset < utf16 && offset < text.length; count++) {
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  }
  return count;
}

/** No single text that a cell shows is longer, in UTF-16 units: a front end takes minutes to draw more. */
export const MAX_TEXT = 1_000_000;

/** `text` whole, or its beginning and a note of how much is missing. Never ends within a surrogate pair. */
export function shortened(text: string, max = MAX_TEXT): string {
  if (text.length <= max) return text;
  const end = isHighSurrogate(text, max - 1) ? max - 1 : max;
  const missing = (text.length - end).toLocaleString("en");
  return `${text.slice(0, end)}\n… ${missing} more characters are not shown; write them to a file to read them all.\n`;
}

/** True for the first half of a surrogate pair: text that is cut after it has lost a character. */
export function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff;
}

/**
 * JSON that every reader can save again: half of a surrogate pair becomes U+FFFD.
 *
 * `JSON.stringify` writes such a half as an escape, which Python reads as a character that no UTF-8 file can hold, so that one
 * would make the whole notebook impossible to save.
 */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  // An escaped backslash is taken first: the text "\ud83d" that somebody typed is not an escape.
  return json?.includes("\\ud")
    ? json.replace(/(\\\\)|\\ud[89a-f][0-9a-f]{2}/g, (_found, backslash) => backslash ?? "\ufffd")
    : json;
}
