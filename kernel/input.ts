/** Questions to the person at the notebook: input_request out, input_reply in, one at a time. */
import { currentScope } from "./context.js";
import { KeyboardInterrupt } from "./executor.js";
import type { Request } from "./io.js";

interface Question {
  readonly ask: () => void;
  readonly resolve: (answer: string) => void;
  readonly reject: (error: Error) => void;
}

export class Inputs {
  private readonly questions: Question[] = [];

  constructor(private readonly send: (request: Request, content: object) => void) {}

  ask(prompt = "", { password = false }: { password?: boolean } = {}): Promise<string> {
    const cell = currentScope()?.cell;
    if (!cell?.allowStdin) {
      const message =
        "input() found no one to ask: this front end does not take questions. Set the value in the cell instead.";
      return Promise.reject(new Error(message));
    }
    const request: Request = { channel: "stdin", identities: cell.identities, header: cell.header };
    return new Promise((resolve, reject) => {
      const ask = () => this.send(request, { prompt: String(prompt), password });
      this.questions.push({ ask, resolve, reject });
      // A second question waits: a reply does not say which question it answers.
      if (this.questions.length === 1) ask();
    });
  }

  answer(value: string): void {
    this.questions.shift()?.resolve(value);
    this.questions[0]?.ask();
  }

  /** An interrupt takes all questions back. */
  cancel(): void {
    for (const question of this.questions.splice(0)) question.reject(new KeyboardInterrupt());
  }
}
