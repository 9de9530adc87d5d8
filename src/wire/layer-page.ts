// A page of layers as columns: what each is, how large, and who trained it.

import type { ComponentName } from "../core/components.js";
import type { Layer, LayerId, TaskName } from "../core/model.js";
import { ByteReader, ByteWriter } from "./bytes.js";
import { type Word, type Words, wordAt } from "./words.js";

const ID_BYTES = 32;

/** Rows of layers in the order in which models first named them. */
export function encodeLayers(layers: readonly Layer[], words: Words) {
  const out = new ByteWriter();
  out.u16(layers.length);
  for (const { name } of layers) out.u16(words.of(name));
  for (const { paramCount } of layers) out.u32(paramCount);
  for (const { id } of layers)
    for (let at = 0; at < 2 * ID_BYTES; at += 2) out.u8(Number.parseInt(id.slice(at, at + 2), 16));
  for (const { history } of layers) {
    out.u16(history.length);
    for (const { task, steps } of history) {
      out.u16(words.of(task));
      out.u32(steps);
    }
  }
  return out.finish();
}

export function decodeLayers(page: ArrayBufferView, words: readonly Word[]): Layer[] {
  const read = new ByteReader(page);
  const count = read.u16();
  const column = <T>(next: () => T): T[] => Array.from({ length: count }, next);
  const hex = () => read.u8().toString(16).padStart(2, "0");
  const name = column(() => wordAt(words, read.u16()) as ComponentName);
  const paramCount = column(() => read.u32());
  const id = column(() => Array.from({ length: ID_BYTES }, hex).join("") as LayerId);
  const history = column(() =>
    Array.from({ length: read.u16() }, () => ({
      task: wordAt(words, read.u16()) as TaskName,
      steps: read.u32(),
    })),
  );
  return name.map((_, i) => ({
    name: name[i]!,
    id: id[i]!,
    paramCount: paramCount[i]!,
    history: history[i]!,
  }));
}
