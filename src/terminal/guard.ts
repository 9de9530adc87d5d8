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
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) =>
    write(
      plainLines(typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk)),
      ...rest,
    )) as typeof stream.write;
}

/** Writes to `stream` unfiltered: the caller must already have made its text plain. */
export const drawingOn = (stream: NodeJS.WritableStream): Write =>
  unguarded.get(stream) ?? ((text) => stream.write(text));
