// The live tree of all children: search, how much is shown, zoom, and the stage. Everything on the stage is also available
// as text and by keyboard.

import { lineageOf } from "../../src/analysis/children.js";
import { lineageScene } from "../../src/figures/scenes/lineage.js";
import type { Detail } from "../../src/figures/scenes/lineage-layout.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import type { ModelId } from "../../src/wire/browser.js";
import type { Panel, RunClient } from "../client.js";
import { lineageCsv } from "../csv.js";
import { button, h, setText } from "../dom.js";
import { helpOn } from "../help.js";
import { laidOut } from "../lineage/laid-out.js";
import { searchField } from "../lineage/search-field.js";
import { LineageStage } from "../lineage/stage.js";
import { walk } from "../lineage/walk.js";
import { describe, legend } from "../lineage/words.js";
import { themeOf } from "../theme.js";

const DETAILS: readonly [Detail | "auto", string][] = [
  ["auto", "As much as fits"],
  ["all", "Every child"],
  ["kept", "Kept children"],
  ["survivors", "Lines of the retained"],
];

const HELP =
  "Arrow keys walk the tree: left to the parent, right to a child, up and down in a generation. Home is the root, End the newest model. Plus and minus zoom, 0 shows everything, slash searches, Escape clears the choice.";

/** How much one step zooms. */
const ZOOM = 1.4;

export function lineagePanel(run: RunClient): Panel {
  let isDrawn = false;
  const stage = new LineageStage({
    label: `Lineage of all children. ${HELP}`,
    describe: (id) => describe(run, tree.lineage, id),
    select,
    resized: () => isDrawn && update(),
  });
  const tree = laidOut(run, () => stage.width);
  const search = searchField(run, () => update(), select);
  const said = h("div", { class: "mulab-sr", attributes: { "aria-live": "polite" } });
  const choice = h(
    "select",
    {
      class: "mulab-input",
      attributes: { "aria-label": "How much is shown", "data-lm-suppress-shortcuts": true },
      on: {
        change: () => {
          tree.detail = choice.value as Detail | "auto";
          update();
        },
      },
    },
    ...DETAILS.map(([value, text]) => h("option", { text, attributes: { value } })),
  );
  const meaning = helpOn("activation");
  const element = h(
    "section",
    { class: "mulab-lineage", attributes: { "aria-label": "Lineage" } },
    h(
      "div",
      { class: "mulab-tools" },
      ...search.elements,
      h("span", { class: "mulab-spring" }),
      choice,
      ...zoomButtons(stage),
    ),
    stage.element,
    h("div", { class: "mulab-legendrow" }, legend(), meaning.button),
    meaning.note,
    said,
  );
  stage.front.addEventListener("keydown", pressed);

  function update(): void {
    isDrawn = true;
    const lit = search.find();
    const drawn = tree.layout(); // first, because it rebuilds the lineage if the state is new
    stage.show(tree.lineage, drawn, run.selected, lit);
  }

  function select(id: ModelId | null): void {
    run.select(id);
    if (id !== null) setText(said, describe(run, tree.lineage, id));
    update();
  }

  function pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = walk(event.key, tree.layout(), tree.lineage, run.selected);
    if (to !== undefined) select(to);
    else if (event.key === "+" || event.key === "=") stage.zoom(ZOOM);
    else if (event.key === "-") stage.zoom(1 / ZOOM);
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
            ...tree.options(),
            whole: run.back && lineageOf(run.back.whole),
          }),
          { colors: themeOf(element) },
        ),
      csv: () => lineageCsv(run.state, run.failures),
    },
  };
}

function zoomButtons(stage: LineageStage): HTMLElement[] {
  const square = (label: string) => ({
    class: "mulab-button mulab-square",
    attributes: { "aria-label": label },
  });
  return [
    button("−", () => stage.zoom(1 / ZOOM), square("Zoom out")),
    button("+", () => stage.zoom(ZOOM), square("Zoom in")),
    button("Fit", () => stage.fit("all"), { class: "mulab-button", title: "Show the whole tree" }),
    button("Newest", () => stage.fit("newest"), {
      class: "mulab-button",
      title: "Go to the newest generation and follow it",
    }),
  ];
}
