// A page of models as columns. How often each was chosen as a parent is not included: it follows from the children.

import type { Backbone } from "../core/components.js";
import type { HyperparamName, Hyperparams, Mutation } from "../core/hyperparams.js";
import type { Layer, Model, ModelId } from "../core/model.js";
import { ByteReader, ByteWriter } from "./bytes.js";
import { type Word, type Words, wordAt } from "./words.js";

const STATUSES = Object.keys({
  root: 0,
  training: 0,
  active: 0,
  retained: 0,
  dropped: 0,
  discarded: 0,
  failed: 0,
} satisfies Record<Model["status"], 0>) as Model["status"][];

const KINDS = Object.keys({
  step: 0,
  clone: 0,
  insert: 0,
  remove: 0,
  recover: 0,
} satisfies Record<Mutation["kind"], 0>) as Mutation["kind"][];

/** In the order on the wire; the type makes sure that none is missing. */
export const HYPERPARAMS = Object.keys({
  mutationProbability: 0,
  learningRate: 0,
  schedule: 0,
  warmupRatio: 0,
  momentum: 0,
  nesterov: 0,
  crop: 0,
  areaMin: 0,
  aspectMin: 0,
  flip: 0,
  brightness: 0,
  contrast: 0,
  saturation: 0,
  hue: 0,
  imageSize: 0,
  adapterDim: 0,
  blocks: 0,
} satisfies Record<HyperparamName, 0>) as HyperparamName[];

const NONE = 0xffff_ffff;

/** Rows [row] in the order of ids; `layerRow` gives a layer's row in the table of layers. */
export function encodeModels(models: readonly Model[], words: Words, layerRow: (layer: Layer) => number) {
  const out = new ByteWriter();
  const column = (write: (model: Model) => void) => {
    for (const model of models) write(model);
  };
  out.u16(models.length);
  column(({ parent }) => out.u32(parent ?? NONE));
  column(({ task }) => out.u16(words.of(task)));
  column(({ status }) => out.u8(STATUSES.indexOf(status)));
  column(({ birth }) => out.u16(birth ? birth.iteration + 1 : 0));
  column(({ birth }) => out.u16(birth?.generation ?? 0));
  column(({ accuracy }) => out.f64(accuracy ?? -1));
  column(({ testAccuracy }) => out.f64(testAccuracy ?? -1));
  column(({ steps }) => out.u32(steps));
  column(({ shape }) => out.u16(shape.imageSize));
  column(({ shape }) => out.u16(shape.blocks));
  column(({ shape }) => out.u16(shape.adapterDim));
  column(({ shape }) => out.u32(shape.classes));
  column(({ shape }) => {
    out.u8(shape.adapters.length);
    for (const block of shape.adapters) out.u8(block);
  });
  for (const name of HYPERPARAMS) column(({ hyperparams }) => out.u16(words.of(hyperparams[name])));
  column(({ mutations }) => {
    out.u8(mutations.length);
    for (const mutation of mutations) {
      out.u8(KINDS.indexOf(mutation.kind));
      if (mutation.kind === "step")
        for (const word of [mutation.name, mutation.from, mutation.to]) out.u16(words.of(word));
      else out.u16(words.of(mutation.component));
    }
  });
  column(({ evaluations }) => {
    out.u16(evaluations.length);
    for (const { accuracy, loss } of evaluations) {
      out.f64(accuracy);
      out.f64(loss);
    }
  });
  column(({ path }) => {
    out.u16(path.length);
    for (const layer of path) out.u32(layerRow(layer));
  });
  return out.finish();
}

/** The models of a page; `selections` stay empty, for a caller that knows all children. */
export function decodeModels(
  page: ArrayBufferView,
  from: ModelId,
  words: readonly Word[],
  layers: readonly Layer[],
  backbone: Backbone,
): Model[] {
  const read = new ByteReader(page);
  const count = read.u16();
  const column = <T>(next: () => T): T[] => Array.from({ length: count }, next);
  const listOf = <T>(length: number, next: () => T): T[] => Array.from({ length }, next);
  const word = <T>() => wordAt(words, read.u16()) as T;
  const parent = column(() => read.u32());
  const task = column(() => word<string | null>());
  const status = column(() => STATUSES[read.u8()]!);
  const iteration = column(() => read.u16());
  const generation = column(() => read.u16());
  const accuracy = column(() => read.f64());
  const testAccuracy = column(() => read.f64());
  const steps = column(() => read.u32());
  const imageSize = column(() => read.u16());
  const blocks = column(() => read.u16());
  const adapterDim = column(() => read.u16());
  const classes = column(() => read.u32());
  const adapters = column(() => listOf(read.u8(), () => read.u8()));
  const hyperparams = HYPERPARAMS.map((name) => [name, column(() => word())] as const);
  const mutations = column(() =>
    listOf(read.u8(), (): Mutation => {
      const kind = KINDS[read.u8()]!;
      if (kind === "step") return { kind, name: word(), from: word(), to: word() };
      return { kind, component: word() };
    }),
  );
  const evaluations = column(() => listOf(read.u16(), () => ({ accuracy: read.f64(), loss: read.f64() })));
  const path = column(() => listOf(read.u16(), () => layers[read.u32()]!));
  return listOf(count, () => 0).map((_, i) => ({
    id: from + i,
    parent: parent[i] === NONE ? null : parent[i]!,
    task: task[i]!,
    shape: {
      backbone,
      imageSize: imageSize[i]!,
      blocks: blocks[i]!,
      adapters: adapters[i]!,
      adapterDim: adapterDim[i]!,
      classes: classes[i]!,
    },
    hyperparams: Object.fromEntries(
      hyperparams.map(([name, values]) => [name, values[i]]),
    ) as unknown as Hyperparams,
    mutations: mutations[i]!,
    birth: iteration[i] === 0 ? null : { iteration: iteration[i]! - 1, generation: generation[i]! },
    status: status[i]!,
    path: path[i]!,
    evaluations: evaluations[i]!,
    accuracy: accuracy[i]! < 0 ? null : accuracy[i]!,
    testAccuracy: testAccuracy[i]! < 0 ? null : testAccuracy[i]!,
    steps: steps[i]!,
    selections: {},
  }));
}
