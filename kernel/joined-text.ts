/**
 * What cells print, joined: 10,000 lines are not 10,000 signed messages.
 *
 * Whoever sends any other message flushes this first, so that the order is kept.
 */
import { isHighSurrogate } from "./text.js";

/** Text waits this long, or until there is this much of it, for more to go with it. */
const TEXT_MS = 10;
const TEXT_CHARS = 65_536;

export interface PrintedText {
  readonly name: "stdout" | "stderr";
  /** The header of the message that the text answers. */
  readonly parent: string;
  readonly text: string;
}

export class JoinedText {
  readonly #send: (text: PrintedText) => void;
  #waiting: { name: PrintedText["name"]; parent: string; parts: string[]; chars: number } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (text: PrintedText) => void) {
    this.#send = send;
  }

  add({ name, parent, text }: PrintedText): void {
    const isSame = this.#waiting?.name === name && this.#waiting.parent === parent;
    if (this.#waiting && (!isSame || this.#waiting.chars > TEXT_CHARS)) this.flush(isSame);
    this.#waiting ??= { name, parent, parts: [], chars: 0 };
    this.#timer ??= setTimeout(() => this.flush(), TEXT_MS);
    this.#waiting.parts.push(text);
    this.#waiting.chars += text.length;
  }

  /** Sends the text that waits. With `isCut`, more of it is to come: half a character waits for its other half. */
  flush(isCut = false): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#waiting) return;
    const { name, parent, parts } = this.#waiting;
    let text = parts.join("");
    this.#waiting = undefined;
    if (isCut && isHighSurrogate(text, text.length - 1)) {
      this.#waiting = { name, parent, parts: [text.slice(-1)], chars: 1 };
      text = text.slice(0, -1);
    }
    this.#send({ name, parent, text });
  }
}
