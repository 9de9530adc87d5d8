// `mulab forget`: removes a task from a run, and lists what still names it.

import { stat } from "node:fs/promises";
import { type PriceOfForgetting, priceOfForgetting } from "../analysis/price-of-forgetting.js";
import { formatParams, formatPercent, plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { readRun } from "../run/folder.js";
import { forget } from "../run/forget.js";
import { readRun as readRecord } from "../run/record.js";
import { type Trace, tracesOf } from "../run/traces.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

interface ForgetOptions extends JsonOption {
  /** Whether only to say what it would cost. */
  readonly price?: boolean;
}

export async function forgetCommand(dir: string, task: string, options: ForgetOptions): Promise<void> {
  if (options.price) {
    const price = priceOfForgetting(await readRecord(dir), task);
    linesOf(options).write(said`${priceText(price)}\n`);
    printJson(options, price);
    return;
  }
  const shared = await sharedLayers(dir);
  const { layers, bytes } = await forget(dir, task);
  const elsewhere = await goneOf(shared);
  const traces = await tracesOf(dir, task);
  const stream = linesOf(options);
  stream.write(
    said`${task}: forgotten; ${plural(layers, "layer")} removed (${(bytes / 1e6).toFixed(1)} MB). \`mulab verify ${dir}\` proves it.\n`,
  );
  if (elsewhere > 0)
    stream.write(
      `${plural(elsewhere, "of these layers has", "of these layers have")} another name on this disk: a fork of this run still has them.\n`,
    );
  stream.write("\nFiles in this folder and beside it that still name the task:\n");
  for (const trace of traces) stream.write(`${linesAbout(trace)}\n`);
  stream.write("Notebooks, backups and copies elsewhere are not searched.\n");
  printJson(options, { dir, task, layers, bytes, elsewhere, traces });
}

/** What would fall, what stays, and what it took. */
function priceText({ task, model, heirs, took }: PriceOfForgetting): string {
  const falls = model
    ? `Forgetting ${task} removes model ${model.id} (test accuracy ${formatPercent(model.testAccuracy)}) and its ${plural(model.ownLayers, "own layer")} (${formatParams(model.ownParams)} parameters).`
    : `${task} has no model.`;
  const stays =
    heirs.length === 0
      ? "No other model was trained on it."
      : `Other models stay as they are, with what they learned from it: ${heirs.map((heir) => `${heir.task} (${formatPercent(heir.share, 0)} of its steps)`).join(", ")}.`;
  const minutes = took.coreMinutes === null ? "" : `, ${took.coreMinutes.toFixed(1)} core-minutes`;
  return `${falls} ${stays} It took ${plural(took.activations, "activation")} and ${plural(took.children, "child", "children")}${minutes}; regaining it takes about as much. Nothing was changed.`;
}

const linesAbout = ({ path, holds, remedy }: Trace): string =>
  said`  ${path}: ${holds}\n    To remove it: ${remedy}`;

/** The layers of a run whose files have a second link, most likely in a fork. */
async function sharedLayers(dir: string): Promise<string[]> {
  const { store } = await readRun(dir);
  const paths = (await store.list()).map(store.pathOf);
  const links = await Promise.all(paths.map((path) => stat(path).then(({ nlink }) => nlink)));
  return paths.filter((_, i) => links[i]! > 1);
}

async function goneOf(paths: readonly string[]): Promise<number> {
  const there = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return there.filter((is) => !is).length;
}
