// `mulab verify`: what can be proved about a run from its bytes, its journal and its run.json, without the code that evolved
// it; then, as a separate check, that the seed draws exactly this (draws.ts). Every check runs to its end and says what it
// examined, so a damaged run is described completely. docs/trust.md lists what only a signature could prove.

import { type Event, effectiveEvents } from "../../core/event.js";
import type { Experiment } from "../../core/experiment.js";
import { digestOf } from "../digest.js";
import { type RunReader, readRun } from "../folder.js";
import { lockOwner } from "../lock.js";
import { replayDraws } from "./draws.js";
import { experimentOf, headerFailures, rootFailures } from "./header-rules.js";
import { readEvents, readLayers, tailOf } from "./read.js";
import { resumeFailures } from "./resumes.js";
import { rootDrawFailures } from "./root-draw.js";
import {
  contentFailures,
  forgottenFailures,
  inheritanceFailures,
  n,
  privacyFailures,
  short,
} from "./rules.js";
import { type Walk, walkEvents } from "./walk.js";

/** A check: what was proved, or what contradicts it. */
interface Proof {
  readonly name: string;
  readonly ok: boolean;
  /** What was examined, with counts. */
  readonly detail: string;
  readonly failures: readonly string[];
}

export interface VerifyReport {
  readonly dir: string;
  readonly ok: boolean;
  readonly checks: readonly Proof[];
  /** What could not be checked, and why. */
  readonly uncovered: readonly string[];
  /** Hash over the effective events without their clocks, up to the first damaged line. */
  readonly digest: string;
  /** Hash of the last sound line, which vouches for every byte of run.json and of the journal before it, so only a copy of this folder has the same. */
  readonly seal: string;
  /** The process that is writing the run, if any; what it does meanwhile is not covered. */
  readonly writer: number | null;
}

/** Verifies the run in `dir`; changes nothing. Throws run/not-a-run, run/newer-format, run/damaged if there is no run to verify. */
export async function verifyRun(dir: string): Promise<VerifyReport> {
  const run = await readRun(dir, { isUnchecked: true });
  for (let look = 1; ; look++) {
    const read = await readEvents(run);
    const report = await verifyEvents(run, read);
    if (report.ok || look === MOST_LOOKS) return report;
    // A run in progress may remove layers that the events read so far still need; then its present state is examined.
    if ((await readEvents(run)).events.length === read.events.length) return report;
  }
}

/** How often a run is examined while it is being written. */
const MOST_LOOKS = 10;

async function verifyEvents(
  run: RunReader,
  { events, failures: chain, seal }: Awaited<ReturnType<typeof readEvents>>,
): Promise<VerifyReport> {
  const { dir } = run;
  const effective = effectiveEvents(events);
  const experiment = experimentOf(run);
  const walk = walkEvents(effective, experiment);
  const layers = await readLayers(run, walk);

  const madeVoid = events.filter((event) => event.type !== "run-resumed").length - effective.length;
  const resumes = events.filter((event) => event.type === "run-resumed").length;
  const paths = walk.models.filter((model) => model.path);
  const used = new Set([...paths.flatMap((model) => model.path!), ...walk.posembeds].map(({ id }) => id));
  const pruned = [...used].filter((id) => !layers.files.has(id)).length;
  const unused = [...layers.files].filter((id) => !used.has(id)).length;
  const secret = [...walk.tasks.values()].filter((task) => task.access !== "public").length;
  const shares = paths
    .flatMap((model) => model.plan?.positions ?? [])
    .filter(({ source }) => source.how === "share");

  const writer = (await lockOwner(dir))?.pid ?? null;
  const tail = chain.length > 0 ? { note: "", failures: [] } : await tailOf(run, writer !== null);
  const order = [...headerFailures(run, effective), ...resumeFailures(events), ...walk.failures.order];
  const checks = [
    proof("journal", `${n(events.length, "event")} in one unbroken chain of hashes${tail.note}`, [
      ...chain,
      ...tail.failures,
    ]),
    proof(
      "order",
      `${n(effective.length, "effective event")} make sense one after another (${n(resumes, "resume")} made ${n(madeVoid, "event")} void)`,
      order,
    ),
    ...(experiment ? methodProofs(walk, experiment, effective) : []),
    ...(experiment && order.length === 0 ? [await drawProof(run, experiment, effective)] : []),
    proof("layers", `${n(layers.files.size, "layer")} re-hashed, ${size(layers.bytes)}`, layers.failures),
    proof(
      "models",
      `${n(walk.live.length, "model")} that the run builds on have all their layers, whose headers agree with the journal (${n(pruned, "layer")} of other models pruned, ${n(unused, "layer")} in use by none)`,
      [...contentFailures(walk, layers.summaries)],
    ),
    proof(
      "no parent changed",
      `${n(paths.length, "model")}: all ${n(shares.length, "shared layer")} are the very layers of an ancestor, all others are a copy trained further or new`,
      [...inheritanceFailures(walk)],
    ),
    proof(
      "privacy",
      `${n(walk.models.length, "model")}: none holds, was planned with or descends from anything trained on another task's private data (${n(secret, "private task")})`,
      [...rootFailures(run, walk), ...privacyFailures(walk, layers.summaries)],
    ),
    ...(walk.forgotten.size > 0
      ? [
          proof(
            "forgotten",
            `no layer that is left was trained on ${[...walk.forgotten].map((task) => `"${task}"`).join(", ")}, except what other tasks use of a public one`,
            [...forgottenFailures(walk, layers.summaries)],
          ),
        ]
      : []),
  ];
  const ok = checks.every((check) => check.ok);
  return {
    dir,
    ok,
    checks,
    uncovered: uncovered(run, experiment, events),
    digest: digestOf(events),
    seal,
    writer,
  };
}

