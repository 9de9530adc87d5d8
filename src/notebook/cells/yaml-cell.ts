// A cell of YAML lines, read key by key: every mistake is reported at its place in the cell.

import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Range } from "yaml";
import {
  cellNotKeys,
  cellNotYaml,
  cellValueNotValid,
  MulabError,
  unknownName,
  withoutStop,
} from "../../core/errors/index.js";
import type { Field } from "./fields.js";

/** Where in the cell's body a mistake is; all from 0. The kernel shows the line with a caret. */
export interface CellPlace {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A mistake in an evolver cell. */
export class CellError extends MulabError {
  constructor(
    mistake: MulabError,
    readonly cellPlace: CellPlace,
  ) {
    super(mistake.code, mistake.problem, mistake);
    this.name = "CellError";
  }
}

type Node = { readonly range?: Range | null | undefined };

interface Value extends Node {
  toJSON(): unknown;
}

/** The entries of a cell whose keys are known. */
export class YamlCell {
  readonly isEmpty: boolean;
  readonly #entries: ReadonlyMap<string, Value>;
  readonly #counter = new LineCounter();
  readonly #line: number;

  /** The cell whose body is `text`; `line` is where the body begins in the cell. Throws CellError. */
  constructor(text: string, line: number, fields: readonly Field[]) {
    this.#line = line;
    // A pretty error names a line of the body; the kernel shows the cell's.
    const document = parseDocument(text, { lineCounter: this.#counter, prettyErrors: false });
    const broken = document.errors[0];
    if (broken) throw this.mistake(cellNotYaml(withoutStop(broken.message)), ...broken.pos);
    this.isEmpty = document.contents === null;
    this.#entries = this.#entriesOf(document, fields);
  }

  /** The value of `key` as plain data; undefined if nothing is written. */
  plain(key: string): unknown {
    return this.#entries.get(key)?.toJSON();
  }

  /** `work` with what is written for `key`; a mistake that it throws is reported there. */
  read<T>(key: string, work: (value: unknown) => T): T {
    return this.at(this.#entries.get(key), () => work(this.plain(key)));
  }

  /** The settings below `key`, each with `work` done on it at its place. */
  settings<T>(key: string, work: (name: string, value: unknown) => T): T[] {
    const node = this.#entries.get(key);
    return this.at(node, () => pairsOf(key, node)).map(([name, value, pair]) =>
      this.at(pair, () => work(name, value)),
    );
  }

  /** `error` at characters `from` to `to` of the body. */
  mistake(error: MulabError, from = 0, to = 1): CellError {
    const { line: at, col } = this.#counter.linePos(from);
    return new CellError(error, {
      line: this.#line + at - 1,
      column: col - 1,
      length: Math.max(1, to - from),
    });
  }

  at<T>(node: Node | null | undefined, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof MulabError) || error instanceof CellError) throw error; // the inner place is the exact one
      const [from, to] = node?.range ?? [0, 1, 1];
      throw this.mistake(error, from, to);
    }
  }

  #entriesOf(document: Document, fields: readonly Field[]): Map<string, Value> {
    const entries = new Map<string, Value>();
    if (document.contents === null) return entries;
    if (!isMap(document.contents))
      return this.at(document.contents, () => {
        throw cellNotKeys();
      });
    for (const { key, value } of document.contents.items) {
      const name = isScalar(key) ? String(key.value) : String(key);
      this.at(key as Node, () => {
        if (!fields.some((field) => field.key === name))
          throw unknownName(
            "key",
            name,
            fields.map((field) => field.key),
          );
      });
      // A key with nothing behind it is as good as one that is not there: its value is still to be typed.
      if (value && !(isScalar(value) && value.value === null)) entries.set(name, value as Value);
    }
    return entries;
  }
}

/** The pairs of a map node: key, plain value, and the node to point at. Throws cells/not-valid for any other. */
function pairsOf(what: string, node: Value | undefined): [key: string, value: unknown, at: Node][] {
  if (!node) return [];
  if (!isMap(node)) {
    const example = what === "over" ? "children: [4, 8]" : "children: 4";
    return complain(what, node.toJSON(), `settings, each on a line below it, such as ${example}`);
  }
  return node.items.filter(isPair).map(({ key, value }) => {
    const from = (key as Node).range?.[0] ?? 0;
    const to = ((value as Node | null)?.range ?? (key as Node).range)?.[1] ?? from + 1;
    const plain = isScalar(value) || isSeq(value) ? value.toJSON() : value;
    return [String(isScalar(key) ? key.value : key), plain, { range: [from, to, to] }];
  });
}

export const complain = (what: string, value: unknown, expected: string): never => {
  throw cellValueNotValid(what, value, expected);
};

export const whole = (what: string, value: unknown, least: number): number =>
  Number.isSafeInteger(value) && (value as number) >= least
    ? (value as number)
    : complain(what, value, `a whole number from ${least}`);

export const positive = (what: string, value: unknown): number =>
  typeof value === "number" && value > 0 && Number.isFinite(value)
    ? value
    : complain(what, value, "a number above 0");

export const path = (what: string, value: unknown): string | undefined =>
  value === undefined || typeof value === "string" || typeof value === "number"
    ? value?.toString()
    : complain(what, value, "a path");

/** What may be one or a list, as a list; undefined if nothing is written. */
export const listOf = (what: string, value: unknown): unknown[] | undefined => {
  const list = value === undefined || Array.isArray(value) ? value : [value];
  if (list?.length === 0 || list?.some((each) => typeof each === "object"))
    return complain(what, value, "a list of names or values that is not empty");
  return list;
};

export const flag = (what: string, value: unknown): boolean =>
  typeof value === "boolean" ? value : complain(what, value, "true or false");
