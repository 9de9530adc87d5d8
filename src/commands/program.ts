// What can be called on the command line: every command with its arguments and options, and the file that carries it out.

import { Command, InvalidArgumentError, Option } from "commander";
import { BACKBONES } from "../core/components.js";
import { DEVICES } from "../engine/devices.js";
import { BUDGET_NAMES } from "../experiments/index.js";
import { PRETRAIN_DEFAULTS } from "../pretrain/options.js";
import { mulabVersion } from "../run/versions.js";
import { drawingOn } from "../terminal/guard.js";

function wholeNumber(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least || text.trim() === "")
      throw new InvalidArgumentError(`It must be a whole number, at least ${least}.`);
    return value;
  };
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}

/** Everything up to the next option is one: an experiment named after it would be lost silently. */
function setting(text: string, before: readonly string[]): string[] {
  if (!text.includes("="))
    throw new InvalidArgumentError(
      "It must be key=value, as in --set children=4. What follows --set is taken for settings: name the experiment before it.",
    );
  return [...before, text];
}

function movedImages(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1)
    throw new InvalidArgumentError("It must be task=path, as in --images mine/leaves=/data/leaves.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

const settings = (): Option =>
  new Option(
    "--set <key=value...>",
    "change settings of the experiment; may be repeated; an unknown key lists the known ones",
  )
    .argParser(setting)
    .default([], "none");

/** What a person may write, for help and messages. */
const TASK_LIST_HELP =
  'names with commas between them; ":private" after a name makes it private; "glyphs" draws them; folder:PATH is a folder of your own images (or a zip archive, a folder with CSV files of labels, idx or npz files)';

const json = ["--json", "print one JSON document as the last line"] as const;

/** The action that is function `name` of a file; loaded when it is called, so that no command waits for what others need. */
const command =
  <Name extends string>(load: () => Promise<Record<Name, (...args: never[]) => unknown>>, name: Name) =>
  async (...args: unknown[]): Promise<void> => {
    const { [name]: run } = await saying(STARTING, load());
    await run(...(args as never[]));
  };

const STARTING = "starting …";

/** Shows `words` to a person at a terminal until `work` is done: nobody looks at nothing while a command's libraries load. */
async function saying<T>(words: string, work: Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return work;
  const draw = drawingOn(process.stderr);
  draw(words);
  try {
    return await work;
  } finally {
    draw(`\r${" ".repeat(words.length)}\r`);
  }
}

export function program(): Command {
  const mulab = new Command("mulab")
    .description("Evolve multitask networks: muNet and µ2Net (Gesmundo & Dean, 2022).")
    .version(mulabVersion)
    .showSuggestionAfterError();
  addTraining(mulab);
  addRuns(mulab);
  addResults(mulab);
  addLists(mulab);
  addJupyter(mulab);
  return mulab;
}

/** What trains: all of these take the options of an engine. */
function addTraining(mulab: Command): void {
  const engine = (command: Command): Command =>
    command
      .option(
        "--threads <n>",
        "threads of the engine (default: as many as this machine runs at once; a resumed run: as it began)",
        wholeNumber(1),
      )
      .option(
        "--memory <GB>",
        "most memory of training; siblings that need more are trained one group after another, one alone whatever it needs (default: 1.4)",
        positiveNumber,
      )
      .addOption(new Option("--engine <name>", "tensor engine").choices(Object.keys(DEVICES)).default("onnx"))
      .addOption(
        new Option(
          "--device <name>",
          `where the engine computes; onnx: ${DEVICES.onnx.join(", ")} (default: ${DEVICES.onnx[0]}); tfjs: ${DEVICES.tfjs.join(", ")} (default: ${DEVICES.tfjs[0]})`,
        ).choices([...new Set(Object.values(DEVICES).flat())]),
      )
      .option(...json);

  engine(
    mulab
      .command("run")
      .description("evolve an experiment in a new folder")
      .argument("<experiment>", "its name; `mulab experiments` lists them")
      .option("--seed <n>", "whole number that all randomness follows from", wholeNumber(0), 0)
      .option("--out <dir>", "folder of the run (default: the next free runs/<experiment>-<n>)")
      .option("--tasks <names>", TASK_LIST_HELP)
      .option("--root <file>", "checkpoint or root to start from: a path, or its name in a folder of roots")
      .addOption(new Option("--budget <name>", "how much to train").choices(BUDGET_NAMES).default("paper"))
      .addOption(settings()),
  ).action(command(() => import("./run.js"), "runCommand"));
  engine(
    mulab
      .command("resume")
      .description("continue a run or a sweep")
      .argument("<dir>")
      .option(
        "--images <task=path...>",
        "where your own images of a task are now, if they have moved since the run began",
        movedImages,
      ),
  ).action(command(() => import("./resume.js"), "resumeAny"));
  engine(
    mulab
      .command("sweep")
      .description("run every variant of an experiment, several times, one after the other")
      .argument("[experiment]", "its name, or the folder of a sweep to continue")
      .option("--scale-factors <list>", "of muNet's score, each above 0, at most 1 (default: by budget)")
      .option("--repetitions <n>", "runs of each variant, each with a seed of its own", wholeNumber(1), 3)
      .option("--ablate <list>", "muNet without these as well: adapters, tuning, both")
      .option("--ablate-at <list>", "scale factors of these (default: all; below paper budget, both ends)")
      .option("--baselines <list>", "all, or some of full, top, multi-head, adapters, top-1, adapters-64 …")
      .addOption(new Option("--budget <name>", "how much to train").choices(BUDGET_NAMES).default("laptop"))
      .option("--seed <n>", "whole number that all randomness follows from", wholeNumber(0), 0)
      .option("--tasks <names>", TASK_LIST_HELP)
      .option("--root <file>", "checkpoint or root to start from: a path, or its name in a folder of roots")
      .option("--out <dir>", "folder of the sweep (default: runs/sweep-<experiment>-<budget>)")
      .addOption(settings())
      .option("--only <names...>", "run these variants or points only; the rest another time")
      .addOption(
        new Option("--keep-runs <yes|no>", "keep finished runs").choices(["yes", "no"]).default("yes"),
      )
      .option("--dry-run", "print the plan and its forecast, and run nothing")
      .option("--yes", "don't ask before starting")
      .option("--export <file>", "write what there is as one file (.json, .json.gz), and run nothing"),
  ).action(command(() => import("./sweep.js"), "sweepCommand"));
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
      .option("--seed <n>", "whole number that all randomness follows from", wholeNumber(0), 0)
      .option("--out <file>", "where to (default: a folder of roots in your cache)"),
  ).action(command(() => import("./pretrain.js"), "pretrainCommand"));
}

