// Searches models by number, task, fate, mutation or layer. Every word must match; a component and its number count as one
// word, because a number by itself is a model's.

import type { Model, ModelId } from "../core/model.js";
import type { State } from "../core/state.js";
import { mutationText, mutationWords } from "../format/mutation.js";

/** Models that match all words of `query`, oldest first; none for an empty query. */
export function searchModels(state: State, query: string): ModelId[] {
  const words = query.toLowerCase().match(/\b(?:block|adapter)\s+\d+|\S+/g) ?? [];
  if (words.length === 0) return [];
  return state.models.filter((model) => words.every((word) => fits(model, word))).map(({ id }) => id);
}

function fits(model: Model, word: string): boolean {
  if (/^(?:block|adapter)\s/.test(word)) {
    const component = new RegExp(`\\b${word.replace(/\s+/, " ")}\\b`);
    return model.mutations.some((mutation) => component.test(mutationWords(mutation)));
  }
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
