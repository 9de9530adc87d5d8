// All retained layers of a run as one safetensors file, each under its name, with a manifest in the file's metadata: which
// models use a layer, and what trained it. Written layer by layer, because a system may be larger than memory.

import { retainedModels } from "../core/live.js";
import type { Layer, LayerId, ModelId, TaskName } from "../core/model.js";
import { inFileOrder, readSafetensors, safetensorsStart, type TensorKind } from "../core/safetensors.js";
import { standingTasks } from "../core/state.js";
import { type FileKind, replaceFile } from "../disk/replace.js";
import { readRun as readFolder } from "../run/folder.js";
import { type RunRecord, readRun } from "../run/record.js";
import { mulabVersion } from "../run/versions.js";
import { privateAmong, rootOf } from "./task-model.js";

/** A layer as the manifest describes it. */
export interface ManifestLayer {
  /** Its name, which its tensors' names begin with: sha-256 of the layer's file in the run. */
  readonly id: LayerId;
  readonly component: string;
  readonly paramCount: number;
  /** Tasks that trained it, with their gradient steps, oldest first; empty for the root's. */
  readonly trainedBy: Layer["history"];
  /** The private ones among them. */
  readonly private: readonly TaskName[];
  /** Numbers of the retained models that use it. */
  readonly usedBy: readonly ModelId[];
}

export interface ExportedLayers {
  readonly file: string;
  readonly layers: number;
  readonly models: number;
  readonly bytes: number;
  /** Private tasks on whose images some of the layers were trained. */
  readonly private: readonly TaskName[];
}

const FORMAT = "mulab-layers/1";
const LAYERS_FILE: FileKind = {
  name: "layers of mulab",
  recognise: (head) => new TextDecoder("latin1").decode(head).includes(`"format":"${FORMAT}"`),
};

/**
 * Writes the layers of all retained models of the run in `dir`, the root among them, as a safetensors file: tensors
 * "<layer>/<tensor>" and, where training left momentum, "<layer>/momentum/<tensor>". The metadata's `manifest` is JSON: the
 * run, tasks, models with their paths, layers. Throws store/missing-layer, store/corrupt-layer, store/….
 */
export async function exportLayers(dir: string, file: string): Promise<ExportedLayers> {
  const run = await readRun(dir);
  const { store } = await readFolder(dir);
  const models = retainedModels(run.state);
  const layers = layersOf(run);
  const ids = layers.map(({ id }) => id).sort();
  const kinds: [string, TensorKind][] = [];
  for (const id of ids)
    for (const [name, { dtype, dims }] of readSafetensors(await store.get(id)).tensors)
      kinds.push([`${id}/${name}`, { dtype, dims }]);
  kinds.sort(inFileOrder);
  // The first characters of the metadata are those by which the file is recognized: keys are sorted.
  const start = safetensorsStart(kinds, {
    format: FORMAT,
    manifest: JSON.stringify(manifestOf(run, layers)),
  });
  let bytes = 0;
  async function* content(): AsyncGenerator<Uint8Array> {
    bytes = start.length;
    yield start;
    // In the order of the header: a layer comes up once for its parameters and once for its momentum.
    for (let at = 0; at < kinds.length; ) {
      const id = kinds[at]![0].slice(0, kinds[at]![0].indexOf("/"));
      const { tensors } = readSafetensors(await store.get(id as LayerId));
      for (; at < kinds.length && kinds[at]![0].startsWith(`${id}/`); at++) {
        const tensor = tensors.get(kinds[at]![0].slice(id.length + 1))!;
        bytes += tensor.bytes.length;
        yield tensor.bytes;
      }
    }
  }
  await replaceFile(file, content(), LAYERS_FILE);
  const secret = [...new Set(layers.flatMap((layer) => layer.private))];
  return { file, layers: layers.length, models: models.length, bytes, private: secret };
}

/** The layers of the retained models, in the order of their first use. */
function layersOf({ state }: Pick<RunRecord, "state">): ManifestLayer[] {
  const users = new Map<LayerId, { readonly layer: Layer; readonly usedBy: ModelId[] }>();
  for (const { id, path } of retainedModels(state))
    for (const layer of path) {
      const known = users.get(layer.id);
      if (known) known.usedBy.push(id);
      else users.set(layer.id, { layer, usedBy: [id] });
    }
  return [...users.values()].map(({ layer: { id, name, paramCount, history }, usedBy }) => {
    const secret = privateAmong(state, new Set(history.map(({ task }) => task)));
    return { id, component: name, paramCount, trainedBy: history, private: secret, usedBy };
  });
}

/** What the file says of itself. */
function manifestOf(
  { experiment, state, digest, header }: RunRecord,
  layers: readonly ManifestLayer[],
): object {
  return {
    mulab: mulabVersion,
    run: { experiment: experiment.name, title: experiment.title, seed: experiment.seed, digest },
    madeBy: header.versions,
    root: rootOf(experiment.root),
    tasks: standingTasks(state).map(({ name, access, classes, classNames, fingerprint, source }) => ({
      ...{ name, access, classes, fingerprint, source },
      ...(classNames && { classNames }),
    })),
    models: retainedModels(state).map(
      ({ id, parent, task, shape, hyperparams, accuracy, testAccuracy, path }) => ({
        ...{ id, parent, task, shape, hyperparams, accuracy, testAccuracy },
        path: path.map(({ name, id }) => ({ component: name, layer: id })),
      }),
    ),
    layers,
  };
}
