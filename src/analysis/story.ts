// The ancestor story of a model: the tasks that its ancestors were made for, what they learned and what changed on the way
// from the root. µ2Net §5.5 tells it by hand for one model; here it is data and one paragraph of text. Ancestors are counted
// from the oldest, without the root and the model itself, as in muNet's Fig. 6.

import type { HyperparamName, HyperparamValue, Mutation } from "../core/hyperparams.js";
import type { LayerId, Model, ModelId, TaskName } from "../core/model.js";
import type { State } from "../core/state.js";
import { mutationWords } from "../format/mutation.js";
import { formatCount, formatList, formatPercent, ordinal, plural } from "../format/numbers.js";
import { layerUse, paramsOf } from "./survivors.js";
import { modelTransfer, type Shares } from "./transfer.js";

/** Consecutive ancestors that were made for the same task; the model itself ends the last stage. */
export interface StoryStage {
  readonly task: TaskName;
  /** First and last position, counted from 1 for the oldest ancestor; the model itself follows the last ancestor. */
  readonly from: number;
  readonly to: number;
  readonly models: readonly ModelId[];
  /** Best validation accuracy of the stage's first and last model, in [0, 1]; null if they have none. */
  readonly first: number | null;
  readonly last: number | null;
}

/** The child with the largest gain over a parent of the same task. */
export interface StoryLeap {
  readonly model: ModelId;
  /** Its position among the ancestors, from 1; the model itself follows the last ancestor. */
  readonly place: number;
  readonly task: TaskName;
  /** In accuracy, above 0. */
  readonly gain: number;
  readonly mutations: readonly Mutation[];
}

export interface Story {
  readonly model: ModelId;
  /** Null for the root, which has no story. */
  readonly task: TaskName | null;
  readonly status: Model["status"];
  readonly accuracy: number | null;
  readonly testAccuracy: number | null;
  /** Oldest first. */
  readonly ancestors: readonly ModelId[];
  /** Ancestors by the task they were made for, most first. */
  readonly byTask: readonly { readonly task: TaskName; readonly ancestors: number }[];
  readonly stages: readonly StoryStage[];
  readonly leap: StoryLeap | null;
  /** Hyperparameters that differ from the root's. */
  readonly changed: readonly {
    readonly name: HyperparamName;
    readonly from: HyperparamValue;
    readonly to: HyperparamValue;
  }[];
  readonly blocks: { readonly root: number; readonly model: number };
  /** Counts of the model's layers; null for a model that was not kept, which has none. */
  readonly layers: {
    readonly all: number;
    /** The root's, never trained. */
    readonly roots: number;
    /** Also used by another task's retained model. */
    readonly shared: number;
    readonly params: number;
  } | null;
  /** Share of the gradient steps in its layers by task; empty if it has none. */
  readonly transfer: Shares;
}

/** The story of model `id`. Throws RangeError if there is no such model. */
export function storyOf(state: State, id: ModelId): Story {
  const model = state.models.get(id);
  if (!model) throw new RangeError(`There is no model ${id} among ${state.models.length}.`);
  const line = lineTo(state, model);
  const ancestors = line.slice(0, -1);
  const root = state.models.get(0)!;
  const use = layerUse(state);
  const rootLayers = new Set([...root.path, ...state.posembeds].map((layer) => layer.id));
  const others = (layer: LayerId) =>
    [...(use.get(layer) ?? [])].filter((task) => task !== "" && task !== model.task);
  const counts = new Map<TaskName, number>();
  for (const { task } of ancestors) counts.set(task!, (counts.get(task!) ?? 0) + 1);
  return {
    model: id,
    task: model.task,
    status: model.status,
    accuracy: model.accuracy,
    testAccuracy: model.testAccuracy,
    ancestors: ancestors.map((each) => each.id),
    byTask: [...counts]
      .map(([task, count]) => ({ task, ancestors: count }))
      .sort((a, b) => b.ancestors - a.ancestors),
    stages: stagesOf(line),
    leap: leapOf(state, line),
    changed: (Object.keys(model.hyperparams) as HyperparamName[]).flatMap((name) => {
      const [from, to] = [root.hyperparams[name], model.hyperparams[name]];
      return from === to ? [] : [{ name, from, to }];
    }),
    blocks: { root: root.shape.blocks, model: model.shape.blocks },
    layers:
      model.path.length === 0
        ? null
        : {
            all: model.path.length,
            roots: model.path.filter((layer) => rootLayers.has(layer.id)).length,
            shared: model.path.filter((layer) => others(layer.id).length > 0).length,
            params: paramsOf(model.path),
          },
    transfer: modelTransfer(model),
  };
}

