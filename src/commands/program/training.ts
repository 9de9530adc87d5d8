// Commands that evolve runs.

import { type Command, Option } from "commander";
import { BUDGET_NAMES } from "../../experiments/index.js";
import { command } from "./call.js";
import { engine, imagesOption, settings, TASK_LIST_HELP, wholeNumber } from "./options.js";

export function addTraining(mulab: Command): void {
  engine(
    mulab
      .command("run")
      .description("evolve an experiment in a new folder")
      .argument("<experiment>", "its name; `mulab experiments` lists them")
      .option("--seed <n>", "whole number that determines all randomness", wholeNumber(0), 0)
      .option("--out <dir>", "folder of the run (default: the next free runs/<experiment>-<n>)")
      .option("--tasks <names>", TASK_LIST_HELP)
      .option("--root <file>", "checkpoint or root to start from: a path, or its name in a folder of roots")
      .addOption(new Option("--budget <name>", "how much to train").choices(BUDGET_NAMES).default("paper"))
      .addOption(
        new Option(
          "--keep <what>",
          "also keep the layers of every activation's survivor, or of all candidates, to branch from later (default: only what is still needed)",
        ).choices(["activations", "all"]),
      )
      .addOption(settings()),
  ).action(command(() => import("../run.js"), "runCommand"));
  engine(
    mulab
      .command("resume")
      .description("continue a run or a sweep")
      .argument("<dir>")
      .addOption(imagesOption()),
  ).action(command(() => import("../resume.js"), "resumeAny"));
  engine(
    mulab
      .command("cause")
      .description(
        "say what accuracy of a task a donor task caused: repeat its segment with and without the donor, in pairs of one seed",
      )
      .argument("<dir>", "a run that has ended; it does not change")
      .requiredOption("--task <name>", "the task whose accuracy is to be explained")
      .requiredOption("--without <name>", "the donor task to leave out")
      .option("--replicas <k>", "pairs of runs, each with a seed of its own", wholeNumber(1), 3)
      .option(
        "--segment <n>",
        "the segment to repeat (default: the one that brought the task)",
        wholeNumber(1),
      )
      .option(
        "--seed <n>",
        "seed of the first pair; the others count up from it (default: the segment's plus 1)",
        wholeNumber(0),
      )
      .option("--only-task", "repeat only the task's activations (and the donor's, if in the same segment)")
      .option("--direct", "leave only the donor's own model out; what other tasks learned from it stays")
      .option(
        "--out <dir>",
        "folder of the comparison (default: beside the run); the same command continues it",
      )
      .option("--plan", "only say what would be trained, and how long it would take")
      .addOption(imagesOption()),
  ).action(command(() => import("../cause.js"), "causeCommand"));
  const segment = (command: Command): Command =>
    engine(
      command
        .requiredOption(
          "--tasks <names>",
          `names of the run's tasks, to activate them again; or new ones: ${TASK_LIST_HELP}`,
        )
        .option("--iterations <n>", "activations of each task", wholeNumber(1), 2)
        .addOption(settings()),
    );
  segment(
    mulab
      .command("extend")
      .description("add a segment to a run that has ended: new tasks, old ones again, other settings")
      .argument("<dir>")
      .option(
        "--seed <n>",
        "whole number that determines the segment's randomness (default: the run's)",
        wholeNumber(0),
      )
      .addOption(imagesOption()),
  ).action(command(() => import("../extend.js"), "extendCommand"));
  segment(
    mulab
      .command("replicate")
      .description(
        "grow several copies of a run by the same segment, each with its own seed, and compare them",
      )
      .argument("<dir>")
      .requiredOption("--out <folder>", "folder for the copies, replica-1, replica-2 …")
      .option("--copies <n>", "number of copies", wholeNumber(1), 3)
      .option(
        "--seed <n>",
        "seed of the first copy; the others count up from it (default: the run's plus 1)",
        wholeNumber(0),
      ),
  ).action(command(() => import("../replicate.js"), "replicateCommand"));
}
