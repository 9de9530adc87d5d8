// The live tree of all children: search, how much is shown, zoom, and the stage. Everything on the stage is also available
// as text and by keyboard.

import { fateOf, type Lineage, lineageOf } from "../../src/analysis/children.js";
import { searchModels } from "../../src/analysis/search.js";
import { lineageScene } from "../../src/figures/scenes/lineage.js";
import {
  type Detail,
  type LineageLayoutOptions,
  layoutBefore,
  layoutLineage,
} from "../../src/figures/scenes/lineage-layout.js";
import { legendEntries } from "../../src/figures/scenes/lineage-legend.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import { formatPercent, plural } from "../../src/format/numbers.js";
import { type ModelId, mutationWords, type State } from "../../src/wire/browser.js";
import type { Panel, RunClient } from "../client.js";
import { lineageCsv } from "../csv.js";
import { button, h, setText } from "../dom.js";
import { drawScene } from "../draw.js";
import { helpOn } from "../help.js";
import { type Geometry, geometryOf } from "../lineage/geometry.js";
import { fits } from "../lineage/sheet.js";
import { LineageStage } from "../lineage/stage.js";
import { walk } from "../lineage/walk.js";
import { themeOf } from "../theme.js";

const DETAILS: readonly [Detail | "auto", string][] = [
  ["auto", "As much as fits"],
  ["all", "Every child"],
  ["kept", "Kept children"],
  ["survivors", "Lines of the retained"],
];

/** From the most to the least detail. */
const FOLDED: readonly Detail[] = ["all", "kept", "survivors"];

const HELP =
  "Arrow keys walk the tree: left to the parent, right to a child, up and down in a generation. Home is the root, End the newest model. Plus and minus zoom, 0 shows everything, slash searches, Escape clears the choice.";

