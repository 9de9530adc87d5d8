// Removes a task from a run that has ended: its model, and every layer that no other task uses.

import { unknownName } from "../core/errors/index.js";
import type { Event } from "../core/event.js";
import type { TaskName } from "../core/model.js";
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
  return releasing(folder, async (history) => {
    const { state } = history.standing();
    refuseBusy(dir, state);
    const known = state.tasks.map(({ name }) => name).filter((name) => !state.forgotten.includes(name));
    const again = state.forgotten.includes(task);
    if (!known.includes(task) && !again) throw unknownName("task", task, known, "in this run");
    const news: Event[] = again ? [] : [{ type: "task-forgotten", task, clock: { at: Date.now() } }];
    await refuseMissing(dir, state, folder.store);
    // A snapshot knows the models of every task that it was made with.
    if (folder.saved) await folder.saveSnapshot(null);
    await folder.journal.append(news);
    const all = [...history.events, ...news];
    const unnamed = await unnamedLayersOf(task, all, folder.store);
    const pruned = await folder.store.remove([...deadLayers(all, folder.header.keep), ...unnamed]);
    await folder.close();
    return pruned;
  });
}
