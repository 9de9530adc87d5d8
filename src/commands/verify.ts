// `mulab verify`: prints what was proved and what was found wrong, and exits non-zero if anything was. A folder can vouch
// only for itself; a digest that was noted elsewhere is an anchor outside it.

import { valueNotValid } from "../core/errors/index.js";
import { said } from "../format/plain.js";
import { verifyRun } from "../run/verify/verify.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

interface VerifyCommandOptions extends JsonOption {
  readonly expect?: string;
}

/** Short enough to copy by hand, long enough that no other run matches it by chance. */
const LEAST_DIGITS = 16;

export async function verifyCommand(dir: string, options: VerifyCommandOptions): Promise<void> {
  const expected = options.expect?.toLowerCase();
  if (expected !== undefined && !(/^[0-9a-f]{1,64}$/.test(expected) && expected.length >= LEAST_DIGITS))
    throw valueNotValid(
      "--expect",
      options.expect,
      `a digest or a seal that \`mulab verify\` printed, 64 hexadecimal digits or at least the first ${LEAST_DIGITS}`,
    );
  const verified = await verifyRun(dir);
  const { digest, seal } = verified;
  const isExpected =
    expected === undefined || digest.startsWith(expected) || (seal !== "" && seal.startsWith(expected));
  const ok = verified.ok && isExpected;
  const stream = linesOf(options);
  for (const { ok, name, detail, failures } of verified.checks) {
    stream.write(said`${ok ? "✓" : "✗"} ${name}: ${detail}\n`);
    for (const failure of failures) stream.write(said`    ${failure}\n`);
  }
  if (expected !== undefined)
    stream.write(
      isExpected
        ? `✓ expected: it is ${expected}\n`
        : `✗ expected: neither the digest nor the seal is ${expected}: this is another run, or it has changed since\n`,
    );
  for (const note of verified.uncovered) stream.write(`– not checked: ${note}\n`);
  stream.write(`digest ${digest} (covers what happened; the same seed gives the same)\n`);
  if (seal !== "")
    stream.write(`seal   ${seal} (covers the journal and what its lines vouch for, byte for byte)\n`);
  stream.write(ok ? "The run is what it says.\n" : "The run is not what it says: see the lines marked ✗.\n");
  printJson(options, { ...verified, ok, ...(expected !== undefined && { isExpected }) });
  if (!ok) process.exitCode = 1;
}
