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
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) =>
    write(
      plainLines(typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk)),
      ...rest,
    )) as typeof stream.write;
}

/** How to draw on `stream`: who does has made plain what it draws. */
export const drawingOn = (stream: NodeJS.WritableStream): Write =>
  unguarded.get(stream) ?? ((text) => stream.write(text));