/** Checks of the events against the experiment's method and schedule. */
function methodProofs(walk: Walk, { method, training }: Experiment, events: readonly Event[]): Proof[] {
  const children = walk.models.length - 1;
  const validations = events.filter(({ type }) => type === "child-validated").length;
  const survivors = events.filter(({ type }) => type === "activation-ended").length;
  return [
    proof(
      "training",
      `${n(validations, "validation")} after the steps that the budget gives, ${n(training.cycles, "cycle")} for each child`,
      walk.failures.training,
    ),
    proof(
      "search",
      `${n(Math.max(0, children), "child", "children")} with a parent, hyperparameters and layers that ${method.name} can come to`,
      walk.failures.search,
    ),
    proof(
      "selection",
      `every child was kept if and only if it was good enough, and ${n(survivors, "activation")} retained the best candidate`,
      walk.failures.selection,
    ),
  ];
}

/** The draws are replayed where the events are in order. */
async function drawProof(
  { store }: RunReader,
  experiment: Experiment,
  events: readonly Event[],
): Promise<Proof> {
  const { plans, failures } = replayDraws(events, experiment);
  const root = events.find((event) => event.type === "root-added");
  const ofRoot = root ? await rootDrawFailures(root, experiment, store) : [];
  const what = experiment.root.kind === "random" ? "the root's weights and " : "";
  return proof("draws", `${what}${n(plans, "plan")} are the ones that seed ${experiment.seed} draws`, [
    ...ofRoot,
    ...failures,
  ]);
}

/** What could not be checked. */
function uncovered(run: RunReader, experiment: Experiment | null, [first]: readonly Event[]): string[] {
  const notes: string[] = [];
  if (first?.type === "run-started" && first.header === undefined)
    notes.push(
      "run.json is not covered by the journal, whose first event has no hash of it: an earlier version of mulab began this run",
    );
  if (first && run.tip === null && run.tipDamage === undefined)
    notes.push("whether lines are missing at the end of the journal: there is no tip.json to record its end");
  if (!experiment)
    return [
      ...notes,
      "run.json does not hold the whole experiment, so its schedule, its method and its draws could not be checked",
    ];
  const { root } = experiment;
  if (root.kind === "checkpoint")
    notes.push(`the root's weights were not compared with ${root.file} (sha256 ${short(root.sha256)}…)`);
  return notes;
}

const proof = (name: string, detail: string, failures: readonly string[]): Proof => ({
  name,
  ok: failures.length === 0,
  detail,
  failures,
});

const size = (bytes: number): string => {
  const [amount, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${amount.toLocaleString("en-US", { maximumFractionDigits: amount < 10 ? 1 : 0 })} ${unit}`;
};
