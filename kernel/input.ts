/**
 * Questions to the person at the notebook: input_request out, input_reply in.
 *
 * `input()` waits as any promise does; `prompt()`, `confirm()` and `alert()` stop everything, as in a browser; and `process.stdin` asks
 * whenever somebody reads it, so that readline works. A front end answers one question at a time.
 */
import { Readable } from "node:stream";
import { type CellContext, currentScope, runIn } from "./context.js";
import { nobodyToAsk } from "./errors.js";
import { KeyboardInterrupt } from "./executor.js";
import type { Request } from "./io.js";

interface Question {
  readonly ask: () => void;
  readonly resolve: (answer: string) => void;
  readonly reject: (error: Error) => void;
}

/** How questions leave; see Io. */
export interface AskHost {
  ask(request: Request, content: object): void;
  askAndWait(request: Request, content: object): string | null;
}

const requestOf = (cell: CellContext): Request => ({
  channel: "stdin",
  identities: cell.identities,
  header: cell.header,
});

export class Inputs {
  readonly #host: AskHost;
  readonly #questions: Question[] = [];
  #stdin: Readable | undefined;

  constructor(host: AskHost) {
    this.#host = host;
  }

  /** Puts `process.stdin`, `prompt`, `confirm` and `alert` where cells find them. */
  install(): void {
    Object.defineProperty(process, "stdin", { configurable: true, get: () => this.#openStdin() });
    const dialogs = {
      prompt: (message = "Prompt", initial?: string) => this.prompt(message, initial),
      confirm: (message = "Confirm") =>
        /^y(es)?$/i.test(this.#askNow("confirm()", `${message} [y/N] `).trim()),
      alert: (message = "Alert") => {
        this.#askNow("alert()", `${message} [Enter] `);
      },
    };
    for (const [name, value] of Object.entries(dialogs)) {
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
    }
  }

  /** Resolves with the answer. Rejects where the front end can't ask, and with KeyboardInterrupt when the cell is interrupted. */
  ask(prompt = "", { password = false }: { password?: boolean } = {}, caller = "input()"): Promise<string> {
    const cell = currentScope()?.cell;
    if (!cell?.allowStdin) return Promise.reject(nobodyToAsk(caller));
    return new Promise((resolve, reject) => {
      const ask = () => this.#host.ask(requestOf(cell), { prompt: String(prompt), password });
      this.#questions.push({ ask, resolve, reject });
      // A second question waits: a reply does not say which question it answers.
      if (this.#questions.length === 1) ask();
    });
  }

  /** As a browser's: the answer, or `initial` if it is empty. */
  prompt(message: string, initial?: string): string | null {
    const hint = initial === undefined ? "" : `[${initial}] `;
    const text = message.endsWith(" ") ? message : `${message} `;
    return this.#askNow("prompt()", text + hint) || (initial ?? "");
  }

  #askNow(caller: string, prompt: string): string {
    const cell = currentScope()?.cell;
    if (!cell?.allowStdin) throw nobodyToAsk(caller);
    const answer = this.#host.askAndWait(requestOf(cell), { prompt, password: false });
    if (answer === null) throw new KeyboardInterrupt();
    return answer;
  }

  answer(value: string): void {
    this.#questions.shift()?.resolve(value);
    this.#questions[0]?.ask();
  }

  /** An interrupt takes all questions back. */
  cancel(): void {
    for (const question of this.#questions.splice(0)) question.reject(new KeyboardInterrupt());
    this.#stdin?.destroy();
    this.#stdin = undefined;
  }

  /** The stream that asks for a line when it is read. A new one after an interrupt: a stream cannot take back a read. */
  #openStdin(): Readable {
    if (this.#stdin && !this.#stdin.destroyed) return this.#stdin;
    const ask = () => this.ask("", {}, "process.stdin");
    const stream = new Readable({
      read() {
        // The line belongs to the cell that reads, and a cell may read what an earlier one has opened.
        const scope = currentScope();
        ask().then(
          (line) => (scope ? runIn(scope, () => this.push(`${line}\n`)) : this.push(`${line}\n`)),
          (error: Error) => this.destroy(error instanceof KeyboardInterrupt ? undefined : error),
        );
      },
    });
    // readline asks for these of a terminal's input.
    this.#stdin = Object.assign(stream, { fd: 0, isTTY: false, ref: () => stream, unref: () => stream });
    return this.#stdin;
  }
}
