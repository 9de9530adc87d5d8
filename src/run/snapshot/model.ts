// A model as bytes: about 130 of them for a discarded child.

import type { Shape } from "../../core/components.js";
import type { Hyperparams, Mutation } from "../../core/hyperparams.js";
import type { Evaluation, Layer, Model, ModelId } from "../../core/model.js";
import type { ByteReader, ByteWriter } from "./bytes.js";
import type { LayerTable, ValueTable } from "./tables.js";

/** How an accuracy is stored: not at all, as a number, or as that of evaluation n - EVALUATION. */
const [NULL, NUMBER, EVALUATION] = [0, 1, 2];

/** Writes everything about `model` but its number. */
export function writeModel(to: ByteWriter, model: Model, values: ValueTable, layers: LayerTable): void {
  const { parent, task, birth, mutations, path, evaluations, accuracy, testAccuracy, selections } = model;
  to.count(parent === null ? 0 : parent + 1);
  to.count(values.place(task));
  writeShape(to, model.shape, values);
  to.count(values.place(Object.keys(model.hyperparams)));
  for (const value of Object.values(model.hyperparams)) to.count(values.place(value));
  to.count(mutations.length);
  for (const mutation of mutations) to.count(values.place(mutation));
  to.count(birth === null ? 0 : birth.iteration + 1);
  if (birth !== null) to.count(birth.generation);
  to.count(values.place(model.status));
  to.count(path.length);
  for (const layer of path) to.count(layers.place(layer));
  to.count(evaluations.length);
  for (const { accuracy, loss } of evaluations) {
    to.number(accuracy);
    to.number(loss);
  }
  const same = evaluations.findIndex((evaluation) => evaluation.accuracy === accuracy);
  to.count(accuracy === null ? NULL : same < 0 ? NUMBER : same + EVALUATION);
  if (accuracy !== null && same < 0) to.number(accuracy);
  to.count(testAccuracy === null ? NULL : NUMBER);
  if (testAccuracy !== null) to.number(testAccuracy);
  to.count(model.steps);
  const selected = Object.entries(selections);
  to.count(selected.length);
  for (const [by, times] of selected) {
    to.count(values.place(by));
    to.count(times);
  }
}

function writeShape(to: ByteWriter, { adapters, ...plain }: Shape, values: ValueTable): void {
  to.count(values.place(plain));
  to.count(adapters.length);
  for (const adapter of adapters) to.count(adapter);
}

function readShape(from: ByteReader, values: readonly unknown[]): Shape {
  const { backbone, imageSize, blocks, adapterDim, classes } = values[from.count()] as Omit<
    Shape,
    "adapters"
  >;
  const adapters: number[] = [];
  for (let left = from.count(); left > 0; left--) adapters.push(from.count());
  return { backbone, imageSize, blocks, adapters, adapterDim, classes };
}

/** Model `id`, whose bytes begin at the reader's place. */
export function readModel(
  from: ByteReader,
  id: ModelId,
  values: readonly unknown[],
  layerAt: (place: number) => Layer,
): Model {
  const parent = from.count() - 1;
  const task = values[from.count()] as Model["task"];
  const shape = readShape(from, values);
  const hyperparams: Record<string, unknown> = {};
  for (const key of values[from.count()] as string[]) hyperparams[key] = values[from.count()];
  const mutations: Mutation[] = [];
  for (let left = from.count(); left > 0; left--) mutations.push(values[from.count()] as Mutation);
  const iteration = from.count() - 1;
  const birth = iteration < 0 ? null : { iteration, generation: from.count() };
  const status = values[from.count()] as Model["status"];
  const path: Layer[] = [];
  for (let left = from.count(); left > 0; left--) path.push(layerAt(from.count()));
  const evaluations: Evaluation[] = [];
  for (let left = from.count(); left > 0; left--)
    evaluations.push({ accuracy: from.number(), loss: from.number() });
  const how = from.count();
  const accuracy =
    how === NULL ? null : how === NUMBER ? from.number() : evaluations[how - EVALUATION!]!.accuracy;
  const testAccuracy = from.count() === NULL ? null : from.number();
  const steps = from.count();
  const selected: [string, number][] = [];
  for (let left = from.count(); left > 0; left--)
    selected.push([values[from.count()] as string, from.count()]);
  return {
    evaluations,
    accuracy,
    testAccuracy,
    steps,
    selections: Object.fromEntries(selected),
    id,
    parent: parent < 0 ? null : parent,
    task,
    shape,
    hyperparams: hyperparams as unknown as Hyperparams,
    mutations,
    birth,
    status,
    path,
  };
}
