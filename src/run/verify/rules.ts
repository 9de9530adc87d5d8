// mulab's promises, checked against a run: no parent changed, and private tasks stay private. Both follow from the events
// and the bytes of the layers; every violation is reported.

import { componentTensors, type Shape } from "../../core/components.js";
import type { LayerSummary } from "../../core/layer-codec.js";
import type { Layer, LayerId, Plan, TrainingSpan } from "../../core/model.js";
import { canonicalJson } from "../digest.js";
import { imageSizeOf } from "./path.js";
import { mayRead, type WalkedModel } from "./standing.js";
import type { Walk } from "./walk.js";

/** The headers of the sound layers. */
export type Summaries = ReadonlyMap<LayerId, LayerSummary>;

/** The first digits of a layer's name, for messages. */
export const short = (id: string): string => id.slice(0, 8);
const inWords = (history: readonly TrainingSpan[]): string =>
  history.length === 0 ? "nobody" : history.map(({ task, steps }) => `${task} ×${steps}`).join(", ");
const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

/** A model by number and task, for messages. */
export const named = ({ id, task }: WalkedModel): string => `model ${id} (${task ?? "root"})`;

/** How the layers of live models differ from the journal; a missing layer of another model was pruned. */
export function* contentFailures(walk: Walk, summaries: Summaries): Generator<string> {
  for (const model of walk.live)
    for (const { id, name } of layersOf(model, walk))
      if (!summaries.has(id)) yield `${named(model)} lacks its ${name}, layer ${short(id)}`;
  const seen = new Set<string>();
  for (const model of walk.models)
    for (const layer of layersOf(model, walk)) {
      const found = summaries.get(layer.id);
      const claim = `${layer.id} ${canonicalJson(layer)}`;
      if (!found || seen.has(claim)) continue;
      seen.add(claim);
      const where = `layer ${short(layer.id)} of ${named(model)}`;
      if (found.name !== layer.name) yield `${where} is ${found.name}, not ${layer.name}`;
      if (found.paramCount !== layer.paramCount)
        yield `${where} has ${found.paramCount} parameters, not ${layer.paramCount}`;
      if (!same(found.history, layer.history))
        yield `${where} was trained by ${inWords(found.history)}, not by ${inWords(layer.history)}`;
      if (!same(found.shapes, componentTensors(layer.name, shapeFor(layer, model.shape))))
        yield `${where} has tensors that its shape does not have`;
    }
}

/** The layers of a model; for the root, including its position embedding at every image size. */
const layersOf = (model: WalkedModel, { posembeds }: Walk): readonly Layer[] =>
  model.parent ? (model.path ?? []) : [...(model.path ?? []), ...posembeds];

/** The model's shape at the image size of a position embedding. */
const shapeFor = ({ name, paramCount }: Layer, shape: Shape): Shape =>
  name === "posembed_input" ? { ...shape, imageSize: imageSizeOf(paramCount, shape) } : shape;

/** Layers of children that don't come from their ancestors as planned, or trained ones that are not their source plus the child's training. */
export function* inheritanceFailures(walk: Walk): Generator<string> {
  for (const model of walk.models) {
    const { plan, parent } = model;
    if (!plan) continue;
    for (const { name, source } of plan.positions) {
      if (source.how === "init") continue;
      if (source.layer.name !== name || !same(ancestorsLayer(parent, source.layer.id, walk), source.layer))
        yield `${named(model)} ${source.how}s layer ${short(source.layer.id)} as ${name}, which no ancestor has`;
    }
    if (model.path) yield* pathFailures(model, plan, model.path);
  }
}

/** The layer of that name of the nearest of `model` and its ancestors, as the journal records it. */
function ancestorsLayer(model: WalkedModel | null, id: LayerId, walk: Walk): Layer | undefined {
  for (let at = model; at; at = at.parent) {
    const layer = layersOf(at, walk).find((found) => found.id === id);
    if (layer) return layer;
  }
  return undefined;
}

