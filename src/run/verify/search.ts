// For `mulab verify`: which parent a child may have, and how it may differ from it (method.md §b, §d.1–3). This covers what
// is possible; draws.ts covers what was drawn.

import {
  type ComponentName,
  componentKind,
  componentNames,
  componentParamCount,
} from "../../core/components.js";
import type { ParentRule } from "../../core/event.js";
import {
  type HyperparamName,
  type Hyperparams,
  type HyperparamValue,
  type Mutation,
  PREPROCESSING,
  type Preprocessing,
} from "../../core/hyperparams.js";
import type { Method } from "../../core/methods.js";
import type { Layer, ModelId, Plan, TaskName } from "../../core/model.js";
import { canonicalJson } from "../digest.js";
import { bestOf } from "./selection.js";
import {
  barredAncestor,
  isLocked,
  liveLineage,
  type Open,
  type Standing,
  type WalkedModel,
} from "./standing.js";

/** The seeds of an activation are the survivors of all other tasks that it may read, and the root. */
export function* seedFailures(
  task: TaskName,
  seeds: readonly ModelId[],
  method: Method,
  { retained, models }: Standing,
): Generator<string> {
  const others = [...retained].filter(
    ([owner, id]) => owner !== task && !barredAncestor(models.get(id)!, task),
  );
  const due = method.parents === "root" ? [0] : [0, ...others.map(([, id]) => id)];
  const missing = due.filter((id) => !seeds.includes(id));
  if (missing.length > 0) yield `the seeds lack model ${missing.join(", ")}`;
  if (method.parents === "root" && seeds.length > 1) yield "only the root may be a seed";
  if (method.parents === "seeds-first" && seeds.some((id, i) => id > (seeds[i - 1] ?? id)))
    yield "the seeds are not in the order newest first";
}

/** The rule that found a parent must be able to find it. */
export function* parentRuleFailures(
  { parent }: Plan,
  rule: ParentRule,
  method: Method,
  { seeds, seedsUsed, candidates }: Open,
): Generator<string> {
  const next = method.parents === "seeds-first" ? seeds[seedsUsed] : undefined;
  if (method.parents === "root") {
    if (rule !== "root" || parent !== 0) yield `the method always starts from the root, not by "${rule}"`;
  } else if (next !== undefined) {
    if (rule !== "seed-unmutated" || parent !== next)
      yield `seed ${next} is to have its unmutated child first, not model ${parent} one by "${rule}"`;
  } else if (rule === "active") {
    if (!candidates.includes(parent)) yield `model ${parent} is not a candidate, as "active" says`;
  } else if (rule === "seed") {
    if (method.parents === "seeds-first" || !seeds.includes(parent))
      yield `model ${parent} is not a seed to draw from, as "seed" says`;
  } else if (rule !== "uniform") yield `the method finds no parent by "${rule}"`;
}

/** A generation's preprocessing is that of the task's best model, or the defaults, each value stepped at most once. §0-4. */
export function* preprocessingFailures(
  found: Preprocessing,
  method: Method,
  standing: Standing,
  open: Open,
): Generator<string> {
  const candidates = open.candidates.map((id) => standing.models.get(id)!);
  const best = bestOf(candidates, method, standing);
  const bases = best.length > 0 ? best.map(({ hyperparams }) => hyperparams) : [method.defaults];
  // muNet mutates nothing while a seed waits for its unmutated child.
  const settled = method.parents === "seeds-first" && open.seedsUsed < open.seeds.length;
  const probability = (base: Hyperparams): number =>
    method.preprocessingProbability === "default"
      ? method.defaults.mutationProbability
      : base.mutationProbability;
  const problems = bases.map((base) =>
    PREPROCESSING.filter((name) => {
      const may = !settled && probability(base) > 0;
      return !(found[name] === base[name] || (may && isStep(name, base[name], found[name], method)));
    }).map((name) => `${name} ${base[name]} can't become ${found[name]} in a generation's preprocessing`),
  );
  if (problems.every((list) => list.length > 0)) yield* problems[0]!;
}

