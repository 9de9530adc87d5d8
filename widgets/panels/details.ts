// Everything about the chosen model: its changes from its parent, its scores, and every layer with the tasks that trained
// it.

import { componentLabel } from "../../src/analysis/architecture.js";
import { storyOf, storyText } from "../../src/analysis/story.js";
import { taskPaint } from "../../src/figures/scenes/palette.js";
import { formatCount, formatDelta, formatParams, formatPercent, plural } from "../../src/format/numbers.js";
import { type Model, mutationWords, type State } from "../../src/wire/browser.js";
import type { Panel, RunClient } from "../client.js";
import { button, h, keepingFocus } from "../dom.js";
import { swatch, taskCell } from "../task-name.js";
import { sparkline } from "./sparkline.js";
import { trainingBar } from "./training-bar.js";

const STATUS: Record<Model["status"], string> = {
  root: "the root",
  training: "in training",
  active: "kept so far",
  retained: "retained: its task's model",
  dropped: "kept, then dropped for a better one",
  discarded: "discarded: not better than its parent",
  failed: "failed in its training",
};

export function detailsPanel(run: RunClient): Panel {
  const element = h("aside", {
    class: "mulab-details",
    attributes: { "aria-label": "Details of the chosen model" },
  });
  let shown: string | undefined;

  function update(): void {
    const { state, selected } = run;
    const model = selected === null ? undefined : state.models.get(selected);
    element.dataset.empty = String(model === undefined);
    const key = model ? keyOf(run, model) : "";
    if (key === shown) return;
    shown = key;
    keepingFocus(
      element,
      () =>
        element.replaceChildren(
          ...(model
            ? contents(run, state, model)
            : [
                h("p", {
                  class: "mulab-muted",
                  text: "Choose a model to see where it came from: click it, or walk the tree with the arrow keys.",
                }),
              ]),
        ),
      () => element.querySelector("h4"),
    );
  }
  return { element, update };
}

/** Everything shown about `model` that may change: itself, who shares its layers, the fates of its children. */
function keyOf({ state, failures }: RunClient, model: Model): string {
  const parent = model.parent === null ? undefined : state.models.get(model.parent);
  return JSON.stringify([
    [model, parent].map((each) => [each?.id, each?.status, each?.accuracy, each?.testAccuracy, each?.steps]),
    model.evaluations.length,
    model.path.length,
    state.retained,
    state.tasks.map(({ name, access }) => [name, access]),
    childrenOf(state, model).map(({ id, status }) => [id, status]),
    failures[model.id],
  ]);
}

const childrenOf = ({ models }: State, { id }: Model): Model[] =>
  models.filter(({ parent }) => parent === id);

function contents(run: RunClient, state: State, model: Model): Node[] {
  const tasks = state.tasks.map(({ name }) => name);
  const parent = model.parent === null ? undefined : state.models.get(model.parent);
  const isPrivate = state.tasks.some(({ name, access }) => name === model.task && access === "private");
  return [
    h(
      "header",
      {},
      h(
        "h4",
        { attributes: { tabindex: -1 } }, // takes the focus of a link that is gone
        swatch(taskPaint(tasks, model.task)),
        model.task === null ? "The root" : `Model ${model.id} · ${model.task}`,
      ),
      button("×", () => run.select(null), {
        class: "mulab-button mulab-square",
        attributes: { "aria-label": "Clear the choice", "data-key": "close" },
      }),
    ),
    h("p", {
      class: "mulab-muted",
      text: [STATUS[model.status], ...(isPrivate ? ["private"] : []), ...bornText(model)].join(" · "),
    }),
    ...whyFailed(run, model),
    scores(model, parent),
    ...(parent ? [section("Against its parent", mutationList(run, model, parent))] : []),
    ...(parent ? [section("Its story", story(state, model))] : []),
    ...(model.path.length > 0
      ? [section("Layers, head to image", layerTable(state, model, parent, tasks), trainersOf(model, tasks))]
      : []),
    section("Hyperparameters", hyperparamTable(model, parent)),
    ...relatives(run, state, model),
  ];
}

function whyFailed({ failures }: RunClient, { id, status }: Model): Node[] {
  const failure = status === "failed" ? failures[id] : undefined;
  if (!failure) return [];
  return [
    h(
      "p",
      { class: "mulab-why", attributes: { role: "note" } },
      failure.message,
      h("span", { class: "mulab-muted", text: ` (${failure.code})` }),
    ),
  ];
}

const section = (title: string, ...content: Node[]): HTMLElement =>
  h("section", {}, h("h5", { text: title }), ...content);

const bornText = ({ birth }: Model): string[] =>
  birth ? [`iteration ${birth.iteration + 1}, generation ${birth.generation + 1}`] : [];

