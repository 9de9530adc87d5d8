// Commands about experiments, tasks and their data.

import type { Command } from "commander";
import { command } from "./call.js";
import { json } from "./options.js";

export function addLists(mulab: Command): void {
  mulab
    .command("experiments")
    .description("list the experiments")
    .option(...json)
    .action(command(() => import("../list.js"), "listExperiments"));
  mulab
    .command("tasks")
    .description("list the tasks by benchmark: which are on this machine, and how to get the rest")
    .option(...json)
    .action(command(() => import("../list.js"), "listAllTasks"));
  mulab
    .command("fetch")
    .description("download and check the published files of tasks")
    .argument("<tasks...>", "their names; `mulab tasks` lists them")
    .action(command(() => import("../fetch.js"), "fetchCommand"));
}
