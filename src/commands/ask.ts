// Asks the person at the terminal a question.

import { createInterface } from "node:readline/promises";

/** The answer to `question`, or null after Ctrl-C or Ctrl-D. Both streams must be terminals, or stand-ins for them. */
export async function ask(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string | null> {
  const asking = createInterface({ input, output, terminal: true });
  // At Ctrl-D some versions of Node close without ever answering; at Ctrl-C all of them throw.
  const closed = new Promise<null>((resolve) => asking.once("close", () => resolve(null)));
  try {
    return await Promise.race([asking.question(question), closed]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ABORT_ERR") return null;
    throw error;
  } finally {
    asking.close();
  }
}