/** Whether a search may change `name` from one value to another: to a neighbour or, for values that are not numbers and if the method says so, to any other. §b.3. */
function isStep(name: HyperparamName, from: HyperparamValue, to: HyperparamValue, method: Method): boolean {
  const values: readonly HyperparamValue[] | undefined = method.search[name];
  if (!method.tuneHyperparams || !values) return false;
  const [a, b] = [values.indexOf(from), values.indexOf(to)];
  if (a < 0 || b < 0) return false;
  const jumps = method.categoricalSteps === "any" && typeof from !== "number";
  return jumps || Math.abs(a - b) <= 1;
}

/** Every respect in which a child may differ from its parent. */
export function* mutationFailures(
  plan: Plan,
  rule: ParentRule,
  parent: WalkedModel,
  preprocessing: Preprocessing | null,
  method: Method,
  standing: Standing,
): Generator<string> {
  const { child, hyperparams } = plan;
  const mutates = rule !== "seed-unmutated";
  const what = mutates ? `model ${child}` : `model ${child}, an unmutated child,`;
  const problems = [
    ...hyperparamProblems(hyperparams, parent.hyperparams, mutates, preprocessing, method),
    ...adapterProblems(plan, parent, mutates, method),
    ...positionProblems(plan, parent, mutates, method, standing),
  ];
  for (const problem of problems) yield `${what} ${problem}`;
  if (problems.length === 0) yield* mutationProblems(plan, parent, mutates, method, standing);
}

function* hyperparamProblems(
  child: Hyperparams,
  parent: Hyperparams,
  mutates: boolean,
  preprocessing: Preprocessing | null,
  method: Method,
): Generator<string> {
  // A draw uses the parent's µ, or the child's own once µ itself has been drawn; a µ of 0 never changes.
  const may = mutates && parent.mutationProbability > 0;
  const shared = method.preprocessing === "per-generation" ? preprocessing : null;
  for (const name of Object.keys(child) as HyperparamName[]) {
    const value = child[name];
    const given = shared && name in shared;
    const from = given ? shared[name as keyof Preprocessing] : parent[name];
    if (value === from) continue;
    if (given) yield `has ${name} ${value}, but its generation has ${from}`;
    else if (name === "blocks") {
      if (!(may && isDepthStep(from as number, value as number, method)))
        yield `has ${value} blocks, which its parent's ${from} can't become`;
    } else if (!(may && isStep(name, from, value, method)))
      yield `has ${name} ${value}, which its parent's ${from} can't become`;
  }
}

/** §0-6, §b.7: a step of one block within the range, or the top one removed. */
function isDepthStep(from: number, to: number, { depth, blocksRange: [least, most] }: Method): boolean {
  if (least === most) return false;
  if (depth === "remove-top") return to === Math.max(least, from - 1);
  return to >= least && to <= most && Math.abs(from - to) === 1;
}

function* adapterProblems(
  { shape }: Plan,
  parent: WalkedModel,
  mutates: boolean,
  method: Method,
): Generator<string> {
  const { adapters, blocks } = shape;
  const had = parent.shape.adapters;
  if (adapters.some((slot, i) => slot <= (adapters[i - 1] ?? -1) || slot >= blocks)) {
    yield `has adapters at ${adapters.join(", ")} of ${blocks} blocks`;
    return;
  }
  if (!mutates) {
    if (String(adapters) !== String(had)) yield `has adapters at ${adapters}, its parent at ${had}`;
    return;
  }
  const first = method.adapterPlaces === "between-blocks" ? 1 : 0;
  for (let slot = 0; slot < blocks; slot++) {
    const has = adapters.includes(slot);
    if (slot >= first && had.includes(slot) && !has) yield `lacks its parent's adapter at ${slot}`;
    if (slot < first && has) yield `has an adapter at ${slot}, where the method puts none`;
    if (slot < first || had.includes(slot)) continue;
    if (has && !method.insertAdapters) yield `has a new adapter at ${slot}, but the method inserts none`;
    if (!has && method.insertAdapters && method.adapterSlots === "all")
      yield `has no adapter at ${slot}, but the method puts one everywhere`;
  }
}

