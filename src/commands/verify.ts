// `mulab verify`: what was proved, and what was found wrong; a non-zero exit where anything is.

import { verifyRun } from "../run/verify/verify.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

export async function verifyCommand(dir: string, options: JsonOption): Promise<void> {
  const verified = await verifyRun(dir);
  const stream = linesOf(options);
  for (const { ok, name, detail, failures } of verified.checks) {
    stream.write(`${ok ? "✓" : "✗"} ${name}: ${detail}\n`);
    for (const failure of failures) stream.write(`    ${failure}\n`);
  }
  for (const note of verified.uncovered) stream.write(`– not looked at: ${note}\n`);
  stream.write(
    verified.ok ? "The run is what it says.\n" : "The run is not what it says: see the lines marked ✗.\n",
  );
  printJson(options, verified);
  if (!verified.ok) process.exitCode = 1;
}
