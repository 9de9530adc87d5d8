// Options and arguments that several commands take, and how their values are read.

import { type Command, InvalidArgumentError, Option } from "commander";
import { DEVICES } from "../../engine/devices.js";

export function wholeNumber(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least || text.trim() === "")
      throw new InvalidArgumentError(`It must be a whole number, at least ${least}.`);
    return value;
  };
}

export function positiveNumber(text: string): number {
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

/** --images of commands that load a run's tasks again. */
export const imagesOption = (): Option =>
  new Option(
    "--images <task=path...>",
    "the new place of your own images of a task, if they have moved since the run began",
  ).argParser(movedImages);

function movedImages(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1)
    throw new InvalidArgumentError("It must be task=path, as in --images mine/leaves=/data/leaves.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

export const settings = (): Option =>
  new Option(
    "--set <key=value...>",
    "change settings of the experiment; may be repeated; an unknown key lists the known ones",
  )
    .argParser(setting)
    .default([], "none");

/** What --tasks takes, for help and messages. */
export const TASK_LIST_HELP =
  'comma-separated names; ":private" after a name makes it private; "glyphs" draws them; folder:PATH is a folder of your own images (or a zip archive, a folder with CSV files of labels, idx or npz files)';

export const json = ["--json", "print one JSON document as the last line"] as const;

/** The options of the engine, which all commands that train take. */
export const engine = (command: Command): Command =>
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
