// `mulab verify`: what can be proved of a run from its bytes, its journal and its run.json, with none of the code that
// evolved it; then, as a check of its own, that the seed draws just this (draws.ts). Every check runs to its end and says
// what it looked at, so a damaged run is described whole. What only a signature could prove is in docs/trust.md.

import { hasCode, MulabError } from "../../core/errors.js";
import { type Event, effectiveEvents } from "../../core/event.js";
import { type Experiment, pretrainingTask, type TaskSpec } from "../../core/experiment.js";
import { hasOnlyNumbers, type LayerSummary, summarizeLayer } from "../../core/layer-codec.js";
import type { LayerId } from "../../core/model.js";
import { digestOf } from "../digest.js";
import { headerDifference, isTip, type RunReader, readRun } from "../folder.js";
import { lockOwner } from "../lock.js";
import { experimentProblem } from "../parse-experiment.js";
import { replayDraws } from "./draws.js";
import { resumeFailures } from "./resumes.js";
import { rootDrawFailures } from "./root-draw.js";
import {
  contentFailures,
  forgottenFailures,
  inheritanceFailures,
  named,
  privacyFailures,
  short,
} from "./rules.js";
import { type Walk, walkEvents } from "./walk.js";

/** One thing that was proved, or what speaks against it. */
interface Proof {
  readonly name: string;
  readonly ok: boolean;
  /** What was looked at, with counts. */
  readonly detail: string;
  readonly failures: readonly string[];
}

export interface VerifyReport {
  readonly dir: string;
  readonly ok: boolean;
  readonly checks: readonly Proof[];
  /** What could not be looked at, and why. */
  readonly uncovered: readonly string[];
  /** Hash over the effective events without their clocks, up to the first damaged line. */
  readonly digest: string;
  /** Hash of the last sound line, which vouches for every byte of run.json and of the journal before it: the same only for a copy of this folder. */
  readonly seal: string;
  /** The process that is writing the run, if any: what it does meanwhile is not covered. */
  readonly writer: number | null;
}

/** Verifies the run in `dir`; changes nothing. Throws run/not-a-run, run/newer-format, run/damaged where there is no run to verify. */
export async function verifyRun(dir: string): Promise<VerifyReport> {
  const run = await readRun(dir, { isUnchecked: true });
  for (let look = 1; ; look++) {
    const read = await readEvents(run);
    const report = await verifyEvents(run, read);
    if (report.ok || look === MOST_LOOKS) return report;
    // A running run removes layers that the events read so far still need: then its present state is looked at.
    if ((await readEvents(run)).events.length === read.events.length) return report;
  }
}

/** How often a run is looked at while it is being written. */
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
  const secret = [...walk.tasks.values()].filter((task) => task.access === "private").length;
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
      `${n(walk.live.length, "model")} that the run builds on have all their layers, which say of themselves what the journal says (${n(pruned, "layer")} of other models pruned, ${n(unused, "layer")} in use by none)`,
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

/** What the experiment asks of the events: its method and its schedule. */
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

/** What could not be looked at. */
function uncovered(run: RunReader, experiment: Experiment | null, [first]: readonly Event[]): string[] {
  const notes: string[] = [];
  if (first?.type === "run-started" && first.header === undefined)
    notes.push(
      "run.json is not covered by the journal, whose first event has no hash of it: an earlier mulab began this run",
    );
  if (first && run.tip === null && run.tipDamage === undefined)
    notes.push(
      "that no line is missing at the end of the journal: there is no tip.json that says how far it went",
    );
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

const n = (count: number, what: string, plural = `${what}s`): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? what : plural}`;
const size = (bytes: number): string => {
  const [amount, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${amount.toLocaleString("en-US", { maximumFractionDigits: amount < 10 ? 1 : 0 })} ${unit}`;
};

/** All events up to the first damaged line, and the hash of the last of them. */
async function readEvents(
  run: RunReader,
): Promise<{ events: Event[]; failures: readonly string[]; seal: string }> {
  const events: Event[] = [];
  let hasCome = run.tip === null;
  let seal = "";
  try {
    for await (const event of run.journal.read(0)) {
      events.push(event.event);
      hasCome ||= isTip(run, event);
      seal = event.hash;
    }
  } catch (error) {
    if (!hasCode(error, "journal/damaged")) throw error;
    return { events, failures: [error.message], seal };
  }
  const failures = [
    ...(run.tipDamage === undefined ? [] : [run.tipDamage]),
    ...(hasCome
      ? []
      : [
          `it is not the journal that had ${n(run.tip!.events, "event")} by tip.json: it was emptied, cut, rolled back or replaced`,
        ]),
  ];
  return { events, failures, seal };
}

