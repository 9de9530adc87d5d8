// Trains children of a journal again, one at a time (a child trained alone ends with the bytes that it has among its
// siblings), and compares them with what the journal tells of them. Layers that are made again live in a temporary folder.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layerNotMadeAgain } from "../../core/errors/index.js";
import type { Outcome } from "../../core/event.js";
import type { Layer, LayerId, TaskName } from "../../core/model.js";
import { planScore } from "../../core/score.js";
import type { Cycle, Trainer } from "../../core/seams.js";
import type { Task } from "../../core/task.js";
import { createTrainer, type TrainerOptions } from "../../engine/trainer.js";
import { type FileStore, fileStore } from "../../store/files.js";
import { canonicalJson } from "../digest.js";
import { neededBy, type ToldChild } from "./children.js";

export interface Stage {
  /** The child that trained each layer. */
  readonly makers: ReadonlyMap<LayerId, ToldChild>;
  /** The tasks of all children that come up. */
  readonly tasks: ReadonlyMap<TaskName, Task>;
  readonly store: Pick<FileStore, "has" | "get">;
  readonly engine: Partial<Pick<TrainerOptions, "engine" | "device" | "threads" | "maxBytes">>;
  readonly trainer: ((options: TrainerOptions) => Trainer) | undefined;
  readonly signal: AbortSignal | undefined;
}

export class Rehearsal {
  readonly #made: FileStore;
  readonly #trainers = new Map<string, Trainer>();
  /** What each child that was trained again differs in. */
  readonly #found = new Map<ToldChild, readonly string[]>();

  private constructor(
    readonly stage: Stage,
    readonly folder: string,
  ) {
    this.#made = fileStore(join(folder, "layers"));
  }

  static async open(stage: Stage): Promise<Rehearsal> {
    return new Rehearsal(stage, await mkdtemp(join(tmpdir(), "mulab-replay-")));
  }

