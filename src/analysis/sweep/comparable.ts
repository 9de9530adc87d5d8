// Whether one of our numbers is comparable with a published one at all, and if not, why. The conditions, in this order: the
// same root, the paper's budget, the same tasks with as many training images. Parameters of a baseline need only the same
// shape and tasks; core-hours are never comparable, because the cores differ.

import type { Variant } from "../../core/variant.js";
import type { Benchmark, Target } from "../paper/target.js";
import type { SweepPoint } from "../point.js";

/** Training images may differ by this share, because the papers print rounded sizes. */
const SIZE_TOLERANCE = 0.02;

/** Why `points` can't be compared with `target`; empty if they can. */
export function reasonsAgainst(
  target: Target,
  benchmark: Benchmark,
  points: readonly SweepPoint[],
): readonly string[] {
  const first = points[0];
  if (!first) return ["not run"];
  if (target.quantity === "core-hours") return ["other cores: the paper's are TPU cores"];
  const tasks = taskReasons(target, benchmark, first);
  if (isFixedSize(target, first)) return [...shapeReasons(benchmark, first), ...tasks.names];
  return [
    ...rootReasons(benchmark, first),
    ...budgetReasons(benchmark, first),
    ...tasks.names,
    ...tasks.sizes,
    ...repetitionReasons(target, points),
  ];
}

/** A baseline's parameters follow from its shape and its tasks' classes, whatever it was trained on. */
export const isFixedSize = ({ quantity }: Target, { variant }: SweepPoint): boolean =>
  quantity === "params" && isBaseline(variant);

function rootReasons({ checkpoint, after }: Benchmark, point: SweepPoint): string[] {
  return [
    ...(point.checkpoint?.startsWith(checkpoint) ? [] : [`other root: ${point.root}`]),
    ...(after === undefined ? [] : [`the paper's network had been trained on ${after}`]),
  ];
}

/** A paper budget may have been reduced (`--set generations=1`), so this counts what was done. */
function budgetReasons(benchmark: Benchmark, { budget, variant, tasks, cost }: SweepPoint): string[] {
  const { children, cycles, examplesPerCycle } = benchmark;
  const ours = tasks[0]?.children;
  if (budget !== "paper") {
    const counts =
      variant.method === "munet" && ours !== undefined ? `, ${ours} of ${children} children per task` : "";
    return [`smaller budget: ${budget}${counts}`];
  }
  const asked = children * cycles;
  const replicas = isBaseline(variant) ? REPLICAS : children;
  const other = tasks.find(
    // Counts whole children: one that diverges ends early, but that is not a smaller budget.
    (model) =>
      model.children !== replicas || Math.ceil(model.validations / model.children) !== asked / replicas,
  );
  if (other) {
    const size = other.validations > asked ? "larger" : "smaller";
    return [`${size} budget: ${other.validations} of ${asked} validations per task`];
  }
  const examples = tasks.reduce(
    (sum, { validations, images }) => sum + validations * Math.min(images.train, examplesPerCycle),
    0,
  );
  return cost.examples < examples
    ? [`smaller budget: ${cost.examples} of ${examples} training examples`]
    : [];
}

/** How often a baseline is fine-tuned, each time for as many validations as a whole lineage of muNet has (§f). */
const REPLICAS = 8;

const isBaseline = ({ method }: Variant): boolean => method !== "munet" && method !== "custom";

function shapeReasons({ blocks, width }: Benchmark, { tasks }: SweepPoint): string[] {
  const model = tasks[0];
  const ours = model?.layers.find(({ name }) => name === "cls")?.paramCount;
  return model?.hyperparams.blocks === blocks && ours === width ? [] : ["a root of another size"];
}

/** Which tasks differ, by name and by training images. A baseline's number for one task requires only that task. */
function taskReasons(
  { task, variant }: Target,
  benchmark: Benchmark,
  point: SweepPoint,
): { names: string[]; sizes: string[] } {
  const isAlone = task !== null && !/^(munet|mu2net)/.test(variant ?? "");
  const asked = benchmark.tasks.filter((published) => !isAlone || published.task === task);
  const found = asked.filter((published) => point.tasks.some((model) => model.task === published.task));
  if (isAlone && found.length === 0) return { names: ["the task was not run"], sizes: [] };
  const extra = isAlone ? 0 : point.tasks.length - found.length;
  const names =
    found.length === asked.length && extra === 0
      ? []
      : [
          `other tasks: ${found.length} of ${asked.length} are the paper's${extra > 0 ? `, ${extra} are not` : ""}`,
        ];
  const smaller = found.flatMap(({ task: name, train }) => {
    const ours = point.tasks.find((model) => model.task === name)!.images.train;
    if (train === null || Math.abs(ours - train) <= SIZE_TOLERANCE * train) return [];
    return [`${name} has ${ours} of ${train}`];
  });
  const others = smaller.length > 1 ? ` and ${smaller.length - 1} more tasks` : "";
  return { names, sizes: smaller.length === 0 ? [] : [`other training images: ${smaller[0]}${others}`] };
}

/** A maximum grows with the number of draws. */
function repetitionReasons({ quantity, runs }: Target, points: readonly SweepPoint[]): string[] {
  const isMaximum = quantity === "test-max" || quantity === "test-ratio";
  return isMaximum && runs !== null && points.length !== runs
    ? [`best of ${points.length} against best of ${runs} runs`]
    : [];
}
