// All of the report's behaviour: it highlights the path from the model under the pointer to the root, and shows the details
// of the chosen model. These functions run in the page, so they must not use anything outside this file, and they write only
// text (the page's policy allows nothing else). Without them the report is still readable, and titles still appear.

import type { ModelDetails } from "./details.js";

/** The tree in the picture, by model ids. */
interface Tree {
  readonly picture: HTMLElement;
  readonly models: Readonly<Record<string, ModelDetails>>;
  readonly nodes: ReadonlyMap<string, Element>;
  readonly edges: ReadonlyMap<string, Element>;
  /** By "column/row". */
  readonly places: ReadonlyMap<string, string>;
}

function lineageScript(): void {
  const panel = document.querySelector<HTMLElement>("#model");
  const tree = readTree();
  if (!panel || !tree) return;
  const { picture, models, nodes } = tree;
  let chosen: string | undefined;

  const choose = (id: string): void => {
    const model = models[id];
    if (!model) return;
    if (chosen !== undefined) nodes.get(chosen)?.classList.remove("chosen");
    chosen = id;
    nodes.get(id)?.classList.add("chosen");
    const toParent = (): void => {
      choose(String(model.parent));
      // The button disappears with the panel's old contents, so the focus moves to the next "parent" button, or at the root
      // to its name.
      panel.querySelector<HTMLElement>(model.parent > 0 ? "button" : "h3")?.focus();
    };
    panel.replaceChildren(aboutModel(model, toParent), insideModel(model));
    light(tree, id);
  };

  picture.addEventListener("pointerover", (event) => light(tree, modelAt(event) ?? chosen));
  picture.addEventListener("pointerleave", () => light(tree, chosen));
  picture.addEventListener("click", (event) => {
    const id = modelAt(event);
    if (id !== undefined) choose(id);
  });
  picture.addEventListener("focusin", (event) => {
    const id = modelAt(event);
    if (id !== undefined) light(tree, id);
  });
  picture.addEventListener("focusout", () => light(tree, chosen));
  walkByKeys(tree, choose);
}

/** Undefined where the report has no lineage. */
function readTree(): Tree | undefined {
  const picture = document.querySelector<HTMLElement>("#lineage .mulab-scene");
  const data = document.querySelector("#model-data")?.textContent;
  if (!picture || !data) return undefined;
  const nodes = new Map<string, Element>();
  const edges = new Map<string, Element>();
  const places = new Map<string, string>();
  picture.querySelectorAll("[data-model]").forEach((node) => {
    const id = node.getAttribute("data-model") ?? "";
    nodes.set(id, node);
    places.set(`${node.getAttribute("data-column")}/${node.getAttribute("data-row")}`, id);
    node.setAttribute("tabindex", "-1");
  });
  picture.querySelectorAll("[data-child]").forEach((edge) => {
    edges.set(edge.getAttribute("data-child") ?? "", edge);
  });
  return { picture, models: JSON.parse(data), nodes, edges, places };
}

function modelAt(event: Event): string | undefined {
  return (event.target as Element | null)?.closest("[data-model]")?.getAttribute("data-model") ?? undefined;
}

/** Highlights the path from a model to the root; undefined highlights nothing. */
function light({ picture, models, nodes, edges }: Tree, id: string | undefined): void {
  picture.querySelectorAll(".lit").forEach((lit) => {
    lit.classList.remove("lit");
  });
  picture.classList.toggle("lighting", id !== undefined);
  for (let at = id; at !== undefined && at !== "-1"; at = String(models[at]?.parent ?? -1)) {
    nodes.get(at)?.classList.add("lit");
    edges.get(at)?.classList.add("lit");
  }
}

/**
 * The tree is one stop of the Tab key; from there, arrow keys walk it: left to the parent, right to the first child, up and
 * down within the generation. Enter or Space chooses.
 */