/** What reads, copies or mends run folders. */
function addRuns(mulab: Command): void {
  mulab
    .command("fork")
    .description("start a new run from the state of another, now or after some generation; they share layers")
    .argument("<dir>")
    .requiredOption("--out <dir>", "folder of the new run")
    .option(
      "--generations <n>",
      "generations to start from; fewer than all only while their layers are there, mostly those of the activation that runs (default: all that are whole)",
      wholeNumber(0),
    )
    .option(...json)
    .action(command(() => import("./fork.js"), "forkCommand"));
  mulab
    .command("forget")
    .description(
      "remove a task's model and layers from a run that has ended, and list what still names the task",
    )
    .argument("<dir>")
    .argument("<task>")
    .option(...json)
    .action(command(() => import("./forget.js"), "forgetCommand"));
  mulab
    .command("compare")
    .description(
      "two runs side by side, or two models: what differs in scores, path, hyperparameters, transfer",
    )
    .argument("<first>", "a run's folder; with #12 its model 12, with #task that task's model")
    .argument("<second>", "another; #13 alone is of the first's run")
    .option(...json)
    .action(command(() => import("./compare.js"), "compareCommand"));
  mulab
    .command("show")
    .description("the results of a run or a sweep so far, or the story of one model")
    .argument("<dir>", "its folder; with #12 the story of model 12, with #task that of the task's model")
    .option(...json)
    .action(command(() => import("./show.js"), "showAny"));
  mulab
    .command("runs")
    .description("list the runs and sweeps in a folder and below it, the latest first")
    .argument("[dir]", "where to look (default: runs)")
    .option("--points", "also the runs that a sweep is made of")
    .option(...json)
    .action(command(() => import("./runs.js"), "runsCommand"));
  mulab
    .command("verify")
    .description("prove from bytes and journal that a run is what it says, and print its digest")
    .argument("<dir>")
    .option("--expect <digest>", "a digest or seal noted before, which it must have")
    .option(...json)
    .action(command(() => import("./verify.js"), "verifyCommand"));
  mulab
    .command("repair")
    .description("make a new run of what can still be proved of a damaged one, which stays as it is")
    .argument("<dir>")
    .requiredOption("--out <dir>", "folder of the new run")
    .option(...json)
    .action(command(() => import("./repair.js"), "repairCommand"));
}

