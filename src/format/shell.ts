// Words of a command that somebody pastes into a shell. Whatever a path or a name contains, it stays one word and executes
// nothing, in sh, bash, zsh or ksh and in the terminal into which it is pasted.

/** Letters that need no quotes anywhere; no "=", "~" or "%", which mean something at the start of a word. */
const PLAIN = /^[\w@+:,./-]+$/;
/** Characters that a terminal obeys, or that change the direction of the text. */
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** `text` as one word. Control and format characters are written as bytes ($'…'), which plain sh does not know. */
export function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!OBEYED.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const letters = [...text].map((letter) => {
    if (letter === "\\" || letter === "'") return `\\${letter}`;
    return OBEYED.test(letter) ? bytesOf(letter) : letter;
  });
  return `$'${letters.join("")}'`;
}

/** The UTF-8 of a letter; three octal digits each, so that a digit after them is not taken for part of them. */
const bytesOf = (letter: string): string =>
  [...new TextEncoder().encode(letter)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");

/** `path` as one word that no command takes for an option. */
export const shellPath = (path: string): string => shellWord(path.startsWith("-") ? `./${path}` : path);
