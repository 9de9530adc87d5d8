// What can be called on the command line: every command with its arguments and options, and the file that carries it out.

import { Command, InvalidArgumentError, Option } from "commander";
import { BACKBONES } from "../core/components.js";
import { DEVICES } from "../engine/devices.js";
import { BUDGET_NAMES } from "../experiments/index.js";
import { PRETRAIN_DEFAULTS } from "../pretrain/options.js";
import { mulabVersion } from "../run/versions.js";
import { meanwhile } from "../terminal/guard.js";

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

/** Everything up to the next option counts as a setting: an experiment named after --set would be lost silently. */
function setting(text: string, before: readonly string[]): string[] {
  if (!text.includes("="))
    throw new InvalidArgumentError(
      "It must be key=value, as in --set children=4. Everything after --set counts as a setting: name the experiment before it.",
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

/** What --tasks takes, for help and messages. */
const TASK_LIST_HELP =
  'comma-separated names; ":private" after a name makes it private; "glyphs" draws them; folder:PATH is a folder of your own images (or a zip archive, a folder with CSV files of labels, idx or npz files)';

const json = ["--json", "print one JSON document as the last line"] as const;

/** Function `name` of a file as an action; the file is loaded when the command is called, so that no command waits for what others need. */
const command =
  <Name extends string>(load: () => Promise<Record<Name, (...args: never[]) => unknown>>, name: Name) =>
  async (...args: unknown[]): Promise<void> => {
    meanwhile(process.stderr, "starting …");
    const { [name]: run } = await load();
    const done = meanwhile(process.stderr, "working …");
    try {
      await run(...(args as never[]));
    } finally {
      done();
    }
  };

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

/** The options of the engine, which all commands that train take. */
const engine = (command: Command): Command =>
  command
    .option(
      "--threads <n>",
      "threads of the engine (default: all that this machine runs at once; a resumed run keeps its number)",
      wholeNumber(1),
    )
    .option(
      "--memory <GB>",
      "most memory for training; siblings that need more are trained in groups, one after another (default: 1.4, which a single child may exceed)",
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

/** Commands that evolve runs. */
function addTraining(mulab: Command): void {
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
      .addOption(settings()),
  ).action(command(() => import("./run.js"), "runCommand"));
  engine(
    mulab
      .command("resume")
      .description("continue a run or a sweep")
      .argument("<dir>")
      .option(
        "--images <task=path...>",
        "the new place of your own images of a task, if they have moved since the run began",
        movedImages,
      ),
  ).action(command(() => import("./resume.js"), "resumeAny"));
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
      .option(
        "--images <task=path...>",
        "the new place of your own images of a task, if they have moved since the run began",
        movedImages,
      ),
  ).action(command(() => import("./extend.js"), "extendCommand"));
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
  ).action(command(() => import("./replicate.js"), "replicateCommand"));
}

/** Commands that train many runs, or a root. */
function addSweeps(mulab: Command): void {
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
      .option("--yes", "don't ask before starting")
      .option(
        "--export <file>",
        "write the results so far as one file (.json, .json.gz) without running anything",
      ),
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
      .option("--seed <n>", "whole number that determines all randomness", wholeNumber(0), 0)
      .option("--out <file>", "file to write (default: in a folder of roots in your cache)"),
  ).action(command(() => import("./pretrain.js"), "pretrainCommand"));
}