/** What makes files and tables of runs and sweeps. */
function addResults(mulab: Command): void {
  mulab
    .command("report")
    .description("write the report of a run or a sweep, one HTML file")
    .argument("<path>", "its folder, or the file of a stored sweep")
    .option("--out <file>", "where to (default: report.html in the folder)")
    .action(command(() => import("./report.js"), "reportCommand"));
  const source = (command: Command): Command =>
    command
      .argument("[name]", "its name; without one they are listed")
      .argument("[path]", "folder of a run or a sweep, or file of a stored sweep")
      .option("--variants <names>", "comma-separated: only these variants, or whose network a picture shows")
      .option("--repetition <n>", "which repetition a picture shows (default: the best)", wholeNumber(0))
      .option("--against <variant>", "what differences are taken from (default: munet-s1)");
  source(mulab.command("table").description("a table of a run or a sweep, beside the papers' numbers"))
    .option("--csv", "as CSV")
    .option("--markdown", "as Markdown")
    .option(...json)
    .action(command(() => import("./table.js"), "tableCommand"));
  source(mulab.command("figure").description("a figure of a run or a sweep as a file"))
    .option("--out <file>", "ends in .svg, .png, .csv, .json or .html (default: <name>.svg)")
    .addOption(new Option("--theme <name>", "its ground").choices(["light", "dark"]).default("light"))
    .action(command(() => import("./figure.js"), "figureCommand"));
  mulab
    .command("film")
    .description(
      "a run from its journal as an animated GIF: lineage, architecture, transfer, size and quality",
    )
    .argument("<dir>")
    .option("--out <file>", "ends in .gif (default: film.gif, or none where there are stills)")
    .option("--stills <dir>", "also every frame as a PNG, in this folder")
    .option(
      "--views <names>",
      "comma-separated, some of lineage, architecture, transfer, pareto (default: all)",
    )
    .option("--frames <n>", "most frames, up to 240 (default: 90)", wholeNumber(1))
    .addOption(new Option("--theme <name>", "its ground").choices(["light", "dark"]).default("light"))
    .option(...json)
    .action(command(() => import("./film.js"), "filmCommand"));
}

/** Experiments, tasks and their data. */
function addLists(mulab: Command): void {
  mulab
    .command("experiments")
    .description("list the experiments")
    .option(...json)
    .action(command(() => import("./list.js"), "listExperiments"));
  mulab
    .command("tasks")
    .description("list the tasks by benchmark: what is on this machine, how to get the rest")
    .option(...json)
    .action(command(() => import("./list.js"), "listAllTasks"));
  mulab
    .command("fetch")
    .description("download the published files of tasks, once and checked")
    .argument("<tasks...>", "their names; `mulab tasks` lists them")
    .action(command(() => import("./fetch.js"), "fetchCommand"));
}

/** The kernel and the servers that use it. */
function addJupyter(mulab: Command): void {
  const kernel = mulab.command("kernel").description('the Jupyter kernel "TypeScript (mulab)"');
  const place = (command: Command): Command =>
    command
      .option("--user", "for you alone (the default)")
      .option("--prefix <dir>", "below DIR/share/jupyter")
      .option("--sys-prefix", "in the active conda or Python environment");
  place(kernel.command("install").description("install kernel and widgets; needs no Python")).action(
    command(() => import("./kernel.js"), "installKernelCommand"),
  );
  kernel
    .command("list")
    .description("the kernels that Jupyter finds")
    .option(...json)
    .action(command(() => import("./kernel.js"), "listKernelsCommand"));
  place(kernel.command("remove").description("remove kernel and widgets")).action(
    command(() => import("./kernel.js"), "removeKernelCommand"),
  );
  mulab
    .command("lab")
    .description("start JupyterLab, or Notebook, with mulab in it; nothing is installed")
    .argument("[folder]", "the notebooks (default: here)")
    .argument("[arguments...]", "for the server, after --")
    .action(async (folder, _arguments, options, command) =>
      (await import("./kernel.js")).labCommand(folder, options, command),
    );
  mulab
    .command("html")
    .description("a saved notebook as one HTML file that works without kernel and network")
    .argument("<notebook>", "an .ipynb file")
    .option("--out <file>", "where to write it (default: beside the notebook)")
    .action(command(() => import("./kernel.js"), "htmlCommand"));
}