/** The ancestors of `model` and itself, oldest first, without the root. */
function lineTo(state: State, model: Model): Model[] {
  const line: Model[] = [];
  for (let at: Model | undefined = model; at?.task != null; at = state.models.get(at.parent ?? -1))
    line.unshift(at);
  return line;
}

function stagesOf(line: readonly Model[]): StoryStage[] {
  const stages: StoryStage[] = [];
  for (const [i, { id, task, accuracy }] of line.entries()) {
    const last = stages.at(-1);
    if (last?.task === task)
      stages[stages.length - 1] = { ...last, to: i + 1, models: [...last.models, id], last: accuracy };
    else stages.push({ task: task!, from: i + 1, to: i + 1, models: [id], first: accuracy, last: accuracy });
  }
  return stages;
}

function leapOf(state: State, line: readonly Model[]): StoryLeap | null {
  let leap: StoryLeap | null = null;
  for (const [i, { id, task, parent, accuracy, mutations }] of line.entries()) {
    const before = state.models.get(parent ?? -1);
    if (!before || before.task !== task || accuracy === null || before.accuracy === null) continue;
    const gain = accuracy - before.accuracy;
    if (gain > (leap?.gain ?? 0)) leap = { model: id, place: i + 1, task: task!, gain, mutations };
  }
  return leap;
}

/** Most stages, mutations and hyperparameters that are listed; the rest are counted. */
const MOST_STAGES = 5;
const LAST_STAGES = 3;
const MOST_CHANGES = 4;

/** The story in one paragraph. */
export function storyText(story: Story): string {
  const { model, task, ancestors } = story;
  if (task === null) return "The root: every other model descends from it.";
  const count = ancestors.length;
  const beginning =
    count === 0
      ? `${subject(story)} is a child of the root.`
      : `${subject(story)} descends from the root over ${plural(count, "ancestor")}${byTaskWords(story)}.`;
  return [
    beginning,
    ...stageWords(story),
    ...leapWords(story, model),
    ...layerWords(story),
    ...changeWords(story),
  ].join(" ");
}

function subject({ model, task, status, accuracy, testAccuracy }: Story): string {
  const what =
    status === "retained" ? `Model ${model}, the model of ${task},` : `Model ${model} (${task}, ${status})`;
  const reached = [
    ...(accuracy === null ? [] : [`${formatPercent(accuracy)} in validation`]),
    ...(testAccuracy === null ? [] : [`${formatPercent(testAccuracy)} in the test`]),
  ];
  return reached.length === 0
    ? what
    : `${what}${status === "retained" ? "" : ","} which reaches ${formatList(reached)},`;
}

/** ": 12 of them were trained on telugu, 9 on bangla". */
function byTaskWords({ byTask }: Story): string {
  const [first, ...rest] = byTask;
  if (!first) return "";
  if (rest.length === 0) return `, ${first.ancestors === 1 ? "" : "all of them "}trained on ${first.task}`;
  const told = byTask
    .slice(0, MOST_STAGES)
    .map(({ task, ancestors }, i) =>
      i === 0 ? `${ancestors} trained on ${task}` : `${ancestors} on ${task}`,
    );
  const left = byTask.length - told.length;
  return `: ${formatList([...told, ...(left > 0 ? [`the others on ${plural(left, "more task")}`] : [])])}`;
}

