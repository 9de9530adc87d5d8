// The live tree of all children. Two canvases, one for the tree and one for what is pointed at, so that hovering never
// draws the tree again; everything on them is also said in words, and reached by keyboard.

import { formatPercent, plural } from "../../src/view/format.js";
import { fateOf, type Lineage, lineageOf } from "../../src/view/lineage.js";
import { type Detail, layoutLineage } from "../../src/view/lineage-layout.js";
import { lineageScene } from "../../src/view/lineage-scene.js";
import { type ModelId, mutationText, type State } from "../../src/view/live/browser.js";
import { searchModels } from "../../src/view/live/search.js";
import { toSvg } from "../../src/view/svg.js";
import type { Panel, RunClient } from "../client.js";
import { lineageCsv } from "../csv.js";
import { button, h, setText } from "../dom.js";
import { type Geometry, geometryOf, nodeAt } from "../lineage/geometry.js";
import { paintLineage, paintMarks } from "../lineage/paint.js";
import { fitTo, type Sheet, sightOf, walk } from "../lineage/sheet.js";
import { themeOf } from "../theme.js";

const DETAILS: readonly [Detail | "auto", string][] = [
  ["auto", "As much as fits"],
  ["all", "Every child"],
  ["kept", "Kept children"],
  ["survivors", "Lines of the retained"],
];

const HELP =
  "Arrow keys walk the tree: left to the parent, right to a child, up and down in a generation. Home is the root, End the newest. Plus and minus zoom, 0 shows all, slash searches, Escape lets go.";

