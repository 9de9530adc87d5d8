// The only way to the terminal: everything the process prints passes through here, so that no name in a journal, a lock or a
// checkpoint can move the cursor, change the title or reverse the line. Code that draws a live block asks for a way past.

import { plainLines } from "../format/plain.js";

type Write = (text: string) => boolean;
const unguarded = new WeakMap<object, Write>();

/** From now on `stream` prints only text, line by line, and no control sequences. */
export function guard(stream: NodeJS.WriteStream): void {
  if (unguarded.has(stream)) return;
  const write = stream.write.bind(stream);
  unguarded.set(stream, write);
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    takeAway?.();
    return write(plainLines(typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk)), ...rest);
  }) as typeof stream.write;
}

/** Writes to `stream` unfiltered: the caller must already have made its text plain. */
export function drawingOn(stream: NodeJS.WritableStream): Write {
  const write = unguarded.get(stream);
  if (!write) return (text) => stream.write(text);
  return (text) => {
    takeAway?.();
    return write(text);
  };
}

/** Removes the words shown by `meanwhile`, if there are any. */
let takeAway: (() => void) | undefined;

/**
 * Shows `words` on `stream`, a guarded terminal, until something is written to any guarded stream or the returned function
 * is called, so that the screen isn't empty while a command works.
 */
export function meanwhile(stream: NodeJS.WriteStream, words: string): () => void {
  takeAway?.();
  const write = unguarded.get(stream);
  if (!write || !stream.isTTY) return () => {};
  write(words);
  const own = () => {
    if (takeAway !== own) return;
    takeAway = undefined;
    write(`\r${" ".repeat(words.length)}\r`);
  };
  takeAway = own;
  return own;
}