function stageWords({ stages, ancestors, task }: Story): string[] {
  if (stages.length < 2) {
    const [only] = stages;
    if (!only || only.models.length < 2 || only.first === null || only.last === null) return [];
    return [
      `On the way the validation accuracy went from ${formatPercent(only.first)} to ${formatPercent(only.last)}.`,
    ];
  }
  const switches = stages.slice(1);
  const told = switches.length > MOST_STAGES ? switches.slice(-LAST_STAGES) : switches;
  const isItself = (place: number) => place === ancestors.length + 1;
  const who = ({ from, models }: StoryStage) =>
    isItself(from) ? "the model itself" : `the ${ordinal(from)} (model ${models[0]})`;
  const begins = `The line began on ${stages[0]!.task}`;
  const moves =
    told.length < switches.length
      ? ` and changed its task ${formatCount(switches.length)} times, last ${formatList(told.map((stage) => `to ${stage.task} with ${who(stage)}`))}`
      : ` and moved ${formatList(told.map((stage) => `to ${stage.task} with ${who(stage)}`))}`;
  const last = stages.at(-1)!;
  const own =
    last.models.length > 1 && last.first !== null && last.last !== null
      ? [
          `Since then its accuracy on ${task} went from ${formatPercent(last.first)} to ${formatPercent(last.last)}.`,
        ]
      : [];
  return [`${begins}${moves}.`, ...own];
}

function leapWords({ leap, ancestors }: Story, model: ModelId): string[] {
  if (!leap) return [];
  const who =
    leap.model === model
      ? "the model itself"
      : `the ${ordinal(leap.place)} of ${formatCount(ancestors.length)} (model ${leap.model})`;
  const points = `${(100 * leap.gain).toFixed(1)} points`;
  const changes = leap.mutations.map(mutationWords);
  const more = changes.length - MOST_CHANGES;
  const how =
    changes.length === 0
      ? "without a mutation"
      : `with ${formatList([...changes.slice(0, MOST_CHANGES), ...(more > 0 ? [plural(more, "more change")] : [])])}`;
  return [`The largest gain on a parent, ${points} on ${leap.task}, was made by ${who}, ${how}.`];
}

function layerWords({ layers, transfer, task }: Story): string[] {
  if (!layers) return [];
  const shares = Object.entries(transfer).sort(([, a], [, b]) => b - a);
  const own = transfer[task!] ?? 0;
  const others = shares.filter(([name]) => name !== task).slice(0, 3);
  const learned =
    others.length === 0
      ? own > 0
        ? " All its gradient steps were on its own task."
        : ""
      : ` Of the gradient steps in its layers ${formatList([
          `${formatPercent(own)} were on ${task}`,
          ...others.map(([name, share]) => `${formatPercent(share)} on ${name}`),
        ])}.`;
  const are = (count: number) => `${formatCount(count)} ${count === 1 ? "is" : "are"}`;
  const parts = [
    ...(layers.roots > 0 ? [`${are(layers.roots)} still the root's`] : []),
    ...(layers.shared > 0 ? [`${are(layers.shared)} shared with other tasks’ models`] : []),
  ];
  const made = `${parts.length > 0 ? `Of its ${plural(layers.all, "layer")} ${formatList(parts)}` : `Its ${plural(layers.all, "layer")} are its own`}.`;
  return [`${made}${learned}`];
}

function changeWords({ changed, blocks }: Story): string[] {
  const depth =
    blocks.root === blocks.model
      ? []
      : [`${plural(blocks.model, "block")} where the root has ${blocks.root}`];
  const tuned = changed.filter(({ name }) => name !== "blocks");
  const told = tuned.slice(0, MOST_CHANGES).map(({ name, to }) => `${name} ${to}`);
  const more = tuned.length - told.length;
  const parts = [...depth, ...told, ...(more > 0 ? [plural(more, "more hyperparameter")] : [])];
  return parts.length === 0 ? [] : [`It differs from the root by ${formatList(parts)}.`];
}
