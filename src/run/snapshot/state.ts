// A state as bytes, from which models are read one by one, when they are first asked for.

import { List } from "../../core/list.js";
import type { Layer } from "../../core/model.js";
import type { State } from "../../core/state.js";
import { ByteReader, ByteWriter } from "./bytes.js";
import { readModel, writeModel } from "./model.js";
import { LayerTable, readLayer, ValueTable } from "./tables.js";

/** Everything of a state that is small: its models and layers are elsewhere. */
type Rest = Omit<State, "models" | "posembeds">;

/** `state` as bytes. */
export function stateBytes({ models, posembeds, ...rest }: State): Buffer {
  const values = new ValueTable();
  const layers = new LayerTable(values);
  const written = new ByteWriter();
  const offsets: number[] = [];
  models.forEach((model) => {
    offsets.push(written.length);
    writeModel(written, model, values, layers);
  });
  const out = new ByteWriter();
  const beside = posembeds.map((layer) => layers.place(layer));
  out.text(JSON.stringify({ ...rest, posembeds: beside }));
  out.text(values.toJson());
  for (const [places, bytes] of [
    [layers.offsets, layers.done()],
    [offsets, written.done()],
  ] as const) {
    out.count(places.length);
    out.bytes(Buffer.from(Uint32Array.from(places).buffer));
    out.count(bytes.length);
    out.bytes(bytes);
  }
  return out.done();
}

/** The state of these bytes, which must be those of `stateBytes`; keeps them as long as its models are in use. */
export function stateOf(bytes: Buffer): State {
  const from = new ByteReader(bytes);
  const { posembeds, ...rest } = JSON.parse(from.text()) as Rest & { posembeds: readonly number[] };
  const values = JSON.parse(from.text()) as readonly unknown[];
  const layers = section(from);
  const models = section(from);
  const known: (Layer | undefined)[] = new Array(layers.offsets.length).fill(undefined);
  const layerAt = (place: number): Layer => {
    known[place] ??= readLayer(new ByteReader(layers.bytes, layers.offsets[place]!), values);
    return known[place];
  };
  return {
    ...rest,
    models: List.later(models.offsets.length, (id) =>
      readModel(new ByteReader(models.bytes, models.offsets[id]!), id, values, layerAt),
    ),
    posembeds: posembeds.map(layerAt),
  };
}

function section(from: ByteReader): { readonly offsets: Uint32Array; readonly bytes: Buffer } {
  const count = from.count();
  const offsets = new Uint32Array(Uint8Array.from(from.bytes(4 * count)).buffer);
  return { offsets, bytes: from.bytes(from.count()) };
}
