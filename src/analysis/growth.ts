// The growth of the multitask network, activation by activation (µ2Net Fig. 2 and Table 7): its size, the share of it that
// one task activates, and what each task adds.

import type { Event } from "../core/event.js";
import type { TaskName } from "../core/model.js";
import { beginsSegment, segmentTitle } from "../core/segments.js";
import { emptyState, foldEvents, type State } from "../core/state.js";
import { paramsOf, survivorsOf, systemLayers } from "./survivors.js";

/** The network after one activation; parameters are counts. */
export interface GrowthPoint {
  /** From 1. */
  readonly activation: number;
  readonly task: TaskName;
  /** The title of the segment that begins with it; null for all others, and in the run's first segment. */
  readonly begins: string | null;
  readonly tasks: number;
  /** Parameters in the distinct layers of all retained models. */
  readonly systemParams: number;
  /** Mean share of these that one model uses, in [0, 1]. */
  readonly activated: number;
  /** systemParams / tasks: accounted parameters per task. */
  readonly addedParams: number;
}

/** The network after every activation. `events` are the effective ones. */
export function growthPoints(events: readonly Event[]): GrowthPoint[] {
  const points: GrowthPoint[] = [];
  let state: State = emptyState;
  let from = 0;
  let begins: string | null = null;
  let segment = 1;
  events.forEach((event, i) => {
    if (beginsSegment(event)) {
      segment += 1;
      begins = segmentTitle(event, segment);
    }
    if (event.type !== "activation-ended") return;
    state = foldEvents(events.slice(from, i + 1), state);
    from = i + 1;
    const models = survivorsOf(state);
    if (models.length === 0) return;
    const systemParams = paramsOf(systemLayers(state));
    const used = models.reduce((sum, model) => sum + paramsOf(model.path), 0) / models.length;
    points.push({
      activation: state.activations,
      task: event.task,
      begins,
      tasks: models.length,
      systemParams,
      activated: used / systemParams,
      addedParams: systemParams / models.length,
    });
    begins = null;
  });
  return points;
}
