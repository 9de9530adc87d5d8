// A state as bytes, from which models are read one by one, when they are first asked for.

import { List } from "../../core/list.js";
import type { Layer, Model, ModelId } from "../../core/model.js";
import type { State } from "../../core/state.js";
import { ByteReader, ByteWriter } from "./bytes.js";
import { readModel, writeModel } from "./model.js";
import { LayerTable, readLayer, ValueTable } from "./tables.js";

type Moment = State["moments"][number];

/** A moment without its models: how many it had, and those that are others now, by their place among the stored ones. */
interface StoredMoment extends Omit<Moment, "models"> {
  readonly models: number;
  readonly others: readonly (readonly [id: ModelId, place: number])[];
}

/** Everything of a state that is small: its models and layers are elsewhere. */
interface Rest extends Omit<State, "models" | "posembeds" | "moments" | "merging"> {
  readonly posembeds: readonly number[];
  readonly moments: readonly StoredMoment[];
}

/** `state` as bytes; no merge may be open in it. */
export function stateBytes({ models, posembeds, moments, merging: _, ...rest }: State): Buffer {
  const values = new ValueTable();
  const layers = new LayerTable(values);
  const written = new ByteWriter();
  const offsets: number[] = [];
  const places = new Map<Model, number>();
  const place = (model: Model): number => {
    offsets.push(written.length);
    writeModel(written, model, values, layers);
    places.set(model, offsets.length - 1);
    return offsets.length - 1;
  };
  models.forEach(place);
  const stored = moments.map(({ models: then, ...moment }): StoredMoment => {
    const others: [ModelId, number][] = [];
    then.forEach((model, id) => {
      if (models.get(id) !== model) others.push([id, places.get(model) ?? place(model)]);
    });
    return { ...moment, models: then.length, others };
  });
  const out = new ByteWriter();
  const beside = posembeds.map((layer) => layers.place(layer));
  out.text(JSON.stringify({ ...rest, posembeds: beside, moments: stored } satisfies Rest));
  out.text(values.toJson());
  out.count(models.length);
  for (const [starts, bytes] of [
    [layers.offsets, layers.done()],
    [offsets, written.done()],
  ] as const) {
    out.count(starts.length);
    out.bytes(Buffer.from(Uint32Array.from(starts).buffer));
    out.count(bytes.length);
    out.bytes(bytes);
  }
  return out.done();
}

/** The state of these bytes, which must be those of `stateBytes`; keeps them as long as its models are in use. */
export function stateOf(bytes: Buffer): State {
  const from = new ByteReader(bytes);
  const { posembeds, moments, ...rest } = JSON.parse(from.text()) as Rest;
  const values = JSON.parse(from.text()) as readonly unknown[];
  const count = from.count();
  const layers = section(from);
  const stored = section(from);
  const known: (Layer | undefined)[] = new Array(layers.offsets.length).fill(undefined);
  const layerAt = (place: number): Layer => {
    known[place] ??= readLayer(new ByteReader(layers.bytes, layers.offsets[place]!), values);
    return known[place];
  };
  const modelAt = (place: number, id: ModelId): Model =>
    readModel(new ByteReader(stored.bytes, stored.offsets[place]!), id, values, layerAt);
  const models = List.later(count, (id) => modelAt(id, id));
  // A model that two moments have in common is one object, so that what shares it still does.
  const earlier = new Map<number, Model>();
  const earlierAt = (place: number, id: ModelId): Model => {
    const model = earlier.get(place) ?? modelAt(place, id);
    earlier.set(place, model);
    return model;
  };
  return {
    ...rest,
    models,
    posembeds: posembeds.map(layerAt),
    moments: moments.map(({ others, models: length, ...moment }) => {
      const places = new Map(others);
      const then = List.later(length, (id) => {
        const place = places.get(id);
        return place === undefined ? models.get(id)! : earlierAt(place, id);
      });
      return { ...moment, models: then };
    }),
    merging: [],
  };
}

function section(from: ByteReader): { readonly offsets: Uint32Array; readonly bytes: Buffer } {
  const count = from.count();
  const offsets = new Uint32Array(Uint8Array.from(from.bytes(4 * count)).buffer);
  return { offsets, bytes: from.bytes(from.count()) };
}
