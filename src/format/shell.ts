// Words of a command that somebody pastes into a shell. Whatever a path or a name has in it, it stays one word and does
// nothing: neither in sh, bash, zsh or ksh, nor in the terminal that it is pasted into.

/** Letters that need no quotes anywhere; no "=", "~" or "%", which mean something at the start of a word. */
const PLAIN = /^[\w@+:,./-]+$/;
/** What a terminal obeys, or what turns the direction of the text. */
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

/** The UTF-8 of a letter; three octal digits each, so that no digit after them is taken for one of theirs. */
const bytesOf = (letter: string): string =>
  [...new TextEncoder().encode(letter)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");

/** `path` as one word that no command takes for an option. */
export const shellPath = (path: string): string => shellWord(path.startsWith("-") ? `./${path}` : path);
