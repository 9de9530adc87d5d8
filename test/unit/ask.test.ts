import { PassThrough, Writable } from "node:stream";
import { expect, test } from "vitest";
import { ask } from "../../src/commands/ask.js";

/** What is answered where the person types `keys`. */
async function typed(keys: string): Promise<string | null> {
  const input = new PassThrough();
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = ask("Start? [Y/n] ", input, output);
  input.write(keys);
  return answer;
}

test("an answer is the line that was typed", async () => {
  expect(await typed("no\n")).toBe("no");
  expect(await typed("\n")).toBe("");
});

test("Ctrl-C, Ctrl-D and a terminal that goes away are no answer, and no mistake of mulab's", async () => {
  expect(await typed("\x03")).toBeNull();
  expect(await typed("\x04")).toBeNull();
  const input = new PassThrough();
  const answer = ask("Start? [Y/n] ", input, new PassThrough());
  input.end();
  expect(await answer).toBeNull();
});