function scores(model: Model, parent: Model | undefined): HTMLElement {
  const isSameTask = parent?.task === model.task;
  const change =
    isSameTask && parent?.accuracy != null && model.accuracy !== null
      ? model.accuracy - parent.accuracy
      : null;
  const row = (name: string, ...value: (Node | string)[]) =>
    h("div", {}, h("dt", { text: name }), h("dd", {}, ...value));
  return h(
    "dl",
    { class: "mulab-facts" },
    row(
      "Validation",
      h("strong", { text: formatPercent(model.accuracy) }),
      ...(change === null ? [] : [deltaText(change)]),
    ),
    row("Test", formatPercent(model.testAccuracy)),
    row("Blocks", String(model.shape.blocks)),
    row(
      "Parameters",
      formatParams(
        model.path.length > 0 ? model.path.reduce((sum, { paramCount }) => sum + paramCount, 0) : null,
      ),
    ),
    ...(model.evaluations.length > 1
      ? [row("Validations", sparkline(model.evaluations.map(({ accuracy }) => accuracy)))]
      : []),
    row("Steps", formatCount(model.steps)),
  );
}

/** A change in percentage points. */
export function deltaText(change: number): HTMLElement {
  const text = formatDelta(change);
  const look = text.startsWith("▲") ? "mulab-up" : text.startsWith("▼") ? "mulab-down" : "mulab-muted";
  return h("span", { class: look, text: ` ${text}` });
}

function mutationList(run: RunClient, model: Model, parent: Model): HTMLElement {
  const link = h("p", {}, "child of ", modelLink(run, parent));
  if (model.mutations.length === 0)
    return h("div", {}, link, h("p", { class: "mulab-muted", text: "nothing was mutated" }));
  return h(
    "div",
    {},
    link,
    h(
      "ul",
      { class: "mulab-list" },
      ...model.mutations.map((mutation) => h("li", { text: mutationWords(mutation) })),
    ),
  );
}

const modelLink = (run: RunClient, model: Model): HTMLElement =>
  button(model.task === null ? "the root" : `model ${model.id} (${model.task})`, () => run.select(model.id), {
    class: "mulab-link",
    attributes: { "data-key": `model ${model.id}` },
  });

function layerTable(
  state: State,
  model: Model,
  parent: Model | undefined,
  tasks: readonly string[],
): HTMLElement {
  const parents = new Set(parent?.path.map(({ id }) => id));
  const users = new Map<string, string[]>();
  for (const [task, id] of Object.entries(state.retained))
    if (id !== model.id)
      for (const layer of state.models.get(id)?.path ?? [])
        users.set(layer.id, [...(users.get(layer.id) ?? []), task]);
  const rows = [...model.path].reverse().map((layer) => {
    const shared = users.get(layer.id) ?? [];
    return h(
      "tr",
      {},
      h("th", {
        text: componentLabel(layer.name),
        title: `layer ${layer.id.slice(0, 8)}`,
        attributes: { scope: "row" },
      }),
      h("td", { text: formatParams(layer.paramCount), class: "mulab-number" }),
      h("td", {}, trainingBar(layer, tasks)),
      h("td", {
        class: "mulab-muted",
        text: shared.length > 0 ? `×${shared.length + 1}` : parents.has(layer.id) ? "parent's" : "own",
        title: shared.length > 0 ? `shared with ${shared.join(", ")}` : "",
      }),
    );
  });
  return h(
    "table",
    { class: "mulab-table" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ...["Layer", "Params", "Trained by", "Use"].map((text) =>
          h("th", { text, attributes: { scope: "col" } }),
        ),
      ),
    ),
    h("tbody", {}, ...rows),
  );
}

/** The legend of the bars' colours. */
function trainersOf(model: Model, tasks: readonly string[]): HTMLElement {
  const trainers = new Set(model.path.flatMap(({ history }) => history.map(({ task }) => task)));
  const shown = tasks.filter((task) => trainers.has(task));
  return h(
    "p",
    { class: "mulab-links mulab-muted mulab-trainers" },
    ...shown.map((task) => taskCell(tasks, task)),
  );
}

function hyperparamTable(model: Model, parent: Model | undefined): HTMLElement {
  const rows = Object.entries(model.hyperparams).map(([name, value]) => {
    const before = (parent?.hyperparams as Readonly<Record<string, unknown>> | undefined)?.[name];
    const isChanged = parent !== undefined && before !== value;
    return h(
      "tr",
      isChanged ? { class: "mulab-changed" } : {},
      h("th", { text: name, attributes: { scope: "row" } }),
      h("td", {
        class: "mulab-number",
        text: isChanged ? `${String(before)} → ${String(value)}` : String(value),
      }),
    );
  });
  return h("table", { class: "mulab-table" }, h("tbody", {}, ...rows));
}

/** The ancestor story, as text that can be copied. */
const story = (state: State, { id }: Model): HTMLElement =>
  h("p", { class: "mulab-story", text: storyText(storyOf(state, id)) });

function relatives(run: RunClient, state: State, model: Model): HTMLElement[] {
  const children = childrenOf(state, model);
  if (children.length === 0) return [];
  const training = children.filter(({ status }) => status === "training").length;
  const kept = children.filter(
    ({ status }) => status !== "discarded" && status !== "failed" && status !== "training",
  );
  const most = 12;
  return [
    section(
      `${plural(children.length, "child", "children")}, ${kept.length} kept${training > 0 ? `, ${training} in training` : ""}`,
      h(
        "p",
        { class: "mulab-links" },
        ...kept.slice(0, most).map((child) => modelLink(run, child)),
        kept.length > most ? `and ${kept.length - most} more` : "",
      ),
    ),
  ];
}
