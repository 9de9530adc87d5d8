// The events of a run: the lines of the journal, what listeners receive, and the only source of state. Fields that depend on
// the clock or the machine are under `clock`, so that the digest of a run leaves them out by construction.

import type { Shape } from "./components.js";
import type { Hyperparams, Preprocessing } from "./hyperparams.js";
import type { Access, Evaluation, Layer, ModelId, Plan, TaskName } from "./model.js";
import type { Settings } from "./settings.js";
import type { LabelKeeping, OwnImages } from "./task.js";

/** What a run records about a task when it begins. */
export interface TaskRecord {
  readonly name: TaskName;
  readonly access: Access;
  readonly classes: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly fingerprint: string;
  readonly source: string;
  /** Label i is classNames[i]; for a person's own images. */
  readonly classNames?: readonly string[];
  /** The augmentations that keep the labels; by default all. */
  readonly keeps?: LabelKeeping;
}

/** What depends on the machine and the moment, and is never part of a digest: milliseconds since the epoch, durations in milliseconds, threads. */
export interface Clock {
  readonly at?: number;
  /** Gradient steps and validation, per child. */
  readonly trainMs?: number;
  /** The part of trainMs spent building, compiling and running graphs. */
  readonly engineMs?: number;
  /** Wall time of the generation. */
  readonly wallMs?: number;
  /** Threads of the engine from here on, in events with which a run continues after an end or an interruption. */
  readonly threads?: number;
  /** Where the images of own tasks are on this machine, by task, so that the tasks of an extension are found again. */
  readonly images?: Readonly<Record<TaskName, OwnImages>>;
}

/** A child's outcome: discarded, kept as a candidate with its new path, or failed. */
export type Outcome =
  | { readonly result: "discarded" }
  | { readonly result: "improved"; readonly score: number; readonly path: readonly Layer[] }
  | { readonly result: "failed"; readonly code: string; readonly message: string };

export type EventBody =
  | {
      readonly type: "run-started";
      readonly format: number;
      readonly experiment: string;
      readonly seed: number;
      readonly tasks: readonly TaskRecord[];
      /** sha-256 of run.json, byte for byte, 64 hexadecimal digits; runs of format 1 don't have it. */
      readonly header?: string;
    }
  | {
      readonly type: "root-added";
      readonly shape: Shape;
      readonly hyperparams: Hyperparams;
      readonly path: readonly Layer[];
      /** The root's position embedding at the other image sizes that the search may reach (method.md §a.5). */
      readonly posembeds?: readonly Layer[];
    }
  /** Seeds: the retained models of other, readable tasks, in the order of their use (method.md §d.2–3). */
  | {
      readonly type: "activation-started";
      readonly iteration: number;
      readonly task: TaskName;
      readonly seeds: readonly ModelId[];
    }
  | {
      readonly type: "generation-started";
      readonly generation: number;
      readonly preprocessing: Preprocessing;
    }
  | { readonly type: "child-planned"; readonly plan: Plan; readonly rule: ParentRule }
  | ({
      readonly type: "child-validated";
      readonly child: ModelId;
      readonly cycle: number;
      readonly steps: number;
    } & Evaluation)
  | { readonly type: "child-finished"; readonly child: ModelId; readonly outcome: Outcome }
  | { readonly type: "generation-ended"; readonly generation: number }
  | {
      readonly type: "activation-ended";
      readonly iteration: number;
      readonly task: TaskName;
      readonly retained: ModelId | null;
    }
  | { readonly type: "model-tested"; readonly model: ModelId; readonly testAccuracy: number }
  | { readonly type: "run-ended" }
  /** A segment: new tasks, activations to come (names of tasks old or new, in order), and settings that hold from here on. The title is for people. */
  | {
      readonly type: "run-extended";
      readonly title?: string;
      readonly tasks: readonly TaskRecord[];
      readonly schedule: readonly TaskName[];
      readonly settings?: Partial<Settings>;
    }
  /**
   * Another system begins, up to `merge-ended`: its own events since the past that both have in common, renumbered after the
   * models of this one (docs/decisions/0017).
   */
  | {
      readonly type: "run-merged";
      /** Which moment of this journal both have in common (core/merge): 0 is the root, the others count up from 1. */
      readonly since: number;
      /** The other run's experiment by name, digest, and tasks at its beginning (none if more than the root is common). */
      readonly experiment: string;
      readonly digest: string;
      readonly tasks: readonly TaskRecord[];
      /** The activations that its experiment brings, in order; segments bring more. */
      readonly schedule: readonly TaskName[];
      /** All its settings at that moment. */
      readonly settings: Partial<Settings>;
      /** How its images are split and decoded. */
      readonly splits: Splits;
    }
  /** Both are one system from here on, under all these settings. `prefer` says whose model a task keeps if both changed it. */
  | {
      readonly type: "merge-ended";
      readonly settings: Partial<Settings>;
      readonly prefer?: Side;
    }
  /** The task's model is removed; layers that no other task uses go with it. µ2Net §4 (private tasks), for any task. */
  | { readonly type: "task-forgotten"; readonly task: TaskName }
  /** The run continued after an interruption: everything after the first `kept` effective events is void and was trained again. */
  | { readonly type: "run-resumed"; readonly kept: number };

