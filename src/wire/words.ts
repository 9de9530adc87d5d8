// Every name and every hyperparameter value once, so that rows hold small numbers: a table that only grows.

/** What a word may be; -0 and NaN do not occur in a run. */
export type Word = string | number | boolean;

/** The words of one run, from 1; 0 is "nothing". */
export class Words {
  readonly #index = new Map<Word, number>();
  #list: readonly Word[] = [];

  /** A new array whenever it has grown. */
  get list(): readonly Word[] {
    return this.#list;
  }

  /** The number of `word`, which is added where it is new. */
  of(word: Word | null): number {
    if (word === null) return 0;
    const known = this.#index.get(word);
    if (known !== undefined) return known;
    this.#list = [...this.#list, word];
    this.#index.set(word, this.#list.length);
    return this.#list.length;
  }
}

/** The word with `number` in `list`, or null. */
export const wordAt = (list: readonly Word[], number: number): Word | null =>
  number === 0 ? null : (list[number - 1] ?? null);
