// A list of tasks as people write it (`--tasks`, `tasks:` in a cell): names with commas between them, ":private" after those that are private; "glyphs" for drawn stand-ins.

import { valueNotValid } from "../core/errors.js";
import type { TaskSpec } from "../core/experiment.js";
import { taskNamed } from "./catalog/catalog.js";
import { glyphSpecs } from "./tasks.js";

/** The tasks that `text` names; "glyphs" alone means the drawn counterparts of `standard`. Throws task/unknown, options/not-valid. */
export function parseTasks(text: string, standard: readonly TaskSpec[]): TaskSpec[] {
  if (text.trim() === "glyphs") return glyphSpecs(standard);
  const tasks = text.split(",").map((part): TaskSpec => {
    if (part.trim() === "")
      throw valueNotValid("The list of tasks", text, "tasks' names with commas between them");
    const [name = "", access = "public", ...rest] = part.trim().split(":");
    if ((access !== "public" && access !== "private") || rest.length > 0)
      throw valueNotValid(
        "A task in the list",
        part.trim(),
        "a task's name, with :private after it where it is private",
      );
    taskNamed(name);
    return { name, access };
  });
  const twice = tasks.find(({ name }, i) => tasks.findIndex((task) => task.name === name) !== i);
  if (twice)
    throw valueNotValid(
      "The list of tasks",
      text,
      `a list that names each task once, not "${twice.name}" twice`,
    );
  return tasks;
}
