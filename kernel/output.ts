/** Text written to stdout and stderr, sent as `stream` messages to the cell that wrote it. */
import { writeSync } from "node:fs";
import { currentScope } from "./context.js";
import { shortened } from "./text.js";

export type StreamName = "stdout" | "stderr";

/** Takes the place of `process.stdout.write` and `process.stderr.write`, on which console.log is built. */
export class StreamOutput {
  readonly #publish: (name: StreamName, parent: string, text: string) => void;

  constructor(publish: (name: StreamName, parent: string, text: string) => void) {
    this.#publish = publish;
  }

  install(): void {
    process.stdout.write = this.#writer("stdout");
    process.stderr.write = this.#writer("stderr");
  }

  /** Writes to the server's log rather than to a notebook. */
  log(text: string): void {
    writeSync(2, `mulab kernel: ${text}\n`);
  }

  #writer(name: StreamName): typeof process.stdout.write {
    const decoder = new TextDecoder();
    return (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
      const parent = currentScope()?.cell.header;
      if (parent === undefined) writeSync(name === "stdout" ? 1 : 2, text);
      else if (text !== "") this.#publish(name, parent, shortened(text));
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") queueMicrotask(callback as () => void);
      return true;
    };
  }
}
