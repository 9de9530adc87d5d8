// `mulab verify`: prints what was proved and what was found wrong, and exits non-zero if anything was. A folder can vouch
// only for itself; a digest that was noted elsewhere is an anchor outside it, and so is training again.

import { usage, valueNotValid } from "../core/errors/index.js";
import { plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { type ReplayReport, replayRun } from "../run/replay/replay.js";
import { type VerifyReport, verifyRun } from "../run/verify/verify.js";
import { dataProgress } from "./data-progress.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

interface VerifyCommandOptions extends JsonOption {
  readonly expect?: string;
  readonly replay?: number;
  readonly seed?: number;
  readonly images?: Readonly<Record<string, string>>;
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
  if (options.replay === undefined && (options.seed !== undefined || options.images !== undefined))
    throw usage("--seed and --images are for training children again: add --replay N.");
  const verified = await verifyRun(dir);
  const { digest, seal } = verified;
  const isExpected =
    expected === undefined || digest.startsWith(expected) || (seal !== "" && seal.startsWith(expected));
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
  const replay = await replayed(verified, options);
  const ok = verified.ok && isExpected && (replay?.ok ?? true);
  for (const note of verified.uncovered) stream.write(`– not checked: ${note}\n`);
  stream.write(`digest ${digest} (covers what happened; the same seed gives the same)\n`);
  if (seal !== "")
    stream.write(`seal   ${seal} (covers the journal and what its lines vouch for, byte for byte)\n`);
  stream.write(ok ? "The run is what it says.\n" : "The run is not what it says: see the lines marked ✗.\n");
  printJson(options, {
    ...verified,
    ok,
    ...(expected !== undefined && { isExpected }),
    ...(replay && { replay }),
  });
  if (!ok) process.exitCode = 1;
}

/** What a journal needs to be before its children can be trained again. */
const READABLE = ["journal", "order"];

/** Trains children again and prints what came of it; undefined where that was not asked for. */
async function replayed(
  { dir, checks }: VerifyReport,
  options: VerifyCommandOptions,
): Promise<ReplayReport | undefined> {
  const { replay: children, seed, images } = options;
  if (children === undefined) return undefined;
  const stream = linesOf(options);
  if (checks.some(({ name, ok }) => !ok && READABLE.includes(name))) {
    stream.write("– replay: nothing was trained again, because the journal can't be read as a whole\n");
    return undefined;
  }
  const shown = dataProgress(stream);
  const report = await replayRun(dir, {
    children,
    ...(seed !== undefined && { seed }),
    ...(images && { images }),
    onProgress: shown.show,
  }).finally(shown.end);
  stream.write(replayLines(report));
  return report;
}

function replayLines(report: ReplayReport): string {
  const { ok, replayed, of, failures, notReplayed, elsewhere } = report;
  const drawn = `${plural(replayed.length, "child", "children")} of ${of}, drawn by seed ${report.seed}, trained again`;
  const lines = [
    ok
      ? said`✓ replay: ${drawn}: every score and every byte is that of the journal`
      : said`✗ replay: ${drawn}: ${plural(failures.length, "difference")}`,
    ...failures.map((failure) => said`    ${failure}`),
    ...(failures.length > 0 && elsewhere.length > 0
      ? [
          said`    The run was made elsewhere (${elsewhere.join("; ")}), which may change the last bits of results.`,
        ]
      : []),
    ...(ok ? [said`    ${provedBy(report)}`] : []),
    ...notReplayed.map(
      ({ task, children, why }) =>
        said`– not replayed: ${plural(children, "child", "children")} of ${task}: ${why}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** What a replay without differences proves, in a sentence. */
function provedBy({ replayed, of, shareBound, countBound }: ReplayReport): string {
  if (replayed.length === 0) return "This proves nothing: there is no child that could be trained again.";
  if (replayed.length === of) return "These are all children that could be trained again: none is forged.";
  return `With 95 % confidence fewer than ${percentUp(shareBound)} of them are forged: at most ${countBound} of the ${of}.`;
}

/** Rounded up, so that the sentence stays true: 4.95 % is fewer than 5 %. */
const percentUp = (share: number): string => `${(Math.ceil(1000 * share) / 10).toFixed(1)} %`;
