// Layers that a run has removed, made again: every layer is a function of the seed and of the journal before it, so training
// its maker again gives the same bytes, which their hash then proves.

import { layerNotMadeAgain } from "../../core/errors/index.js";
import type { LayerId, TaskName } from "../../core/model.js";
import type { Trainer } from "../../core/seams.js";
import type { Task } from "../../core/task.js";
import { deviceOf, type EngineName } from "../../engine/devices.js";
import type { TrainerOptions } from "../../engine/trainer.js";
import { eventsOf, readRun as readFolder } from "../folder.js";
import { readRun } from "../record.js";
import { type AgainOptions, taskAgain } from "../task-again.js";
import { makersOf, neededBy, type ToldChild, toldChildren } from "./children.js";
import { Rehearsal } from "./rehearsal.js";

export interface TrainAgainOptions
  extends AgainOptions,
    Partial<Pick<TrainerOptions, "threads" | "maxBytes">> {
  readonly engine?: EngineName;
  /** Replaces the engine's trainer; for tests. */
  readonly trainer?: (options: TrainerOptions) => Trainer;
  /** Receives how many of the layers are there, of all. */
  readonly onLayer?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Calls `take` with each of the removed layers `ids` of the run in `dir`, made again. Changes nothing in that run. Throws
 * run/layer-not-made where the bytes would be others, and as reading, `taskAgain` and training do.
 */
export async function layersAgain(
  dir: string,
  ids: readonly LayerId[],
  options: TrainAgainOptions,
  take: (id: LayerId, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const folder = await readFolder(dir);
  const run = await readRun(dir);
  const { header, store } = folder;
  const makers = makersOf(toldChildren(await eventsOf(folder), run.experiment, header.threads));
  const stored = new Set(await store.list());
  const tasks = new Map<TaskName, Task>();
  for (const { plan } of makersFor(ids, makers, stored))
    if (!tasks.has(plan.task)) tasks.set(plan.task, await taskAgain(run, plan.task, options, "mulab fork"));
  const { engine = "onnx", threads, maxBytes, trainer, signal, onLayer } = options;
  const rehearsal = await Rehearsal.open({
    makers,
    tasks,
    store,
    engine: {
      engine,
      device: deviceOf(engine, header.device),
      ...(threads !== undefined && { threads }),
      ...(maxBytes !== undefined && { maxBytes }),
    },
    trainer,
    signal,
  });
  try {
    for (const [done, id] of ids.entries()) {
      await take(id, await rehearsal.layer(id));
      onLayer?.(done + 1, ids.length);
    }
  } finally {
    await rehearsal.close();
  }
}

/** The children to train again for `ids`: their makers, and the makers of what these begin with and is gone. */
function makersFor(
  ids: readonly LayerId[],
  makers: ReadonlyMap<LayerId, ToldChild>,
  stored: ReadonlySet<LayerId>,
): ToldChild[] {
  const found = new Set<ToldChild>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (stored.has(id)) continue;
    const maker = makers.get(id);
    if (!maker) throw layerNotMadeAgain(id, ["the journal does not say what trained it"]);
    if (found.has(maker)) continue;
    found.add(maker);
    open.push(...neededBy(maker));
  }
  return [...found];
}
