// Commands that train many runs, or a root.

import { type Command, Option } from "commander";
import { BACKBONES } from "../../core/components.js";
import { BUDGET_NAMES } from "../../experiments/index.js";
import { PRETRAIN_DEFAULTS } from "../../pretrain/options.js";
import { command } from "./call.js";
import { engine, positiveNumber, settings, TASK_LIST_HELP, wholeNumber } from "./options.js";

export function addSweeps(mulab: Command): void {
  engine(
    mulab
      .command("programme")
      .description("grow one system by a programme of segments, as µ2Net's grew to 69 tasks")
      .argument(
        "<programme>",
        "mu2net (the paper's), laptop (its shape, on two cores), or a folder to continue",
      )
      .option("--plan", "print the segments and a forecast, and stop")
      .option("--out <dir>", "folder of the programme (default: runs/programme-<programme>)")
      .option("--seed <n>", "whole number that determines all randomness (default: 0)", wholeNumber(0))
      .addOption(
        new Option("--budget <name>", "how much to train in laptop (default: laptop)").choices([
          "laptop",
          "smoke",
        ]),
      )
      .option("--root <file>", "checkpoint or root to start from: a path, or its name in a folder of roots"),
  ).action(command(() => import("../programme.js"), "programmeCommand"));
  engine(
    mulab
      .command("sweep")
      .description("run every variant of an experiment, several times, one after the other")
      .argument("[experiment]", "its name, or the folder of a sweep to continue")
      .option(
        "--scale-factors <list>",
        "scale factors of muNet's score, each above 0 and at most 1 (default: by budget)",
      )
      .option("--repetitions <n>", "runs of each variant, each with its own seed", wholeNumber(1), 3)
      .option("--ablate <list>", "also run muNet without these: adapters, tuning, both")
      .option(
        "--ablate-at <list>",
        "scale factors of the ablations (default: all; below paper budget, the two ends)",
      )
      .option(
        "--baselines <list>",
        "baselines to run: all, or some of full, top, multi-head, adapters, top-1, adapters-64 …",
      )
      .addOption(new Option("--budget <name>", "how much to train").choices(BUDGET_NAMES).default("laptop"))
      .option("--seed <n>", "whole number that determines all randomness", wholeNumber(0), 0)
      .option("--tasks <names>", TASK_LIST_HELP)
      .option("--root <file>", "checkpoint or root to start from: a path, or its name in a folder of roots")
      .option("--out <dir>", "folder of the sweep (default: runs/sweep-<experiment>-<budget>)")
      .addOption(settings())
      .option("--only <names...>", "run only these variants or points for now")
      .addOption(
        new Option("--keep-runs <yes|no>", "keep finished runs").choices(["yes", "no"]).default("yes"),
      )
      .option("--dry-run", "print the plan and its forecast without running it")
      .option(
        "--plan-claims",
        "print how many repetitions and core-hours would decide each of muNet's claims, and stop",
      )
      .option(
        "--pilot <sweep>",
        "sweep whose spread and times --plan-claims expects (default: what has ended of this one)",
      )
      .option("--yes", "don't ask before starting")
      .option(
        "--export <file>",
        "write the results so far as one file (.json, .json.gz) without running anything",
      ),
  ).action(command(() => import("../sweep.js"), "sweepCommand"));
  engine(
    mulab
      .command("pretrain")
      .description("make a root: train a network from random weights on one task")
      .option(
        "--task <name>",
        "the task to train on: its name, or folder:PATH of your own images",
        PRETRAIN_DEFAULTS.task,
      )
      .option("--blocks <n>", "transformer blocks", wholeNumber(1), PRETRAIN_DEFAULTS.blocks)
      .addOption(
        new Option("--backbone <name>", "size of the network")
          .choices(Object.keys(BACKBONES))
          .default(PRETRAIN_DEFAULTS.backbone),
      )
      .option("--image-size <pixels>", "side of the images", wholeNumber(1), PRETRAIN_DEFAULTS.imageSize)
      .option("--steps <n>", `gradient steps (default: ${PRETRAIN_DEFAULTS.steps})`, wholeNumber(1))
      .option("--minutes <n>", "train for about this long instead", positiveNumber)
      .option("--batch <n>", "images per step", wholeNumber(1), PRETRAIN_DEFAULTS.batchSize)
      .option("--lr <rate>", "highest learning rate", positiveNumber, PRETRAIN_DEFAULTS.learningRate)
      .option("--seed <n>", "whole number that determines all randomness", wholeNumber(0), 0)
      .option("--out <file>", "file to write (default: in a folder of roots in your cache)"),
  ).action(command(() => import("../pretrain.js"), "pretrainCommand"));
}