/** For every layer: its required source in the live lineage, and whether it may be shared or copied. §b.1-4. */
function* positionProblems(
  plan: Plan,
  parent: WalkedModel,
  mutates: boolean,
  method: Method,
  standing: Standing,
): Generator<string> {
  const { positions, shape, hyperparams } = plan;
  const names = componentNames(shape);
  if (String(positions.map(({ name }) => name)) !== String(names)) {
    yield `is planned with ${positions.map(({ name }) => name)}, but its shape has ${names}`;
    return;
  }
  const lineage = liveLineage(parent);
  const mu = hyperparams.mutationProbability;
  for (const { name, source } of positions) {
    const due = inheritedLayer(name, plan, lineage, standing);
    if (!due) {
      if (source.how !== "init") yield `${source.how}s a ${name}, but its lineage has none for it`;
      continue;
    }
    if (source.how === "init") {
      yield `begins a new ${name}, but its lineage has one`;
      continue;
    }
    if (source.layer.id !== due.id) {
      yield `${source.how}s another ${name} than the nearest of its lineage`;
      continue;
    }
    const must = mustClone(name, due, plan.task, mutates, method, standing);
    if (source.how === "share" && (must || (mutates && mu >= 1)))
      yield `shares its ${name}, which it must copy and train`;
    if (source.how === "clone" && !must && !(mutates && mu > 0))
      yield `copies its ${name}, which it must share`;
  }
}

/** The nearest layer of that name and size in the live lineage, or the root's embedding of that size; a head only if it is the task's own. */
function inheritedLayer(
  name: ComponentName,
  { shape, task }: Plan,
  lineage: readonly WalkedModel[],
  standing: Standing,
): Layer | undefined {
  const size = componentParamCount(name, shape);
  const fits = (layer: Layer): boolean => layer.name === name && layer.paramCount === size;
  for (const { path } of lineage) {
    const layer = path?.find(fits);
    if (layer && !(name === "head" && isLocked(standing, layer.id, task))) return layer;
  }
  return standing.posembeds.find(fits);
}

/** Whether nothing is drawn for a layer: the head, layers that nobody else uses (§0-1), and those that the method always copies. */
function mustClone(
  name: ComponentName,
  layer: Layer,
  task: TaskName,
  mutates: boolean,
  { autoCloneUnlocked, forceClone }: Method,
  standing: Standing,
): boolean {
  if ((autoCloneUnlocked || name === "head") && !isLocked(standing, layer.id, task)) return true;
  return mutates && (forceClone.includes(name) || forceClone.includes(componentKind(name)));
}

/** The changes that a plan lists must be its actual changes. */
function* mutationProblems(
  plan: Plan,
  parent: WalkedModel,
  mutates: boolean,
  method: Method,
  standing: Standing,
): Generator<string> {
  const { child, hyperparams, positions, mutations, task } = plan;
  const had = new Set((parent.path ?? []).map(({ name }) => name));
  const has = new Set(positions.map(({ name }) => name));
  const due: Mutation[] = [];
  for (const name of Object.keys(hyperparams) as HyperparamName[])
    if (hyperparams[name] !== parent.hyperparams[name])
      due.push({ kind: "step", name, from: parent.hyperparams[name], to: hyperparams[name] });
  for (const { name, source } of positions)
    if (name !== "head" && !had.has(name))
      due.push({ kind: source.how === "init" ? "insert" : "recover", component: name });
  for (const name of had) if (!has.has(name)) due.push({ kind: "remove", component: name });

  const drawn = new Map<string, boolean>(); // by component: whether a draw is the only possible reason for its copy
  for (const { name, source } of positions)
    if (source.how === "clone") {
      const isUnlocked = !isLocked(standing, source.layer.id, task);
      if ((method.autoCloneUnlocked || name === "head") && isUnlocked) continue;
      drawn.set(name, !mustClone(name, source.layer, task, mutates, method, standing));
    }
  const clones = mutations.flatMap((m) => (m.kind === "clone" ? [m.component] : []));
  const recorded = new Set(mutations.filter(({ kind }) => kind !== "clone").map(canonicalJson));
  const isTold =
    due.every((mutation) => recorded.has(canonicalJson(mutation))) &&
    mutations.length === due.length + new Set(clones).size &&
    clones.every((name) => drawn.has(name)) &&
    [...drawn].every(([name, only]) => !only || clones.includes(name));
  if (!isTold) yield `model ${child} does not say of itself how it differs from its parent`;
}
