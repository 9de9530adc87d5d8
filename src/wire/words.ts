// A table, which only grows, of every name and hyperparameter value, so that rows can hold small numbers.

/** The type of a word; -0 and NaN do not occur in a run. */
export type Word = string | number | boolean;

/** The words of one run, numbered from 1; 0 is null. */
export class Words {
  readonly #index = new Map<Word, number>();
  #list: readonly Word[] = [];

  /** A new array each time it grows. */
  get list(): readonly Word[] {
    return this.#list;
  }

  /** The number of `word`, which is added if it is new. */
  of(word: Word | null): number {
    if (word === null) return 0;
    const known = this.#index.get(word);
    if (known !== undefined) return known;
    this.#list = [...this.#list, word];
    this.#index.set(word, this.#list.length);
    return this.#list.length;
  }
}

/** The word with this number in `list`, or null. */
export const wordAt = (list: readonly Word[], number: number): Word | null =>
  number === 0 ? null : (list[number - 1] ?? null);
