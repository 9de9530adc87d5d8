/** Text written to stdout and stderr, sent as `stream` messages to the cell that wrote it. */
import { currentScope } from "./context.js";

type StreamName = "stdout" | "stderr";
type Publish = (msgType: string, parent: string, content: object) => void;

/** Text waits at most this long in a synchronous loop; elsewhere it leaves at the end of the current turn. */
const HOLD_MS = 50;
const HOLD_CHARS = 32_768;

/** Joins small writes into few messages: 10,000 `console.log` lines would otherwise be 10,000 signed messages. */
export class StreamOutput {
  private pending: { name: StreamName; parent: string; text: string } | undefined;
  private heldSince = 0;
  private scheduled = false;
  private publishing = false;
  private readonly realWrites = { stdout: process.stdout.write, stderr: process.stderr.write };

  constructor(private readonly publish: Publish) {}

  /** Replaces `process.stdout.write` and `process.stderr.write`, on which console.log is built. */
  install(): void {
    process.stdout.write = this.writer("stdout");
    process.stderr.write = this.writer("stderr");
  }

  /** Writes to the server's log rather than to a notebook. */
  log(text: string): void {
    this.realWrites.stderr.call(process.stderr, `mulab kernel: ${text}\n`);
  }

  write(name: StreamName, text: string, parent = currentScope()?.cell.header): void {
    if (text === "") return;
    if (parent === undefined) {
      this.realWrites[name].call(process[name], text);
      return;
    }
    const { pending } = this;
    if (pending && (pending.name !== name || pending.parent !== parent)) this.flush();
    if (this.pending) {
      this.pending.text += text;
    } else {
      this.pending = { name, parent, text };
      this.heldSince = performance.now();
    }
    if (this.pending.text.length > HOLD_CHARS || performance.now() - this.heldSince > HOLD_MS) this.flush();
    else if (!this.scheduled) {
      this.scheduled = true;
      setImmediate(() => {
        this.scheduled = false;
        this.flush();
      });
    }
  }

  flush(): void {
    if (!this.pending || this.publishing) return;
    const { name, parent, text } = this.pending;
    this.pending = undefined;
    // publish() flushes before each message; without this it would call itself.
    this.publishing = true;
    try {
      this.publish("stream", parent, { name, text });
    } finally {
      this.publishing = false;
    }
  }

  /** After an interrupt ended code halfway: what it left scheduled or half done is forgotten, the text is not. */
  recover(): void {
    this.publishing = false;
    this.scheduled = false;
    this.flush();
  }

  private writer(name: StreamName): typeof process.stdout.write {
    const decoder = new TextDecoder();
    return (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      this.write(name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") queueMicrotask(callback as () => void);
      return true;
    };
  }
}
