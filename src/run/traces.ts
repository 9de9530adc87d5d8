// Finds what still names a task after it was forgotten. Forgetting removes a task's model and layers from one run. The
// journal must keep the name, or nothing could be proved any more, and earlier reports, forks and pictures stay as they
// were. This searches the run's folder, its neighbours, and the sweep that it belongs to.

import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, extname, join, relative } from "node:path";
import type { TaskName } from "../core/model.js";
import { openRegular } from "../disk/regular.js";
import { RUN_FILE } from "./header.js";
import { readRun } from "./record.js";

/** Something that still names the task. */
export interface Trace {
  readonly path: string;
  readonly what: "journal" | "fork" | "run" | "sweep" | "file";
  /** What it still contains of the task. */
  readonly holds: string;
  /** How to remove it. */
  readonly remedy: string;
}

const JOURNAL_FILE = "events.jsonl";
/** Files whose text is searched, including pictures that are text. */
const TEXT = [
  ".html",
  ".htm",
  ".svg",
  ".csv",
  ".tsv",
  ".json",
  ".jsonl",
  ".md",
  ".txt",
  ".ipynb",
  ".ts",
  ".log",
];
const MOST_FILES = 5_000;
const MOST_BYTES = 256 * 2 ** 20;
const MOST_BYTES_IN_ALL = 2 ** 30;
/** Folders inside a neighbour: a sweep's points are two below it. */
const MOST_DEPTH = 3;

/** What still names `task` in the run at `dir` and around it, the run itself first. Throws as readRun. */
export async function tracesOf(dir: string, task: TaskName): Promise<Trace[]> {
  const run = await realpath(dir);
  const own = await firstLine(run);
  await readRun(dir); // throws if it is not a run
  const around = dirname(run);
  const sweep = basename(around) === "points" ? dirname(around) : undefined;
  const shown = (path: string): string => join(dir, relative(run, path)) || ".";
  const traces: Trace[] = [];
  let left = MOST_BYTES_IN_ALL;
  for await (const path of filesBelow(sweep ? dirname(sweep) : around, run)) {
    const { size } = await stat(path).catch(() => ({ size: 0 }));
    if (size === 0 || size > Math.min(MOST_BYTES, left)) continue;
    left -= size;
    if (!(await names(path, size, task))) continue;
    traces.push(await traceOf(path, { run, own, task, shown }));
  }
  return traces.filter(({ path }, i) => traces.findIndex((other) => other.path === path) === i);
}

interface Search {
  readonly run: string;
  /** The first line of the run's journal, with which its forks begin too. */
  readonly own: string;
  readonly task: TaskName;
  readonly shown: (path: string) => string;
}

async function traceOf(path: string, { run, own, task, shown }: Search): Promise<Trace> {
  const folder = dirname(path);
  const name = basename(path);
  if (folder === run && [RUN_FILE, JOURNAL_FILE].includes(name))
    return {
      path: shown(run),
      what: "journal",
      holds:
        "its name, its number of images and its models' accuracies, in run.json and events.jsonl: without these, nothing about the run could be proved",
      remedy: `remove the whole run: rm -r ${shown(run)}`,
    };
  if ([RUN_FILE, JOURNAL_FILE].includes(name)) {
    const isForgotten = await readRun(folder).then(
      ({ state }) => state.forgotten.includes(task),
      () => false,
    );
    const isFork = own !== "" && (await firstLine(folder)) === own;
    return {
      path: shown(folder),
      what: isFork ? "fork" : "run",
      holds: isForgotten
        ? "its name, in run.json and events.jsonl"
        : isFork
          ? "its model and layers: a fork of this run, or the run that this one was forked from"
          : "its model and layers: another run of that task",
      remedy: isForgotten
        ? `remove the whole run: rm -r ${shown(folder)}`
        : `mulab forget ${shown(folder)} ${task}, or remove it`,
    };
  }
  if (["sweep.json", "results.json"].includes(name))
    return {
      path: shown(folder),
      what: "sweep",
      holds: "its name and every method's accuracy on it, in sweep.json and results.json",
      remedy: `remove the whole sweep: rm -r ${shown(folder)}`,
    };
  const isReport = name === "report.html";
  return {
    path: shown(path),
    what: "file",
    holds: isReport ? "a report, with its name and results" : "its name",
    remedy: "remove it if it shows this task",
  };
}

/** Text files at and below `folder`, those of `first` before the others; layers are not text. */
async function* filesBelow(folder: string, first: string): AsyncGenerator<string> {
  let left = MOST_FILES;
  async function* walk(dir: string, depth: number): AsyncGenerator<string> {
    const entries: Dirent[] = await readdir(dir, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(dir, entry.name);
      const isOther = entry.name === "layers" || entry.name === "node_modules" || entry.name.startsWith(".");
      if (left <= 0 || isOther) continue;
      left -= 1;
      if (entry.isDirectory() && depth < MOST_DEPTH && path !== first) yield* walk(path, depth + 1);
      else if (entry.isFile() && TEXT.includes(extname(entry.name).toLowerCase())) yield path;
    }
  }
  yield* walk(first, 0);
  yield* walk(folder, 0);
}

/** The first line of a run's journal; "" if there is none. */
async function firstLine(dir: string): Promise<string> {
  const text = await headOf(join(dir, JOURNAL_FILE), 1 << 20);
  return text.slice(0, Math.max(0, text.indexOf("\n")));
}

async function headOf(path: string, most: number): Promise<string> {
  try {
    const file = await openRegular(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(most), 0, most, 0);
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return "";
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** Whether the text of a file has the name as a word, literally or as JSON, HTML or CSV escape it. */
async function names(path: string, size: number, task: TaskName): Promise<boolean> {
  const text = await headOf(path, size);
  const html = task.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const forms = [
    ...new Set([
      task,
      JSON.stringify(task).slice(1, -1),
      html,
      html.replaceAll('"', "&quot;"),
      task.replaceAll('"', '""'),
    ]),
  ];
  const word = "[\\p{L}\\p{N}_/-]";
  return new RegExp(`(?<!${word})(?:${forms.map(escaped).join("|")})(?!${word})`, "u").test(text);
}
