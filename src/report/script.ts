// All of the report's behaviour: it highlights the path from the model under the pointer to the root, and shows the details
// of the chosen model. It runs in the page, so it must not use anything outside itself, and it writes only text (the page's
// policy allows nothing else). Without it the report is still readable, and titles still appear.

import type { ModelDetails } from "./details.js";

/** Runs in the page. */
function lineageScript(): void {
  const picture = document.querySelector<HTMLElement>("#lineage .mulab-scene");
  const panel = document.querySelector<HTMLElement>("#model");
  const data = document.querySelector("#model-data")?.textContent;
  if (!picture || !panel || !data) return;
  const models: Record<string, ModelDetails> = JSON.parse(data);
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
  let chosen: string | undefined;

  const make = (tag: string, text: string, className = ""): HTMLElement => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  const light = (id: string | undefined): void => {
    picture.querySelectorAll(".lit").forEach((lit) => {
      lit.classList.remove("lit");
    });
    picture.classList.toggle("lighting", id !== undefined);
    for (let at = id; at !== undefined && at !== "-1"; at = String(models[at]?.parent ?? -1)) {
      nodes.get(at)?.classList.add("lit");
      edges.get(at)?.classList.add("lit");
    }
  };

  const table = (head: string[], rows: { cells: readonly string[]; mark?: boolean }[]): HTMLElement => {
    const element = document.createElement("table");
    const top = document.createElement("thead");
    const line = document.createElement("tr");
    for (const text of head) {
      const th = make("th", text);
      th.setAttribute("scope", "col");
      line.append(th);
    }
    top.append(line);
    const body = document.createElement("tbody");
    for (const { cells, mark } of rows) {
      const tr = make("tr", "", mark ? "changed" : "");
      tr.append(...cells.map((cell) => make("td", cell)));
      body.append(tr);
    }
    element.append(top, body);
    return element;
  };

  const choose = (id: string): void => {
    const model = models[id];
    if (!model) return;
    if (chosen !== undefined) nodes.get(chosen)?.classList.remove("chosen");
    chosen = id;
    nodes.get(id)?.classList.add("chosen");
    const facts = document.createElement("dl");
    for (const [name, value] of model.facts) facts.append(make("dt", name), make("dd", value));
    const mutations = make("ul", "", "mutations");
    mutations.append(...model.mutations.map((text) => make("li", text)));
    const left = document.createElement("div");
    const title = make("h3", model.title);
    title.setAttribute("tabindex", "-1");
    left.append(title, facts);
    left.append(make("h4", "Changed against its parent"));
    left.append(model.mutations.length > 0 ? mutations : make("p", "nothing"));
    if (model.story) left.append(make("h4", "Its story"), make("p", model.story));
    if (model.parent >= 0) {
      const up = make(
        "button",
        model.parent === 0 ? "To its parent, the root" : `To its parent, model ${model.parent}`,
      );
      up.addEventListener("click", () => {
        choose(String(model.parent));
        // The button disappears with the panel's old contents, so the focus moves to the next "parent" button, or at the
        // root to its name.
        panel.querySelector<HTMLElement>(model.parent > 0 ? "button" : "h3")?.focus();
      });
      left.append(up);
    }
    const right = document.createElement("div");
    right.append(make("h4", "Layers, head to image"));
    right.append(
      table(
        ["layer", "how", "size", "gradient steps by task, oldest first"],
        model.layers.map((cells) => ({ cells })),
      ),
    );
    const all = document.createElement("details");
    all.append(make("summary", "All hyperparameters"));
    all.append(
      table(
        ["name", "value"],
        model.hyperparams.map(([name, value, changed]) => ({ cells: [name, value], mark: changed })),
      ),
    );
    right.append(all);
    panel.replaceChildren(left, right);
    light(id);
  };

  const modelOf = (event: Event): string | undefined =>
    (event.target as Element | null)?.closest("[data-model]")?.getAttribute("data-model") ?? undefined;
  picture.addEventListener("pointerover", (event) => light(modelOf(event) ?? chosen));
  picture.addEventListener("pointerleave", () => light(chosen));
  picture.addEventListener("click", (event) => {
    const id = modelOf(event);
    if (id !== undefined) choose(id);
  });

  // The tree is one stop of the Tab key; from there, arrow keys walk it: left to the parent, right to the first child, up
  // and down within the generation. Enter or Space chooses.
  let focused = "0";
  const focus = (id: string | undefined): void => {
    const node = id === undefined ? undefined : nodes.get(id);
    if (!node || id === undefined) return;
    nodes.get(focused)?.setAttribute("tabindex", "-1");
    focused = id;
    node.setAttribute("tabindex", "0");
    (node as SVGElement).focus();
    light(id);
  };
  if (!nodes.has(focused)) focused = nodes.keys().next().value ?? "";
  nodes.get(focused)?.setAttribute("tabindex", "0");
  picture.addEventListener("focusin", (event) => {
    const id = modelOf(event);
    if (id !== undefined) light(id);
  });
  picture.addEventListener("focusout", () => light(chosen));
  picture.addEventListener("keydown", (event) => {
    const id = modelOf(event);
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

/** Runs in the page: a button beside each command copies it, or selects it where the page may not use the clipboard. */
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

/** The script's text in the page. */
export const SCRIPT = `(${copyScript.toString()})();(${lineageScript.toString()})();`;
