// The one way to the terminal: whatever the process prints passes through here, so that no name in a journal, a lock or a
// checkpoint can move the cursor, change the title or turn the line around. What draws a live block asks for the way past.

import { plainLines } from "../format/plain.js";

type Write = (text: string) => boolean;
const unguarded = new WeakMap<object, Write>();

/** From now on `stream` prints text only, line by line; nothing that a terminal obeys. */
export function guard(stream: NodeJS.WriteStream): void {
  if (unguarded.has(stream)) return;
  const write = stream.write.bind(stream);
  unguarded.set(stream, write);
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    takeAway?.();
    return write(plainLines(typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk)), ...rest);
  }) as typeof stream.write;
}

/** How to draw on `stream`: who does has made plain what it draws. */
export function drawingOn(stream: NodeJS.WritableStream): Write {
  const write = unguarded.get(stream);
  if (!write) return (text) => stream.write(text);
  return (text) => {
    takeAway?.();
    return write(text);
  };
}

/** Takes the words away that stand for what is still to come, where there are any. */
let takeAway: (() => void) | undefined;

/**
 * Shows `words` on `stream`, a guarded terminal, until something is written to any guarded stream, or the function returned
 * is called: nobody looks at nothing while a command works.
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
