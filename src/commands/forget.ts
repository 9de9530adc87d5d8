// `mulab forget`: a task out of a run, and what still names it.

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
      `Of these, ${plural(elsewhere, "layer")} had another name on this disk: a fork of this run still has them.\n`,
    );
  stream.write("\nWhat still names it, as far as this folder and its neighbours go:\n");
  for (const trace of traces) stream.write(`${linesAbout(trace)}\n`);
  stream.write("Notebooks, backups and copies elsewhere are not looked through.\n");
  printJson(options, { dir, task, layers, bytes, elsewhere, traces });
}

const linesAbout = ({ path, holds, remedy }: Trace): string =>
  said`  ${path}: ${holds}\n    To be rid of it: ${remedy}`;

/** The layers of a run whose bytes have another name too, most likely in a fork. */
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