export function lineagePanel(run: RunClient): Panel {
  let detail: Detail | "auto" = "auto";
  let lineage: Lineage = lineageOf(run.state);
  /** That of the run now, where another moment is shown. */
  let whole: Lineage = lineage;
  let geometry: Geometry | undefined;
  let laidOut: { state: State | undefined; key: string } = { state: undefined, key: "" };
  /** The part of a state's tree that fits into `width` pixels, computed without a choice, so that choosing never folds or unfolds it. */
  let fitting: { state: State | undefined; width: number; detail: Detail } = {
    state: undefined,
    width: 0,
    detail: "all",
  };
  let found: ReadonlySet<ModelId> = new Set();

  const stage = new LineageStage({
    label: `Lineage of all children. ${HELP}`,
    describe: (id) => describe(run, lineage, id),
    select,
    resized: () => geometry && update(),
  });
  const said = h("div", { class: "mulab-sr", attributes: { "aria-live": "polite" } });
  const search = h("input", {
    class: "mulab-input",
    attributes: {
      type: "search",
      placeholder: "Search: 17, bangla, block 2",
      "aria-label": "Search models by number, task, fate, mutation or layer",
      "data-lm-suppress-shortcuts": true,
    },
    on: {
      input: () => update(),
      keydown: (event: KeyboardEvent) => event.key === "Enter" && nextFound(event.shiftKey ? -1 : 1),
    },
  });
  const matches = h("span", { class: "mulab-muted mulab-count", attributes: { "aria-live": "polite" } });
  const unbrush = button("Show all", () => run.brush(null), {
    class: "mulab-button mulab-quiet",
    title: "Let go of the models that were picked in “Size and quality”",
  });
  const choice = h(
    "select",
    {
      class: "mulab-input",
      attributes: { "aria-label": "How much is shown", "data-lm-suppress-shortcuts": true },
      on: { change: () => choose(choice.value as Detail | "auto") },
    },
    ...DETAILS.map(([value, text]) => h("option", { text, attributes: { value } })),
  );
  const meaning = helpOn("activation");
  const square = (label: string) => ({
    class: "mulab-button mulab-square",
    attributes: { "aria-label": label },
  });
  const element = h(
    "section",
    { class: "mulab-lineage", attributes: { "aria-label": "Lineage" } },
    h(
      "div",
      { class: "mulab-tools" },
      search,
      matches,
      unbrush,
      h("span", { class: "mulab-spring" }),
      choice,
      button("−", () => stage.zoom(1 / 1.4), square("Zoom out")),
      button("+", () => stage.zoom(1.4), square("Zoom in")),
      button("Fit", () => stage.fit("all"), { class: "mulab-button", title: "Show the whole tree" }),
      button("Newest", () => stage.fit("newest"), {
        class: "mulab-button",
        title: "Go to the newest generation and follow it",
      }),
    ),
    stage.element,
    h("div", { class: "mulab-legendrow" }, legend(), meaning.button),
    meaning.note,
    said,
  );
  stage.front.addEventListener("keydown", pressed);

  function choose(next: Detail | "auto"): void {
    detail = next;
    update();
  }

  function layout(): Geometry {
    const { state, selected } = run;
    const isOther = laidOut.state !== state;
    if (isOther) lineage = lineageOf(state);
    if (isOther) whole = run.back ? lineageOf(run.back.whole) : lineage;
    const options = wanted();
    const key = `${options.detail}/${selected ?? ""}`;
    if (geometry && laidOut.state === state && laidOut.key === key) return geometry;
    laidOut = { state, key };
    const full = layoutLineage(whole, options);
    geometry = geometryOf(lineage, run.back ? layoutBefore(full, lineage) : full, full);
    return geometry;
  }

  /** The shown part, on the page and in files. */
  function wanted(): LineageLayoutOptions {
    const { state, selected, back } = run;
    const chosen = selected !== null && selected < state.models.length ? [selected] : [];
    return {
      detail: detail === "auto" ? fittingDetail() : detail,
      focus: [...(back?.extent.retained ?? []), ...chosen],
    };
  }

  /** The most detail that is visible at once on a page of this width. */
  function fittingDetail(): Detail {
    const state = run.back?.whole ?? run.state;
    const { width } = stage;
    if (fitting.state === state && fitting.width === width) return fitting.detail;
    const found = FOLDED.find((each) =>
      fits(geometryOf(whole, layoutLineage(whole, { detail: each })), width),
    );
    fitting = { state, width, detail: found ?? "survivors" };
    return fitting.detail;
  }

  function update(): void {
    const { brushed } = run;
    const isSearching = search.value.trim() !== "";
    const ids = isSearching ? searchModels(run.state, search.value) : [...(brushed ?? [])];
    found = new Set(brushed ? ids.filter((id) => brushed.has(id)) : ids);
    const isFiltered = isSearching || brushed !== null;
    setText(matches, isFiltered ? `${plural(found.size, "model")}${brushed ? " picked" : ""}` : "");
    unbrush.hidden = brushed === null;
    const drawn = layout(); // first, because it rebuilds the lineage if the state is new
    stage.show(lineage, drawn, run.selected, isFiltered ? found : null);
  }

  function select(id: ModelId | null): void {
    run.select(id);
    if (id !== null) setText(said, describe(run, lineage, id));
    update();
  }

  function nextFound(step: number): void {
    const ids = [...found];
    if (ids.length === 0) return;
    const at = ids.indexOf(run.selected ?? -1);
    select(ids[(at + step + ids.length) % ids.length]!);
  }

  function pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = walk(event.key, layout(), lineage, run.selected);
    if (to !== undefined) select(to);
    else if (event.key === "+" || event.key === "=") stage.zoom(1.4);
    else if (event.key === "-") stage.zoom(1 / 1.4);
    else if (event.key === "0") stage.fit("all");
    else if (event.key === "/") search.focus();
    else if (event.key === "Escape") select(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return {
    element,
    update,
    dispose: () => stage.dispose(),
    exports: {
      name: "lineage",
      picture: "lineage",
      svg: () =>
        toSvg(
          lineageScene(lineageOf(run.state), {
            ...wanted(),
            whole: run.back && lineageOf(run.back.whole),
          }),
          { colors: themeOf(element) },
        ),
      csv: () => lineageCsv(run.state, run.failures),
    },
  };
}

/** The legend, on as many lines as the page's width requires. */
const legend = (): HTMLElement =>
  h(
    "ul",
    { class: "mulab-legend", attributes: { "aria-label": "Legend" } },
    h("li", { text: "gray ground: an activation, its generations from left to right" }),
    ...legendEntries().map(({ sign, text }) => {
      const scene = { width: 16, height: 16, title: text, description: "" };
      const entry = h("li", {}, text);
      entry.prepend(drawScene({ ...scene, children: [{ kind: "group", x: 2, y: 12, children: sign }] }));
      return entry;
    }),
  );

/** A model in a few lines. */
function describe({ state, failures }: RunClient, lineage: Lineage, id: ModelId): string {
  const model = state.models.get(id);
  if (!model) return "";
  if (model.task === null) return "The root: all lines begin here";
  const fate = fateOf(lineage, id);
  const mutations = model.mutations.map(mutationWords);
  const test = model.testAccuracy === null ? "" : `, test ${formatPercent(model.testAccuracy)}`;
  return [
    `Model ${id} · ${model.task} · ${fate}`,
    ...(fate === "failed" && failures[id] ? [failures[id].message] : []),
    `validation ${formatPercent(model.accuracy)}${test}`,
    `child of ${model.parent === 0 ? "the root" : `model ${model.parent}`}`,
    ...(mutations.length > 0 ? [mutations.slice(0, 4).join("; ") + (mutations.length > 4 ? "; …" : "")] : []),
  ].join("\n");
}
