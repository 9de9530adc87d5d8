// Checks events at the file boundary, field by field. A new field of an event does not compile until it is checked here.

import { isAccess } from "../core/access.js";
import type { Backbone, ComponentName, Shape } from "../core/components.js";
import { eventNotValid } from "../core/errors/index.js";
import type { Clock, Event, EventBody, Outcome, Splits, TaskRecord } from "../core/event.js";
import type { FixedMetrics } from "../core/formula.js";
import type { Mutation } from "../core/hyperparams.js";
import { isComponentName } from "../core/layer-codec.js";
import type { Access, Layer, LayerId, Plan, Position, Source, TrainingSpan } from "../core/model.js";
import type { LabelKeeping, OwnImages } from "../core/task.js";
import {
  type Check,
  count,
  flag,
  list,
  name,
  number,
  object,
  oneOf,
  orNull,
  positive,
  record,
  share,
  text,
  that,
  variants,
} from "./check.js";
import { isLayerId } from "./layer-id.js";
import { hyperparamName, hyperparams, hyperparamValue, preprocessing } from "./parse-hyperparams.js";
import { scoreFormula, settings } from "./parse-settings.js";

const component = that<ComponentName>("a component of a ViT", isComponentName);

/** The place of a person's own images. */
export const ownImages = object<OwnImages>(
  { path: name },
  { imageSize: positive, validation: share, test: share, seed: count, followLinks: flag },
);
export const labelKeeping = object<LabelKeeping>({ flip: flag, areaMin: share, hue: flag });

export const access = that<Access>('"public", "private", or a list of tasks', isAccess);

const task = object<TaskRecord>(
  {
    name,
    access,
    classes: positive,
    train: count,
    validation: count,
    test: count,
    fingerprint: text,
    source: text,
  },
  { classNames: list(text), keeps: labelKeeping },
);

const structural = object<Extract<Mutation, { component: string }>>({
  kind: oneOf("clone", "insert", "remove", "recover"),
  component: text,
});
const mutation = variants<Mutation, "kind">("kind", {
  step: object<Extract<Mutation, { kind: "step" }>>({
    kind: oneOf("step"),
    name: hyperparamName,
    from: hyperparamValue,
    to: hyperparamValue,
  }),
  clone: structural,
  insert: structural,
  remove: structural,
  recover: structural,
});

export const backbone = object<Backbone>({
  name,
  patch: positive,
  width: positive,
  mlp: positive,
  heads: positive,
});
const shape = object<Shape>({
  backbone,
  imageSize: positive,
  blocks: count,
  adapters: list(count),
  adapterDim: count,
  classes: positive,
});

const layer = object<Layer>({
  name: component,
  id: that<LayerId>("64 hexadecimal digits", isLayerId),
  paramCount: count,
  history: list(object<TrainingSpan>({ task: name, steps: count })),
});
const path = list(layer);

type From<How> = Extract<Source, { how: How }>;
const source = variants<Source, "how">("how", {
  share: object<From<"share">>({ how: oneOf("share"), layer }),
  clone: object<From<"clone">>({ how: oneOf("clone"), layer }),
  init: object<From<"init">>({ how: oneOf("init") }),
});

const plan = object<Plan>(
  {
    child: count,
    parent: count,
    task: name,
    shape,
    positions: list(object<Position>({ name: component, source })),
    hyperparams,
    mutations: list(mutation),
    reference: orNull(number),
    sizeFactor: number,
  },
  {
    formula: object<NonNullable<Plan["formula"]>>({
      score: scoreFormula,
      metrics: object<FixedMetrics>({
        params: number,
        accountedParams: number,
        rootParams: number,
        flops: number,
        rootFlops: number,
      }),
    }),
  },
);

type Ended<Result> = Extract<Outcome, { result: Result }>;
const outcome = variants<Outcome, "result">("result", {
  discarded: object<Ended<"discarded">>({ result: oneOf("discarded") }),
  improved: object<Ended<"improved">>({ result: oneOf("improved"), score: number, path }),
  failed: object<Ended<"failed">>({ result: oneOf("failed"), code: text, message: text }),
});

