// Tasks that a run refuses, and why.

import { taskNotSound, valueNotValid } from "../core/errors/index.js";
import type { TaskName } from "../core/model.js";
import { type Task, taskProblem } from "../core/task.js";

/** Throws if a given task can't be trained on. */
export function refuseUnsound(tasks: readonly Task[]): void {
  for (const task of tasks) {
    const problem = taskProblem(task);
    if (problem) throw taskNotSound(String(task.name), problem.path, problem.found, problem.expected);
  }
}

/** Line ends of any kind and other control characters, which no chart, table or terminal can show. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029]/gu;

/** Task names are keys of plain objects in the state, so the few names that every object has are reserved. */
export function refuseReserved(tasks: readonly { readonly name: TaskName }[]): void {
  for (const { name } of tasks) {
    if (name === "" || name in {})
      throw valueNotValid("A task's name", name, "another name, such as mine/leaves");
    if (name.search(UNPRINTABLE) >= 0)
      throw valueNotValid(
        "A task's name",
        name.replaceAll(UNPRINTABLE, "\ufffd"),
        "one without line ends and control characters, such as mine/leaves",
      );
  }
}