export function lineagePanel(run: RunClient): Panel {
  let detail: Detail | "auto" = "auto";
  let lineage: Lineage = lineageOf(run.state);
  let geometry: Geometry | undefined;
  let drawnFor: { state: State | undefined; key: string } = { state: undefined, key: "" };
  let hover = -1;
  let found: ReadonlySet<ModelId> = new Set();
  let frame = 0;
  const sheet: Sheet = { x: 0, y: 0, scale: 1, width: 0, height: 0, isFollowing: true };

  const tree = h("canvas", { attributes: { "aria-hidden": "true" } });
  const marks = h("canvas", {
    class: "mulab-marks",
    attributes: {
      tabindex: 0,
      role: "application",
      "aria-roledescription": "tree of models",
      "aria-label": `Lineage of all children. ${HELP}`,
      "data-lm-suppress-shortcuts": true,
    },
  });
  const said = h("div", { class: "mulab-sr", attributes: { "aria-live": "polite" } });
  const tip = h("div", { class: "mulab-tip", attributes: { hidden: true, "aria-hidden": "true" } });
  const stage = h("div", { class: "mulab-stage" }, tree, marks, tip);
  const search = h("input", {
    class: "mulab-input",
    attributes: {
      type: "search",
      placeholder: "Search: 17, bangla, learningRate…",
      "aria-label": "Search models by number, task, fate, mutation or layer",
      "data-lm-suppress-shortcuts": true,
    },
    on: {
      input: () => find(),
      keydown: (event: KeyboardEvent) => event.key === "Enter" && nextFound(event.shiftKey ? -1 : 1),
    },
  });
  const matches = h("span", { class: "mulab-muted mulab-count", attributes: { "aria-live": "polite" } });
  const choice = h(
    "select",
    {
      class: "mulab-input",
      attributes: { "aria-label": "How much is shown" },
      on: { change: () => choose(choice.value as Detail | "auto") },
    },
    ...DETAILS.map(([value, text]) => h("option", { text, attributes: { value } })),
  );
  const element = h(
    "section",
    { class: "mulab-lineage", attributes: { "aria-label": "Lineage" } },
    h(
      "div",
      { class: "mulab-tools" },
      search,
      matches,
      h("span", { class: "mulab-spring" }),
      choice,
      button("−", () => zoom(1 / 1.4), {
        class: "mulab-button mulab-square",
        attributes: { "aria-label": "Zoom out" },
      }),
      button("+", () => zoom(1.4), {
        class: "mulab-button mulab-square",
        attributes: { "aria-label": "Zoom in" },
      }),
      button("Fit", () => showAll(), { class: "mulab-button", title: "Show the whole tree" }),
      button("Newest", () => follow(), {
        class: "mulab-button",
        title: "Go to the newest generation and follow it",
      }),
    ),
    stage,
    said,
  );

  function choose(next: Detail | "auto"): void {
    detail = next;
    update();
  }

  function layout(): void {
    const { state, selected } = run;
    const key = `${detail}/${selected ?? ""}`;
    if (geometry && drawnFor.state === state && drawnFor.key === key) return;
    if (drawnFor.state !== state) lineage = lineageOf(state);
    drawnFor = { state, key };
    const options = {
      ...(detail !== "auto" && { detail }),
      ...(selected !== null && selected < state.models.length && { focus: selected }),
    };
    const wasEmpty = !geometry;
    geometry = geometryOf(lineage, layoutLineage(lineage, { mostNodes: 1500, ...options }));
    hover = -1;
    if (wasEmpty || sheet.isFollowing) fitTo(sheet, geometry, "newest");
  }

  function update(): void {
    layout();
    find();
    resize();
    draw();
  }

  function resize(): void {
    const width = Math.round(stage.clientWidth) || 800;
    const height = Math.round(
      Math.min(440, Math.max(220, geometry!.height * Math.max(1, Math.min(1.2, sheet.scale)))),
    );
    const ratio = window.devicePixelRatio || 1;
    if (sheet.width === width && sheet.height === height && tree.width === Math.round(width * ratio)) return;
    sheet.width = width;
    sheet.height = height;
    stage.style.height = `${height}px`;
    for (const canvas of [tree, marks]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      canvas.getContext("2d")!.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    if (sheet.isFollowing) fitTo(sheet, geometry!, "newest");
    // What was chosen stays in sight when the details take room beside it.
    const chosen = run.selected === null ? undefined : geometry!.indexOf.get(run.selected);
    if (chosen !== undefined) reveal(chosen);
  }

  function soon(): void {
    frame ||= requestAnimationFrame(draw);
  }

  function draw(): void {
    frame = 0;
    if (!geometry) return;
    const style = getComputedStyle(element);
    const known = new Map<string, string>();
    const colors = (paint: string): string => {
      const color = known.get(paint) ?? style.getPropertyValue(`--mulab-${paint}`).trim();
      known.set(paint, color);
      return color;
    };
    const sight = sightOf(sheet);
    paintLineage(tree.getContext("2d")!, geometry, lineage, sight, colors, style.fontFamily || "sans-serif");
    drawMarks(colors);
  }

  function drawMarks(colors?: (paint: string) => string): void {
    if (!geometry) return;
    const style = getComputedStyle(element);
    const selected = run.selected === null ? -1 : (geometry.indexOf.get(run.selected) ?? -1);
    const rings = new Set([...found].flatMap((id) => geometry!.indexOf.get(id) ?? []));
    paintMarks(
      marks.getContext("2d")!,
      geometry,
      sightOf(sheet),
      colors ?? ((paint) => style.getPropertyValue(`--mulab-${paint}`).trim()),
      { hover, selected, found: rings },
    );
  }

  // ---- choosing

  function select(id: ModelId | null): void {
    run.select(id);
    if (id === null) return;
    setText(said, describe(run.state, lineage, id));
    layout();
    const index = geometry!.indexOf.get(id);
    if (index !== undefined) reveal(index);
    soon();
  }

  function reveal(index: number): void {
    const margin = 60;
    const left = (geometry!.x[index]! - sheet.x) * sheet.scale;
    if (left < margin) sheet.x -= (margin - left) / sheet.scale;
    else if (left > sheet.width - margin) sheet.x += (left - sheet.width + margin) / sheet.scale;
    else return;
    sheet.isFollowing = false;
  }

  function find(): void {
    const ids = searchModels(run.state, search.value);
    found = new Set(ids);
    setText(matches, search.value.trim() === "" ? "" : plural(ids.length, "model"));
    soon();
  }

  function nextFound(step: number): void {
    const ids = [...found];
    if (ids.length === 0) return;
    const at = ids.indexOf(run.selected ?? -1);
    select(ids[(at + step + ids.length) % ids.length]!);
  }

  // ---- moving

  function zoom(factor: number, atX = sheet.width / 2, atY = TOP_OF_ZOOM): void {
    const scale = Math.min(3, Math.max(0.02, sheet.scale * factor));
    sheet.x += atX / sheet.scale - atX / scale;
    sheet.y += atY / sheet.scale - atY / scale;
    sheet.scale = scale;
    sheet.isFollowing = false;
    clamp();
    soon();
  }

  function clamp(): void {
    const g = geometry!;
    const spanX = sheet.width / sheet.scale;
    const spanY = sheet.height / sheet.scale;
    sheet.x = Math.min(
      Math.max(sheet.x, Math.min(0, g.width - spanX) - 40),
      Math.max(0, g.width - spanX) + 40,
    );
    sheet.y = spanY >= g.height ? 0 : Math.min(Math.max(sheet.y, 0), g.height - spanY);
  }

  function showAll(): void {
    fitTo(sheet, geometry!, "all");
    soon();
  }

  function follow(): void {
    fitTo(sheet, geometry!, "newest");
    soon();
  }

  let drag: { x: number; y: number; moved: boolean } | undefined;

  const place = (event: MouseEvent) => {
    const box = marks.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const index = geometry
      ? nodeAt(geometry, sheet.x + x / sheet.scale, sheet.y + y / sheet.scale, 11 / Math.min(1, sheet.scale))
      : -1;
    return { x, y, index };
  };

  marks.addEventListener("pointerdown", (event) => {
    marks.setPointerCapture(event.pointerId);
    drag = { x: event.clientX, y: event.clientY, moved: false };
  });
  marks.addEventListener("pointermove", (event) => {
    if (drag) {
      const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
      if (!drag.moved && Math.hypot(dx, dy) < 4) return;
      drag = { x: event.clientX, y: event.clientY, moved: true };
      sheet.x -= dx / sheet.scale;
      sheet.y -= dy / sheet.scale;
      sheet.isFollowing = false;
      clamp();
      tip.hidden = true;
      soon();
      return;
    }
    const { index, x, y } = place(event);
    if (index !== hover) {
      hover = index;
      drawMarks();
    }
    marks.style.cursor = index < 0 ? "grab" : "pointer";
    tip.hidden = index < 0;
    if (index < 0) return;
    setText(tip, describe(run.state, lineage, geometry!.id[index]!));
    tip.style.left = `${Math.min(x + 14, Math.max(0, sheet.width - 250))}px`;
    tip.style.top = `${y > sheet.height - 90 ? Math.max(0, y - 80) : y + 16}px`;
  });
  marks.addEventListener("pointerup", (event) => {
    const wasDrag = drag?.moved;
    drag = undefined;
    if (wasDrag) return;
    const { index } = place(event);
    select(index < 0 ? null : geometry!.id[index]!);
  });
  marks.addEventListener("pointerleave", () => {
    hover = -1;
    tip.hidden = true;
    drawMarks();
  });
  marks.addEventListener(
    "wheel",
    (event) => {
      const isZoom = event.ctrlKey || event.metaKey;
      // Without a modifier the notebook scrolls on; sideways is the tree's.
      if (!isZoom && Math.abs(event.deltaX) <= Math.abs(event.deltaY) && !event.shiftKey) return;
      event.preventDefault();
      if (isZoom) {
        const { x, y } = place(event);
        zoom(Math.exp(-event.deltaY / 300), x, y);
      } else {
        sheet.x += (event.deltaX || event.deltaY) / sheet.scale;
        sheet.isFollowing = false;
        clamp();
        soon();
      }
    },
    { passive: false },
  );
  marks.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !geometry) return;
    const to = walk(event.key, geometry, lineage, run.selected);
    if (to !== undefined) select(to);
    else if (event.key === "+" || event.key === "=") zoom(1.4);
    else if (event.key === "-") zoom(1 / 1.4);
    else if (event.key === "0") showAll();
    else if (event.key === "/") search.focus();
    else if (event.key === "Escape") select(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  const resized = new ResizeObserver(() => {
    if (!geometry) return;
    resize();
    soon();
  });
  resized.observe(stage);

  return {
    element,
    update,
    dispose: () => {
      resized.disconnect();
      cancelAnimationFrame(frame);
    },
    exports: {
      name: "lineage",
      svg: () =>
        toSvg(lineageScene(lineage, { ...(detail !== "auto" && { detail }) }), { colors: themeOf(element) }),
      csv: () => lineageCsv(run.state),
    },
  };
}

/** Zooming by buttons keeps the names of the bands in place. */
const TOP_OF_ZOOM = 0;

/** A model in a few lines. */
function describe(state: State, lineage: Lineage, id: ModelId): string {
  const model = state.models[id];
  if (!model) return "";
  if (model.task === null) return "The root: all lines begin here";
  const fate = fateOf(lineage, id);
  const mutations = model.mutations.map(mutationText);
  return [
    `Model ${id} · ${model.task} · ${fate}`,
    `validation ${formatPercent(model.accuracy)}${model.testAccuracy === null ? "" : `, test ${formatPercent(model.testAccuracy)}`}`,
    `child of ${model.parent === 0 ? "the root" : `model ${model.parent}`}`,
    ...(mutations.length > 0 ? [mutations.slice(0, 4).join("; ") + (mutations.length > 4 ? "; …" : "")] : []),
  ].join("\n");
}