/** Commands that read, copy or mend run folders. */
function addRuns(mulab: Command): void {
  mulab
    .command("fork")
    .description(
      "start a new run from the state of another, now or after an earlier generation; the two share layers",
    )
    .argument("<dir>")
    .requiredOption("--out <dir>", "folder of the new run")
    .option(
      "--generations <n>",
      "number of generations to start from (default: all that are complete); earlier ones work only while their layers exist, usually those of the current activation",
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
    .description("compare two runs, or two models: scores, paths, hyperparameters, transfer")
    .argument("<first>", "a run's folder; with #12, its model 12; with #task, that task's model")
    .argument("<second>", "the other; #13 alone means model 13 of the first's run")
    .option(...json)
    .action(command(() => import("./compare.js"), "compareCommand"));
  mulab
    .command("show")
    .description("show the results of a run or a sweep so far, or the story of one model")
    .argument("<dir>", "its folder; with #12, the story of model 12; with #task, that of the task's model")
    .option(...json)
    .action(command(() => import("./show.js"), "showAny"));
  mulab
    .command("runs")
    .description("list the runs and sweeps in a folder and its subfolders, the latest first")
    .argument("[dir]", "where to look (default: runs)")
    .option("--points", "also list the runs inside sweeps")
    .option(...json)
    .action(command(() => import("./runs.js"), "runsCommand"));
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
    .option(
      "--images <task=path...>",
      "with --replay: the new place of your own images of a task, if they have moved since the run began",
      movedImages,
    )
    .option(...json)
    .action(command(() => import("./verify.js"), "verifyCommand"));
  mulab
    .command("repair")
    .description("make a new run from what can still be proved of a damaged one, which stays as it is")
    .argument("<dir>")
    .requiredOption("--out <dir>", "folder of the new run")
    .option(...json)
    .action(command(() => import("./repair.js"), "repairCommand"));
}

/** Commands that make files and tables of runs and sweeps. */
function addResults(mulab: Command): void {
  mulab
    .command("report")
    .description("write the report of a run or a sweep as one HTML file")
    .argument("<path>", "its folder, or the file of a stored sweep")
    .option("--out <file>", "file to write (default: report.html in the folder)")
    .action(command(() => import("./report.js"), "reportCommand"));
  const source = (command: Command): Command =>
    command
      .argument("[name]", "its name; without one, all names are listed")
      .argument("[path]", "folder of a run or a sweep, or file of a stored sweep")
      .option("--variants <names>", "comma-separated: show only these variants, or the network of this one")
      .option("--repetition <n>", "the repetition that a picture shows (default: the best)", wholeNumber(0))
      .option("--against <variant>", "the variant that differences are relative to (default: munet-s1)");
  source(mulab.command("table").description("print a table of a run or a sweep, beside the papers' numbers"))
    .option("--csv", "as CSV")
    .option("--markdown", "as Markdown")
    .option("--html", "as a page")
    .option(...json)
    .action(command(() => import("./table.js"), "tableCommand"));
  source(mulab.command("figure").description("write a figure of a run or a sweep to a file"))
    .option("--out <file>", "file to write: .svg, .png, .csv, .json or .html (default: <name>.svg)")
    .addOption(new Option("--theme <name>", "its ground").choices(["light", "dark"]).default("light"))
    .action(command(() => import("./figure.js"), "figureCommand"));
  mulab
    .command("film")
    .description(
      "replay a run from its journal as an animated GIF: lineage, architecture, transfer, size and quality",
    )
    .argument("<dir>")
    .option("--out <file>", "file to write: .gif (default: film.gif, or none with --stills)")
    .option("--stills <dir>", "folder for every frame as a PNG")
    .option(
      "--views <names>",
      "comma-separated: some of lineage, architecture, transfer, pareto (default: all)",
    )
    .option("--frames <n>", "most frames, up to 240 (default: 90)", wholeNumber(1))
    .addOption(new Option("--theme <name>", "its ground").choices(["light", "dark"]).default("light"))
    .option(...json)
    .action(command(() => import("./film.js"), "filmCommand"));
}

/** Commands that use the models of a run outside it. */
function addModels(mulab: Command): void {
  const moved = (command: Command): Command =>
    command.option(
      "--images <task=path...>",
      "the new place of your own images of a task, if they have moved since the run began",
      movedImages,
    );
  engine(
    moved(
      mulab
        .command("predict")
        .description("classify images with a task's model: its most likely classes, with their probabilities")
        .argument("<dir>")
        .argument("<images...>", "files, folders, or patterns in quotes, such as 'photos/*.png'")
        .option("--task <name>", "the task whose model predicts (default: the run's only one)")
        .option("--top <n>", "classes to list for each image", wholeNumber(1), 5),
    ),
  ).action(command(() => import("./predict.js"), "predictCommand"));
  moved(
    mulab
      .command("export")
      .description(
        "write a task's model as ONNX, all retained layers as safetensors, or all tables as CSV and Parquet",
      )
      .argument("<dir>")
      .option("--task <name>", "the task whose model to write; preprocessing and labels go into the file")
      .option("--out <file>", "ONNX file to write (default: the task's name with .onnx)")
      .option(
        "--no-check",
        "don't compare the ONNX file with mulab's predictions, which needs the task's images",
      )
      .option("--layers <file>", "safetensors file for the layers of all retained models, with a manifest")
      .option("--tables <folder>", "folder for every table of the run")
      .option(...json),
  ).action(command(() => import("./export.js"), "exportCommand"));
}

/** Commands about experiments, tasks and their data. */
function addLists(mulab: Command): void {
  mulab
    .command("experiments")
    .description("list the experiments")
    .option(...json)
    .action(command(() => import("./list.js"), "listExperiments"));
  mulab
    .command("tasks")
    .description("list the tasks by benchmark: which are on this machine, and how to get the rest")
    .option(...json)
    .action(command(() => import("./list.js"), "listAllTasks"));
  mulab
    .command("fetch")
    .description("download and check the published files of tasks")
    .argument("<tasks...>", "their names; `mulab tasks` lists them")
    .action(command(() => import("./fetch.js"), "fetchCommand"));
}

/** The kernel and the servers that use it. */
function addJupyter(mulab: Command): void {
  const kernel = mulab.command("kernel").description('the Jupyter kernel "TypeScript (mulab)"');
  const place = (command: Command): Command =>
    command
      .option("--user", "for you only (the default)")
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
    .description(
      "start JupyterLab, or Notebook, with mulab's kernel and widgets, without installing anything",
    )
    .argument("[folder]", "folder of the notebooks (default: here)")
    .argument("[arguments...]", "arguments for the server, after --")
    .action(async (folder, _arguments, options, command) =>
      (await import("./kernel.js")).labCommand(folder, options, command),
    );
  mulab
    .command("html")
    .description("save a notebook as one HTML file that works without a kernel or a network")
    .argument("<notebook>", "an .ipynb file")
    .option("--out <file>", "file to write (default: beside the notebook)")
    .action(command(() => import("./kernel.js"), "htmlCommand"));
}
