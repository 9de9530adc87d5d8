// Explains a word where it is used: a button that shows one sentence of the glossary (docs/glossary.md).

import { button, h } from "./dom.js";

/** One sentence each, from the glossary. */
export const MEANINGS = {
  "accounted parameters":
    "Accounted parameters: the parameters of a model, each divided by the number of models that use it (muNet eq. 3).",
  activation:
    "Activation: one turn of one task: some generations of children, of which at most one is retained.",
} as const;

export type Term = keyof typeof MEANINGS;

export interface Help {
  readonly button: HTMLButtonElement;
  /** Belongs where the sentence has room. */
  readonly note: HTMLElement;
}

export function helpOn(term: Term): Help {
  const note = h("p", {
    class: "mulab-note mulab-meaning",
    text: MEANINGS[term],
    attributes: { role: "note", hidden: true },
  });
  const asks = button("?", () => show(note.hasAttribute("hidden")), {
    class: "mulab-button mulab-quiet mulab-help",
    title: MEANINGS[term],
    attributes: { "aria-label": `What “${term}” means`, "aria-expanded": "false" },
  });
  asks.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || note.hidden) return;
    show(false);
    event.stopPropagation();
  });
  function show(isShown: boolean): void {
    note.hidden = !isShown;
    asks.setAttribute("aria-expanded", String(isShown));
  }
  return { button: asks, note };
}
