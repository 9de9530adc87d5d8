// What the report shows about a chosen child: its whole plan and its outcome. It is in the page as JSON, and the page's
// script shows it as text.

import { storyOf, storyText } from "../analysis/story.js";
import type { Event } from "../core/event.js";
import type { HyperparamName, Hyperparams } from "../core/hyperparams.js";
import type { Layer, Model, ModelId, Plan } from "../core/model.js";
import type { State } from "../core/state.js";
import { componentLabel } from "../format/components.js";
import { mutationText } from "../format/mutation.js";
import { briefNames } from "../format/names.js";
import { formatCount, formatDuration, formatParams, formatPercent, plural } from "../format/numbers.js";

/** Most letters of a task's name in the table of layers. */
const LETTERS = 24;

/** One model for people: facts, changes, hyperparameters (changed ones marked), layers with their origins. */
export interface ModelDetails {
  readonly title: string;
  readonly parent: ModelId;
  readonly facts: readonly (readonly [string, string])[];
  readonly mutations: readonly string[];
  /** The ancestor story; empty for the root. */
  readonly story: string;
  readonly hyperparams: readonly (readonly [name: string, value: string, changed: boolean])[];
  /** Component, "shared" | "cloned" | "new" | "root's", parameters, training in words. */
  readonly layers: readonly (readonly [string, string, string, string])[];
}

/** Details of the models `ids`, by id. `events` are the effective ones. */
export function detailsOf(
  state: State,
  events: Iterable<Event>,
  ids: Iterable<ModelId>,
): Record<ModelId, ModelDetails> {
  const plans = new Map<ModelId, Plan>();
  const failures = new Map<ModelId, string>();
  const trainMs = new Map<ModelId, number>();
  for (const event of events) {
    if (event.type === "child-planned") plans.set(event.plan.child, event.plan);
    if (event.type === "child-finished" && event.outcome.result === "failed")
      failures.set(event.child, event.outcome.message);
    if (event.type === "child-validated" && event.clock?.trainMs !== undefined)
      trainMs.set(event.child, (trainMs.get(event.child) ?? 0) + event.clock.trainMs);
  }
  const tasks = state.tasks.map(({ name }) => name);
  const short = briefNames(tasks, LETTERS);
  const names: Names = new Map(tasks.map((task, i) => [task, short[i]!]));
  return Object.fromEntries(
    [...ids].map((id) => {
      const model = state.models.get(id)!;
      return [id, details(state, model, names, plans.get(id), failures.get(id), trainMs.get(id))];
    }),
  );
}

function details(
  state: State,
  model: Model,
  names: Names,
  plan: Plan | undefined,
  failure: string | undefined,
  trainMs: number | undefined,
): ModelDetails {
  const parent = model.parent === null ? undefined : state.models.get(model.parent)!;
  const facts: [string, string][] = [
    ["fate", model.status],
    ...(failure === undefined ? [] : [["why", failure] as [string, string]]),
    ["validation", `${formatPercent(model.accuracy)}${validations(model)}`],
    ["test", formatPercent(model.testAccuracy)],
    [
      "made in",
      model.birth
        ? `iteration ${model.birth.iteration + 1}, generation ${model.birth.generation + 1}`
        : "the beginning",
    ],
    ["size", `${plural(model.shape.blocks, "block")}, ${formatParams(paramsOf(model, plan))} parameters`],
    [
      "trained",
      `${formatCount(model.steps)} steps${trainMs === undefined ? "" : ` in ${formatDuration(trainMs / 1000)}`}`,
    ],
    ...(plan?.reference == null ? [] : [["score to beat", plan.reference.toFixed(4)] as [string, string]]),
    ...(Object.keys(model.selections).length === 0
      ? []
      : [
          [
            "children",
            Object.entries(model.selections)
              .map(([task, n]) => `${n} for ${task}`)
              .join(", "),
          ] as [string, string],
        ]),
  ];
  return {
    title: model.task === null ? "The root" : `Model ${model.id} for ${model.task}`,
    parent: model.parent ?? -1,
    facts,
    mutations: model.mutations.map(mutationText),
    story: model.task === null ? "" : storyText(storyOf(state, model.id)),
    hyperparams: hyperparamRows(model.hyperparams, parent?.hyperparams),
    layers: layerRows(model, plan, names),
  };
}

const validations = ({ evaluations }: Model): string =>
  evaluations.length < 2
    ? ""
    : ` (${evaluations.map(({ accuracy }) => (100 * accuracy).toFixed(1)).join(", ")})`;

const paramsOf = (model: Model, plan: Plan | undefined): number | null => {
  if (model.path.length > 0) return model.path.reduce((sum, { paramCount }) => sum + paramCount, 0);
  const known = plan?.positions.flatMap(({ source }) =>
    source.how === "init" ? [] : [source.layer.paramCount],
  );
  return known && known.length === plan?.positions.length ? known.reduce((a, b) => a + b, 0) : null;
};

function hyperparamRows(own: Hyperparams, parents: Hyperparams | undefined) {
  return (Object.keys(own) as HyperparamName[]).map(
    (name) => [name, String(own[name]), parents !== undefined && parents[name] !== own[name]] as const,
  );
}

/** Names of tasks for tables. */
type Names = ReadonlyMap<string, string>;

const HOW = { share: "shared", clone: "cloned", init: "new" } as const;

function layerRows(model: Model, plan: Plan | undefined, names: Names): ModelDetails["layers"] {
  if (!plan)
    return [...model.path]
      .reverse()
      .map((layer) => [componentLabel(layer.name), "root's", formatParams(layer.paramCount), "never"]);
  const rows = plan.positions.map(({ name, source }, i): ModelDetails["layers"][number] => {
    const kept = model.path[i];
    const layer = kept ?? (source.how === "init" ? undefined : source.layer);
    return [
      componentLabel(name),
      HOW[source.how],
      formatParams(layer?.paramCount ?? null),
      (layer ? historyText(layer, names) : "–") + (kept || source.how === "share" ? "" : " → here, not kept"),
    ];
  });
  return rows.reverse();
}

const historyText = ({ history }: Pick<Layer, "history">, names: Names): string =>
  history.map(({ task, steps }) => `${names.get(task) ?? task} ${formatCount(steps)}`).join(" → ") || "never";
