// A task's access by itself: public, private, or a list of the tasks that may build on it (µ2Net §3.4; §2, "a subset of
// tasks"). core/readers has the rules that follow from it.

import type { Access, TaskName } from "./model.js";

/** Whether `value`, which may come from anywhere, is an access. */
export const isAccess = (value: unknown): value is Access =>
  value === "public" ||
  value === "private" ||
  (Array.isArray(value) &&
    value.length > 0 &&
    value.every((name) => typeof name === "string" && name !== "") &&
    new Set(value).size === value.length);

/** Whether all tasks may use it. */
export const isPublic = (access: Access): access is "public" => access === "public";

/** Whether a task with this access lets `task` build on it. */
export const admits = (access: Access, task: TaskName): boolean =>
  access === "public" || (access !== "private" && access.includes(task));

/** In words: "public", "private", or "for one, two". */
export const accessText = (access: Access): string =>
  typeof access === "string" ? access : `for ${access.join(", ")}`;

/** Whether everyone whom `before` admits is admitted by `after` too: models that were built on a task can't be unbuilt. */
export const keepsReaders = (before: Access, after: Access): boolean =>
  before === "private" ||
  after === "public" ||
  (before !== "public" && before.every((task) => admits(after, task)));

/** Whether two tasks' accesses are equal, whatever the order of their readers. */
export const sameAccess = (a: Access, b: Access): boolean => keepsReaders(a, b) && keepsReaders(b, a);