  async close(): Promise<void> {
    for (const trainer of this.#trainers.values()) await trainer.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A layer that is there, or made again. Throws run/layer-not-made if its maker ends with other bytes. */
  async layer(id: LayerId): Promise<Uint8Array> {
    if (await this.#has(id)) return this.#get(id);
    const maker = this.stage.makers.get(id);
    const found = maker ? await this.differences(maker) : ["the journal does not say what trained it"];
    if (!(await this.#has(id))) throw layerNotMadeAgain(id, found);
    return this.#get(id);
  }

  /** Trains `child` again and says what differs from the journal, if anything; what it needs and is gone is trained before it. */
  async differences(child: ToldChild): Promise<readonly string[]> {
    const known = this.#found.get(child);
    if (known) return known;
    const found = await this.#compare(child);
    this.#found.set(child, found);
    return found;
  }

  async #compare(child: ToldChild): Promise<readonly string[]> {
    const { plan } = child;
    for (const id of neededBy(child)) {
      if (await this.#has(id)) continue;
      const before = await this.differences(this.stage.makers.get(id)!);
      if (before.length > 0 && !(await this.#has(id)))
        return [...before, `${nameOf(child)} grew from a layer that is not made again: see above`];
    }
    const again = await this.#train(child);
    const found = [
      ...validationDifferences(child, again.cycles),
      ...outcomeDifferences(child, again.outcome),
    ];
    if (found.length > 0 || child.testAccuracy === null || child.outcome.result !== "improved") return found;
    const model = { shape: plan.shape, path: child.outcome.path, hyperparams: plan.hyperparams };
    const task = this.#task(child);
    const { accuracy } = await this.#trainer(child).evaluate(model, task, "test", this.stage.signal);
    if (accuracy === child.testAccuracy) return found;
    return [
      `${nameOf(child)}: its test accuracy is ${child.testAccuracy} in the journal, ${accuracy} when it is tested again`,
    ];
  }

  /** The child's task with the augmentations that it had then. */
  #task({ plan, task: { keeps } }: ToldChild): Task {
    const { keeps: _, ...task } = this.stage.tasks.get(plan.task)!;
    return { ...task, ...(keeps && { keeps }) };
  }

  async #train(child: ToldChild): Promise<{ cycles: readonly Cycle[]; outcome: Outcome }> {
    const { plan: told, stream, ownNumber } = child;
    const plan = { ...told, child: ownNumber };
    const task = this.#task(child);
    const cycles: Cycle[] = [];
    const training = this.#trainer(child).trainGeneration([plan], task, stream, this.stage.signal);
    for await (const cycle of training) cycles.push(cycle);
    const { kept, failure } = cycles.at(-1) ?? {};
    if (failure) return { cycles, outcome: { result: "failed", ...failure } };
    if (!kept) return { cycles, outcome: { result: "discarded" } };
    const layers = new Map<string, Layer>();
    for (const { name, bytes, paramCount, history } of kept)
      layers.set(name, { name, id: await this.#made.put(bytes), paramCount, history });
    const accuracy = cycles.reduce((most, cycle) => Math.max(most, cycle.accuracy), 0);
    const path = plan.positions.map(({ name, source }) =>
      source.how === "share" ? source.layer : layers.get(name)!,
    );
    return { cycles, outcome: { result: "improved", score: planScore(plan, accuracy), path } };
  }

  /** With the settings and the threads with which the child was trained. */
  #trainer({ experiment: { training, method }, threads }: ToldChild): Trainer {
    const { engine, trainer = createTrainer } = this.stage;
    const options = { training, method, ...(threads !== undefined && { threads }), ...engine };
    const key = canonicalJson(options);
    const known = this.#trainers.get(key) ?? trainer({ ...options, store: { get: (id) => this.#get(id) } });
    this.#trainers.set(key, known);
    return known;
  }

  async #has(id: LayerId): Promise<boolean> {
    return (await this.stage.store.has(id)) || this.#made.has(id);
  }

  async #get(id: LayerId): Promise<Uint8Array> {
    return (await this.stage.store.has(id)) ? this.stage.store.get(id) : this.#made.get(id);
  }
}

const nameOf = ({ plan }: ToldChild): string => `model ${plan.child} (${plan.task})`;

function validationDifferences(child: ToldChild, cycles: readonly Cycle[]): string[] {
  const { validations } = child;
  const again = cycles.filter(({ failure }) => !failure);
  if (again.length !== validations.length)
    return [
      `${nameOf(child)}: it has ${validations.length} validations in the journal, ${again.length} when it is trained again`,
    ];
  return validations.flatMap((told, i) =>
    (["cycle", "steps", "accuracy", "loss"] as const)
      .filter((what) => told[what] !== again[i]![what])
      .map(
        (what) =>
          `${nameOf(child)}, validation ${i + 1}: its ${what} is ${told[what]} in the journal, ${again[i]![what]} when it is trained again`,
      ),
  );
}

function outcomeDifferences(child: ToldChild, again: Outcome): string[] {
  const { outcome: told } = child;
  if (told.result !== again.result)
    return [
      `${nameOf(child)}: it was ${told.result} in the journal, is ${again.result} when it is trained again`,
    ];
  if (told.result !== "improved" || again.result !== "improved")
    return canonicalJson(told) === canonicalJson(again)
      ? []
      : [`${nameOf(child)}: it failed otherwise when it was trained again`];
  const found: string[] = [];
  if (told.score !== again.score)
    found.push(
      `${nameOf(child)}: its score is ${told.score} in the journal, ${again.score} when it is trained again`,
    );
  told.path.forEach((layer, i) => {
    const other = again.path[i];
    if (canonicalJson(layer) !== canonicalJson(other))
      found.push(
        `${nameOf(child)}: its ${layer.name} is layer ${layer.id.slice(0, 8)} in the journal, ${other?.id.slice(0, 8) ?? "nothing"} when it is trained again`,
      );
  });
  if (told.path.length !== again.path.length)
    found.push(
      `${nameOf(child)}: it has ${told.path.length} layers in the journal, ${again.path.length} now`,
    );
  return found;
}
