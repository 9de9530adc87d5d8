// `mulab forget`: removes a task from a run, and lists what still names it.

import { stat } from "node:fs/promises";
import { plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { readRun } from "../run/folder.js";
import { forget } from "../run/forget.js";
import { type Trace, tracesOf } from "../run/traces.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

export async function forgetCommand(dir: string, task: string, options: JsonOption): Promise<void> {
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
