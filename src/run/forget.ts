// Removes a task from a run that has ended: its model, and every layer that no other task uses.

import { unknownName } from "../core/errors/index.js";
import { type Event, standing } from "../core/event.js";
import type { TaskName } from "../core/model.js";
import { foldEvents } from "../core/state.js";
import type { Pruned } from "../store/prunable.js";
import { deadLayers, refuseMissing, unnamedLayersOf } from "./layers.js";
import { openFolder, refuseBusy, releasing } from "./open.js";

/**
 * Removes a task's model from the run in `dir`, and from the disk every layer that no other task uses; nothing of a
 * private task is left, which `verify` then proves. Forgetting a task again finishes a removal that was cut short. Throws
 * as `open`, and run/busy, task/unknown.
 */
export async function forget(dir: string, task: TaskName): Promise<Pruned> {
  const { folder } = await openFolder(dir, undefined, {});
  return releasing(folder, async (events) => {
    const state = foldEvents(standing(events));
    refuseBusy(dir, state);
    const known = state.tasks.map(({ name }) => name).filter((name) => !state.forgotten.includes(name));
    const again = state.forgotten.includes(task);
    if (!known.includes(task) && !again) throw unknownName("task", task, known, "in this run");
    const news: Event[] = again ? [] : [{ type: "task-forgotten", task, clock: { at: Date.now() } }];
    await refuseMissing(dir, state, folder.store);
    await folder.journal.append(news);
    const all = [...events, ...news];
    const unnamed = await unnamedLayersOf(task, all, folder.store);
    const pruned = await folder.store.remove([...deadLayers(all), ...unnamed]);
    await folder.close();
    return pruned;
  });
}