function* pathFailures(model: WalkedModel, plan: Plan, path: readonly Layer[]): Generator<string> {
  if (path.length !== plan.positions.length) {
    yield `${named(model)} has ${path.length} layers, but was planned with ${plan.positions.length}`;
    return;
  }
  const kept = new Set<number>();
  for (const [i, { name, source }] of plan.positions.entries()) {
    const layer = path[i]!;
    if (source.how === "share") {
      if (!same(layer, source.layer))
        yield `${named(model)} shares layer ${short(source.layer.id)} as ${name}, but has ${short(layer.id)} there`;
      continue;
    }
    const before = source.how === "clone" ? source.layer.history : [];
    const total = (history: readonly TrainingSpan[]) => history.reduce((sum, { steps }) => sum + steps, 0);
    const steps = total(layer.history) - total(before);
    if (layer.name !== name || !sameHistory(layer.history, [...before, { task: plan.task, steps }]))
      yield `${named(model)} has a ${layer.name} trained by ${inWords(layer.history)}, but ${source.how === "clone" ? `its source was trained by ${inWords(before)}` : "it was made anew"}`;
    else kept.add(steps);
  }
  const [steps, other] = kept;
  if (other !== undefined) yield `the layers of ${named(model)} were trained for different numbers of steps`;
  else if (steps !== undefined && !model.kept.includes(steps))
    yield `the layers of ${named(model)} were trained for ${steps} steps, but its best version for ${model.kept.join(" or ")}`;
}

/** Models with anything trained on another task's private data, judged by their ancestors, the journal and the bytes. */
export function* privacyFailures(walk: Walk, summaries: Summaries): Generator<string> {
  /** For each model, itself or its nearest ancestor of a private task; parents come first, so one pass is enough. */
  const secrets = new Map<WalkedModel, WalkedModel>();
  for (const model of walk.models) {
    const secret = model.parent ? secrets.get(model.parent) : undefined;
    if (secret && secret.task !== model.task)
      yield `${named(model)} descends from ${named(secret)}, which is private`;
    const nearest = model.access === "private" ? model : secret;
    if (nearest) secrets.set(model, nearest);
    const planned = (model.plan?.positions ?? []).flatMap(({ source }) =>
      "layer" in source ? [source.layer] : [],
    );
    const layers = new Map([...planned, ...(model.path ?? [])].map((layer) => [layer.id, layer]));
    for (const { id, name, history } of layers.values())
      for (const { task } of [...history, ...(summaries.get(id)?.history ?? [])])
        if (!mayRead(walk.tasks, model.task, task)) {
          yield `${named(model)} uses ${name}, layer ${short(id)}, which was trained on "${task}"`;
          break;
        }
    yield* forgottenHistory(model, summaries);
  }
}

/** The history in a clone's bytes must begin with that of its source. */
function* forgottenHistory(model: WalkedModel, summaries: Summaries): Generator<string> {
  for (const [i, { name, source }] of (model.plan?.positions ?? []).entries()) {
    const clone = summaries.get(model.path?.[i]?.id ?? ("" as LayerId));
    const origin = source.how === "clone" ? summaries.get(source.layer.id) : undefined;
    if (!clone || !origin) continue;
    const kept = merged(origin.history).every(({ task, steps }, s, all) => {
      const span = merged(clone.history)[s];
      // The last span may be longer, if the child is of the same task.
      return span?.task === task && (s < all.length - 1 ? span.steps === steps : span.steps >= steps);
    });
    if (!kept)
      yield `${named(model)} has a ${name} whose bytes forget that ${inWords(origin.history)} trained its source`;
  }
}

/** A history with adjacent spans of one task merged. */
function merged(history: readonly TrainingSpan[]): TrainingSpan[] {
  const whole: TrainingSpan[] = [];
  for (const { task, steps } of history) {
    const last = whole.at(-1);
    if (last?.task === task) whole[whole.length - 1] = { task, steps: last.steps + steps };
    else whole.push({ task, steps });
  }
  return whole;
}

/** Whether two histories are equal. */
const sameHistory = (a: readonly TrainingSpan[], b: readonly TrainingSpan[]): boolean =>
  JSON.stringify(merged(a)) === JSON.stringify(merged(b));

/** Layers left over from a forgotten task: none may be left of a private task, and of a public one only those that others use. */
export function* forgottenFailures(walk: Walk, summaries: Summaries): Generator<string> {
  const idsOf = (models: readonly WalkedModel[]) =>
    new Set(models.flatMap((model) => (model.path ?? []).map((layer) => layer.id)));
  const used = idsOf(walk.live);
  // A task that was added again has new models; the layers of its earlier ones must be gone all the same.
  const lawful = idsOf(walk.models.filter((model) => !model.forgotten));
  const earlier = new Set(walk.models.flatMap(({ forgotten, task }) => (forgotten && task ? [task] : [])));
  for (const [id, { name, history }] of summaries)
    for (const { task } of history) {
      const isLeft = walk.forgotten.has(task)
        ? !used.has(id) || walk.tasks.get(task)?.access !== "public"
        : earlier.has(task) && !lawful.has(id);
      if (isLeft) yield `layer ${short(id)} (${name}) was trained on "${task}", which was to be forgotten`;
    }
}

export const n = (count: number, what: string, plural = `${what}s`): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? what : plural}`;