const clock = object<Clock>(
  {},
  {
    at: number,
    trainMs: number,
    engineMs: number,
    wallMs: number,
    threads: positive,
    images: record(ownImages),
  },
);

/** A mean loss can overflow, which JSON can't express, so it is stored as text. */
const NOT_FINITE = ["NaN", "Infinity", "-Infinity"];
const loss = that<number>(
  "a number",
  (value) => typeof value === "number" || NOT_FINITE.includes(value as string),
);

type Body<Type extends EventBody["type"]> = Extract<EventBody, { type: Type }>;
type OptionalKeys<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never }[keyof T];
type Fields<T> = { readonly [K in Exclude<keyof T, "type" | OptionalKeys<T>>]: Check<T[K]> };
type MoreFields<T> = { readonly [K in OptionalKeys<T>]-?: Check<Exclude<T[K], undefined>> };
/** An event of `type` with these fields, perhaps those `more`, and perhaps a clock. */
const event = <Type extends EventBody["type"]>(
  type: Type,
  fields: Fields<Body<Type>>,
  ...[more]: keyof MoreFields<Body<Type>> extends never ? [] : [MoreFields<Body<Type>>]
) =>
  object({ type: oneOf(type), ...fields } as never, { ...more, clock } as never) as Check<
    Body<Type> & { clock?: Clock }
  >;

const iteration = count;
const generation = count;
const model = count;
const child = count;
const events = variants<Event, "type">("type", {
  "run-started": event(
    "run-started",
    { format: positive, experiment: text, seed: count, tasks: list(task) },
    { header: that<string>("64 hexadecimal digits", isLayerId) },
  ),
  "root-added": event("root-added", { shape, hyperparams, path }, { posembeds: path }),
  "activation-started": event("activation-started", { iteration, task: name, seeds: list(model) }),
  "generation-started": event("generation-started", {
    generation,
    preprocessing: preprocessing,
  }),
  "child-planned": event("child-planned", {
    plan,
    rule: oneOf("active", "seed", "seed-unmutated", "uniform", "root"),
  }),
  "child-validated": event("child-validated", { child, cycle: count, steps: count, accuracy: share, loss }),
  "child-finished": event("child-finished", { child, outcome }),
  "generation-ended": event("generation-ended", { generation }),
  "activation-ended": event("activation-ended", { iteration, task: name, retained: orNull(model) }),
  "model-tested": event("model-tested", { model, testAccuracy: share }),
  "run-ended": event("run-ended", {}),
  "run-extended": event(
    "run-extended",
    { tasks: list(task), schedule: list(name) },
    { settings, title: name },
  ),
  "run-merged": event("run-merged", {
    since: count,
    experiment: text,
    digest: that<string>("64 hexadecimal digits", isLayerId),
    tasks: list(task),
    schedule: list(name),
    settings,
    splits: object<Splits>({ seed: count, validation: share }, { limit: positive, imageSize: positive }),
  }),
  "merge-ended": event("merge-ended", { settings }, { prefer: oneOf("first", "second") }),
  "task-forgotten": event("task-forgotten", { task: name }),
  "run-resumed": event("run-resumed", { kept: count }),
});

function check(value: unknown): Event {
  const problem = events(value);
  if (problem) throw eventNotValid(`event${problem.path}`, problem.found, problem.expected);
  return value as Event;
}

/** Parses an event. Throws journal/not-valid-event with the path of the first wrong field. */
export function parseEvent(json: unknown): Event {
  const parsed = check(json);
  if (parsed.type !== "child-validated" || typeof parsed.loss === "number") return parsed;
  return { ...parsed, loss: Number(parsed.loss) };
}

/** `event` as JSON that `parseEvent` reads back as the same event. Throws journal/not-valid-event if it can't. */
export function serializeEvent(event: Event): string {
  check(event);
  return JSON.stringify(jsonReady(event));
}

/** `event` with a loss that JSON can hold. */
export const jsonReady = (event: Event): object =>
  event.type === "child-validated" && !Number.isFinite(event.loss)
    ? { ...event, loss: String(event.loss) }
    : event;
