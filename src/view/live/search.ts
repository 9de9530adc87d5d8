// Finding models: by number, task, fate, mutation, layer. Every word must fit.

import { mutationText } from "../../analysis/lineage.js";
import type { Model, ModelId } from "../../core/model.js";
import type { State } from "../../core/state.js";
import { mutationWords } from "./mutation-words.js";

/** Models that fit all words of `query`, oldest first; none for an empty query. */
export function searchModels(state: State, query: string): ModelId[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return state.models.filter((model) => words.every((word) => fits(model, word))).map(({ id }) => id);
}

function fits(model: Model, word: string): boolean {
  const number = /^#?(\d+)$/.exec(word);
  if (number) return model.id === Number(number[1]);
  return (
    (model.task ?? "root").toLowerCase().includes(word) ||
    model.status.startsWith(word) ||
    model.mutations.some((mutation) =>
      [mutationText(mutation), mutationWords(mutation)].some((text) => text.toLowerCase().includes(word)),
    ) ||
    (word.length >= 4 && model.path.some(({ id }) => id.startsWith(word)))
  );
}