/** What follows the last whole line: nothing, a line that is being written or that a crash tore, or what nobody should have written. */
async function tailOf(
  { journal }: RunReader,
  isWritten: boolean,
): Promise<{ note: string; failures: string[] }> {
  const tail = await journal.tail();
  if (!tail) return { note: "", failures: [] };
  const what = `${n(tail.bytes, "byte")} after the last whole line`;
  if (isWritten) return { note: ` (and ${what}, which is being written)`, failures: [] };
  if (tail.isTorn)
    return {
      note: ` (and ${what}: the beginning of a line that a crash tore, which counts for nothing)`,
      failures: [],
    };
  return {
    note: "",
    failures: [
      `${what} are not the beginning of a line: something else than mulab wrote them, or the line before lost its end`,
    ],
  };
}

/** Hashes every layer file and reads what it says of itself. */
async function readLayers({ store }: RunReader, walk: Walk) {
  const files = new Set<LayerId>();
  const summaries = new Map<LayerId, LayerSummary>();
  const failures: string[] = [];
  let bytes = 0;
  for (const id of await store.list()) {
    try {
      const content = await store.get(id);
      files.add(id);
      bytes += content.length;
      summaries.set(id, summarizeLayer(content, `Layer ${short(id)}`));
      if (!hasOnlyNumbers(content)) failures.push(`Layer ${short(id)} holds weights that are not numbers`);
    } catch (error) {
      if (!(error instanceof MulabError)) throw error;
      if (hasCode(error, "store/missing-layer")) continue; // removed just now; whether it is needed is for the models' check
      files.add(id);
      const users = walk.models.filter((model) => model.path?.some((layer) => layer.id === id));
      failures.push(
        `${error.message} ${users.length > 0 ? `In use by ${users.map(named).join(", ")}.` : "No model uses it."}`,
      );
    }
  }
  for (const stranger of await store.strangers()) failures.push(`${stranger} in ${store.dir} is not a layer`);
  return { files, summaries, bytes, failures };
}

/** run.json must belong to the run in the journal. */
function* headerFailures(run: RunReader, [first]: readonly Event[]): Generator<string> {
  const { header } = run;
  yield* experimentFailures(header, first);
  if (first?.type !== "run-started") return;
  const difference = headerDifference(run, first);
  if (difference)
    yield `run.json is not the file that the run began with: its sha256 is ${short(difference.found)}, not ${short(difference.expected)}`;
  if (first.format > 1 && first.header === undefined) yield "its first event has no hash of run.json";
  if (first.format !== header.format)
    yield `run.json has format ${header.format}, the journal ${first.format}`;
  const experiment = experimentOf(run);
  for (const seed of new Set([header.seed, experiment?.seed ?? header.seed]))
    if (first.seed !== seed) yield `run.json has seed ${seed}, but the run began with ${first.seed}`;
  if (!experiment) return;
  if (first.experiment !== experiment.name)
    yield `run.json has the experiment "${experiment.name}", the journal "${first.experiment}"`;
  // Who may read what is agreed before anything is trained.
  const [given, begun] = [accesses(experiment.tasks), accesses(first.tasks)];
  if (given !== begun) yield `run.json has the tasks ${given}, but the run began with ${begun}`;
}

/** The experiment, where it is one. */
const experimentOf = ({ header: { experiment } }: RunReader): Experiment | null =>
  experimentProblem(experiment) ? null : (experiment as unknown as Experiment);

/** Why run.json's experiment can't be read; the oldest runs may have its name alone. */
function* experimentFailures(
  { experiment }: RunReader["header"],
  first: Event | undefined,
): Generator<string> {
  const problem = experimentProblem(experiment);
  const isNamed = typeof experiment === "object" && experiment !== null && Object.keys(experiment).length > 1;
  const isOld = first?.type === "run-started" && first.header === undefined;
  if (problem && (isNamed || !isOld))
    yield `run.json's experiment${problem.path} is ${problem.found}; expected ${problem.expected}`;
}

const accesses = (tasks: readonly TaskSpec[]): string =>
  tasks
    .map(({ name, access }) => `"${name}" (${access})`)
    .sort()
    .join(", ");

/** The root's weights may come from no task that is private: every model builds on them. */
function* rootFailures(run: RunReader, { tasks }: Walk): Generator<string> {
  const made = pretrainingTask(experimentOf(run)?.root);
  if (made !== null && tasks.get(made)?.access === "private")
    yield `the root was pretrained on "${made}", which is private`;
}
