// What can be called on the command line: every command with its arguments and options, and the file that carries it out.
// One file per group of commands.

import { Command } from "commander";
import { mulabVersion } from "../../run/versions.js";
import { addJupyter } from "./jupyter.js";
import { addLists } from "./lists.js";
import { addModels } from "./models.js";
import { addResults } from "./results.js";
import { addRuns } from "./runs.js";
import { addSweeps } from "./sweeps.js";
import { addTraining } from "./training.js";

export function program(): Command {
  const mulab = new Command("mulab")
    .description("Evolve multitask networks: muNet and µ2Net (Gesmundo & Dean, 2022).")
    .version(mulabVersion)
    .showSuggestionAfterError();
  addTraining(mulab);
  addSweeps(mulab);
  addRuns(mulab);
  addResults(mulab);
  addModels(mulab);
  addLists(mulab);
  addJupyter(mulab);
  return mulab;
}
