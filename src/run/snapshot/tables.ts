// Values that occur again and again are stored once and named by their place in a table.

import type { Layer, LayerId } from "../../core/model.js";
import { isLayerId } from "../../store/layer-id.js";
import { type ByteReader, ByteWriter } from "./bytes.js";

/** JSON values, each once. */
export class ValueTable {
  readonly #places = new Map<string, number>();
  readonly #texts: string[] = [];

  place(value: unknown): number {
    const text = JSON.stringify(value);
    const there = this.#places.get(text);
    if (there !== undefined) return there;
    this.#places.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  toJson(): string {
    return `[${this.#texts.join(",")}]`;
  }
}

/** Layers, each once. */
export class LayerTable {
  readonly #places = new Map<LayerId, { readonly layer: Layer; readonly place: number }[]>();
  readonly #bytes = new ByteWriter();
  readonly offsets: number[] = [];

  constructor(readonly values: ValueTable) {}

  /** Layers of one name may differ in a damaged or forged journal, so the name alone does not identify one. */
  place(layer: Layer): number {
    const named = this.#places.get(layer.id) ?? [];
    for (const { layer: other, place } of named) if (other === layer || isEqual(other, layer)) return place;
    const place = this.offsets.length;
    named.push({ layer, place });
    this.#places.set(layer.id, named);
    this.offsets.push(this.#bytes.length);
    this.#write(layer);
    return place;
  }

  #write({ name, id, paramCount, history }: Layer): void {
    const bytes = this.#bytes;
    bytes.count(this.values.place(name));
    if (isLayerId(id)) {
      bytes.count(1);
      bytes.bytes(Buffer.from(id, "hex"));
    } else {
      bytes.count(0);
      bytes.text(id);
    }
    bytes.count(paramCount);
    bytes.count(history.length);
    for (const { task, steps } of history) {
      bytes.count(this.values.place(task));
      bytes.count(steps);
    }
  }

  done(): Buffer {
    return this.#bytes.done();
  }
}

const isEqual = (a: Layer, b: Layer): boolean =>
  a.name === b.name &&
  a.paramCount === b.paramCount &&
  a.history.length === b.history.length &&
  a.history.every(({ task, steps }, i) => b.history[i]!.task === task && b.history[i]!.steps === steps);

/** The layer that a LayerTable wrote at the reader's place. */
export function readLayer(from: ByteReader, values: readonly unknown[]): Layer {
  const name = values[from.count()] as Layer["name"];
  const id = (from.count() === 1 ? from.bytes(32).toString("hex") : from.text()) as LayerId;
  const paramCount = from.count();
  const history: Layer["history"][number][] = [];
  for (let left = from.count(); left > 0; left--)
    history.push({ task: values[from.count()] as string, steps: from.count() });
  return { name, id, paramCount, history };
}
