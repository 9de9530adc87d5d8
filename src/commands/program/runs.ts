// Commands that read, copy or mend run folders.

import { type Command, Option } from "commander";
import { command } from "./call.js";
import { imagesOption, json, wholeNumber } from "./options.js";

export function addRuns(mulab: Command): void {
  mulab
    .command("fork")
    .description(
      "start a new run from the state of another, now or after an earlier generation; the two share layers",
    )
    .argument("<dir>")
    .requiredOption("--out <dir>", "folder of the new run")
    .option(
      "--at <moment>",
      'the moment to start from: after so many generations ("12"), or at the end of a segment ("segment 3"); default: now',
    )
    .option("--generations <n>", "the same as a number of generations", wholeNumber(0))
    .option(
      "--train",
      "train layers of that moment again that the run has removed since: same seed, same bytes",
    )
    .option(...json)
    .action(command(() => import("../fork.js"), "forkCommand"));
  mulab
    .command("merge")
    .description(
      "make one run of two that have ended and have the same root; layers that both have are there once",
    )
    .argument("<first>", "the run that is continued: its seed and settings hold from there on")
    .argument("<second>", "the run whose tasks are added")
    .requiredOption("--out <dir>", "folder of the new run")
    .addOption(
      new Option(
        "--prefer <run>",
        "whose model a task keeps if both runs trained it since their common past (default: refuse)",
      ).choices(["first", "second"]),
    )
    .option(...json)
    .action(command(() => import("../merge.js"), "mergeCommand"));
  mulab
    .command("forget")
    .description(
      "remove a task's model and layers from a run that has ended, and list what still names the task",
    )
    .argument("<dir>")
    .argument("<task>")
    .option("--price", "only say which model falls, what others keep, and what it took to make it")
    .option(...json)
    .action(command(() => import("../forget.js"), "forgetCommand"));
  mulab
    .command("compare")
    .description("compare two runs, or two models: scores, paths, hyperparameters, transfer")
    .argument("<first>", "a run's folder; with #12, its model 12; with #task, that task's model")
    .argument("<second>", "the other; #13 alone means model 13 of the first's run")
    .option(...json)
    .action(command(() => import("../compare.js"), "compareCommand"));
  mulab
    .command("show")
    .description("show the results of a run or a sweep so far, or the story of one model")
    .argument("<dir>", "its folder; with #12, the story of model 12; with #task, that of the task's model")
    .option(...json)
    .action(command(() => import("../show.js"), "showAny"));
  mulab
    .command("runs")
    .description("list the runs and sweeps in a folder and its subfolders, the latest first")
    .argument("[dir]", "where to look (default: runs)")
    .option("--points", "also list the runs inside sweeps")
    .option(...json)
    .action(command(() => import("../runs.js"), "runsCommand"));
  mulab
    .command("verify")
    .description("prove that a run is what its journal says, and print its digest")
    .argument("<dir>")
    .option("--expect <digest>", "a digest or seal noted before, to compare it with")
    .option(
      "--replay <n>",
      "also train n random children again and compare every byte and score; 59 prove with 95 % confidence that fewer than 5 % are forged",
      wholeNumber(1),
    )
    .option(
      "--seed <n>",
      "with --replay: decides which children (default: nobody can foresee it)",
      wholeNumber(0),
    )
    .addOption(imagesOption())
    .option(...json)
    .action(command(() => import("../verify.js"), "verifyCommand"));
  mulab
    .command("repair")
    .description("make a new run from what can still be proved of a damaged one, which stays as it is")
    .argument("<dir>")
    .requiredOption("--out <dir>", "folder of the new run")
    .option(...json)
    .action(command(() => import("../repair.js"), "repairCommand"));
}