function walkByKeys(tree: Tree, choose: (id: string) => void): void {
  const { picture, models, nodes, places } = tree;
  let focused = nodes.has("0") ? "0" : (nodes.keys().next().value ?? "");
  nodes.get(focused)?.setAttribute("tabindex", "0");
  const focus = (id: string | undefined): void => {
    const node = id === undefined ? undefined : nodes.get(id);
    if (!node || id === undefined) return;
    nodes.get(focused)?.setAttribute("tabindex", "-1");
    focused = id;
    node.setAttribute("tabindex", "0");
    (node as SVGElement).focus();
    light(tree, id);
  };
  picture.addEventListener("keydown", (event) => {
    const id = modelAt(event);
    const node = id === undefined ? undefined : nodes.get(id);
    if (!node || id === undefined) return;
    const column = node.getAttribute("data-column");
    const row = Number(node.getAttribute("data-row"));
    const children = [...nodes.keys()].filter((other) => String(models[other]?.parent) === id);
    const first = children.find((other) => nodes.get(other)?.classList.contains("surviving")) ?? children[0];
    const to: Record<string, () => void> = {
      ArrowLeft: () => focus(String(models[id]?.parent)),
      ArrowRight: () => focus(first),
      ArrowUp: () => focus(places.get(`${column}/${row - 1}`)),
      ArrowDown: () => focus(places.get(`${column}/${row + 1}`)),
      Enter: () => choose(id),
      " ": () => choose(id),
    };
    const act = to[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** A model's facts, mutations and story, and the way to its parent. */
function aboutModel(model: ModelDetails, toParent: () => void): HTMLElement {
  const facts = document.createElement("dl");
  for (const [name, value] of model.facts) facts.append(make("dt", name), make("dd", value));
  const mutations = make("ul", "", "mutations");
  mutations.append(...model.mutations.map((text) => make("li", text)));
  const title = make("h3", model.title);
  title.setAttribute("tabindex", "-1");
  const about = document.createElement("div");
  about.append(title, facts);
  about.append(make("h4", "Changed against its parent"));
  about.append(model.mutations.length > 0 ? mutations : make("p", "nothing"));
  if (model.story) about.append(make("h4", "Its story"), make("p", model.story));
  if (model.parent < 0) return about;
  const up = make(
    "button",
    model.parent === 0 ? "To its parent, the root" : `To its parent, model ${model.parent}`,
  );
  up.addEventListener("click", toParent);
  about.append(up);
  return about;
}

/** A model's layers and hyperparameters. */
function insideModel(model: ModelDetails): HTMLElement {
  const all = document.createElement("details");
  all.append(make("summary", "All hyperparameters"));
  all.append(
    makeTable(
      ["name", "value"],
      model.hyperparams.map(([name, value, changed]) => ({ cells: [name, value], mark: changed })),
    ),
  );
  const inside = document.createElement("div");
  inside.append(make("h4", "Layers, head to image"));
  inside.append(
    makeTable(
      ["layer", "how", "size", "gradient steps by task, oldest first"],
      model.layers.map((cells) => ({ cells })),
    ),
  );
  inside.append(all);
  return inside;
}

function make(tag: string, text: string, className = ""): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

function makeTable(
  head: readonly string[],
  rows: readonly { cells: readonly string[]; mark?: boolean }[],
): HTMLElement {
  const line = document.createElement("tr");
  for (const text of head) {
    const th = make("th", text);
    th.setAttribute("scope", "col");
    line.append(th);
  }
  const top = document.createElement("thead");
  top.append(line);
  const body = document.createElement("tbody");
  for (const { cells, mark } of rows) {
    const tr = make("tr", "", mark ? "changed" : "");
    tr.append(...cells.map((cell) => make("td", cell)));
    body.append(tr);
  }
  const element = document.createElement("table");
  element.append(top, body);
  return element;
}

/** A button beside each command copies it, or selects it where the page may not use the clipboard. */
function copyScript(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button.copy")) {
    const field = button.parentElement?.querySelector("input");
    const said = button.parentElement?.querySelector("[role=status]");
    if (!field || !said) continue;
    button.hidden = false;
    const select = () => {
      field.select();
      said.textContent = "selected: copy it with the keyboard";
    };
    button.addEventListener("click", () => {
      if (!navigator.clipboard) return select();
      navigator.clipboard.writeText(field.value).then(() => {
        said.textContent = "copied";
      }, select);
    });
  }
}

const IN_PAGE = [
  ...[copyScript, lineageScript, readTree, modelAt, light, walkByKeys, aboutModel, insideModel],
  ...[make, makeTable],
];

/** The script's text in the page: a scope of its own with all functions under their names, of which two are called. */
export const SCRIPT = `(()=>{${IN_PAGE.map(String).join("\n")}\n${copyScript.name}();${lineageScript.name}();})();`;
