// The search in the tree: all models but those that were found, and picked in "Size and quality", are dimmed. Enter moves
// from one found model to the next.

import { searchModels } from "../../src/analysis/search.js";
import { plural } from "../../src/format/numbers.js";
import type { ModelId } from "../../src/wire/browser.js";
import type { RunClient } from "../client.js";
import { button, h, setText } from "../dom.js";

export interface SearchField {
  readonly elements: readonly HTMLElement[];
  focus(): void;
  /** The models that are not dimmed; null if none are dimmed. */
  find(): ReadonlySet<ModelId> | null;
}

export function searchField(run: RunClient, changed: () => void, select: (id: ModelId) => void): SearchField {
  let found: readonly ModelId[] = [];
  const search = h("input", {
    class: "mulab-input",
    attributes: {
      type: "search",
      placeholder: "Search: 17, bangla, block 2",
      "aria-label": "Search models by number, task, fate, mutation or layer",
      "data-lm-suppress-shortcuts": true,
    },
    on: {
      input: changed,
      keydown: (event: KeyboardEvent) => event.key === "Enter" && next(event.shiftKey ? -1 : 1),
    },
  });
  const matches = h("span", { class: "mulab-muted mulab-count", attributes: { "aria-live": "polite" } });
  const unbrush = button("Show all", () => run.brush(null), {
    class: "mulab-button mulab-quiet",
    title: "Show all models again, not only those picked in “Size and quality”",
  });

  function next(step: number): void {
    if (found.length === 0) return;
    const at = found.indexOf(run.selected ?? -1);
    select(found[(at + step + found.length) % found.length]!);
  }

  return {
    elements: [search, matches, unbrush],
    focus: () => search.focus(),
    find() {
      const { brushed } = run;
      const isSearching = search.value.trim() !== "";
      const ids = isSearching ? searchModels(run.state, search.value) : [...(brushed ?? [])];
      found = brushed ? ids.filter((id) => brushed.has(id)) : ids;
      const isFiltered = isSearching || brushed !== null;
      setText(matches, isFiltered ? `${plural(found.length, "model")}${brushed ? " picked" : ""}` : "");
      unbrush.hidden = brushed === null;
      return isFiltered ? new Set(found) : null;
    },
  };
}