/** One of two systems that are merged: the one that is continued, or the other. */
export type Side = "first" | "second";

/** How the images of a run's tasks are split and decoded. */
export interface Splits {
  readonly seed: number;
  /** Share of the training rows held out for validation. */
  readonly validation: number;
  /** Most images per split. */
  readonly limit?: number;
  /** Pixels to which images of varying sizes are decoded. */
  readonly imageSize?: number;
}

/** How a parent was found: by the half-life scan of the active list or the seeds, as the next unused seed, or uniformly; "root" if it is always the root. */
export type ParentRule = "active" | "seed" | "seed-unmutated" | "uniform" | "root";

export type Event = EventBody & { readonly clock?: Clock };

/** An event with its place in the journal. `hash` chains it to all earlier ones. */
export interface JournalEvent {
  readonly index: number;
  readonly event: Event;
  readonly hash: string;
}

/** The effective events: those that no later resume made void. A resume itself is not one of them. */
export function effectiveEvents(events: Iterable<Event>): Event[] {
  const effective: Event[] = [];
  for (const event of events) {
    if (event.type === "run-resumed") effective.length = Math.min(effective.length, event.kept);
    else effective.push(event);
  }
  return effective;
}

/** The effective events up to the last boundary; later ones are trained again. */
export function standing(events: readonly Event[]): Event[] {
  const effective = effectiveEvents(events);
  const merge = openMerge(effective);
  if (merge >= 0) effective.length = merge;
  return upToBoundary(effective);
}

/** The effective events `events` up to their last boundary, which may be inside a merge. */
export const upToBoundary = (events: readonly Event[]): Event[] =>
  events.slice(0, events.findLastIndex(isBoundary) + 1);

/** The place of the outermost `run-merged` that has no end among the effective events `events`; -1 if there is none. */
export function openMerge(events: readonly Event[]): number {
  const open: number[] = [];
  events.forEach(({ type }, i) => {
    if (type === "run-merged") open.push(i);
    else if (type === "merge-ended") open.pop();
  });
  return open[0] ?? -1;
}

/** `event` without its clock, for digests. */
export function withoutClock(event: Event): EventBody {
  const { clock: _, ...body } = event;
  return body;
}

/** Events after which a run can continue; a resume keeps the journal up to the last of them. */
export const isBoundary = (event: Event): boolean =>
  event.type === "root-added" ||
  event.type === "generation-ended" ||
  event.type === "activation-ended" ||
  event.type === "model-tested" ||
  event.type === "run-ended" ||
  event.type === "run-extended" ||
  event.type === "merge-ended" ||
  event.type === "task-forgotten";
