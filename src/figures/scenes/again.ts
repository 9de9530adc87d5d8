// How to make a figure again: a command and a cell, which are below every figure to be copied.

import { plainJson } from "../../format/plain.js";
import { shellPath, shellWord } from "../../format/shell.js";
import type { PictureName } from "./pictures.js";

/** Null if no command makes it. */
export interface Again {
  readonly shell: string | null;
  readonly cell: string | null;
}

/** The figure that a view shows, if it is one of the figures by name. */
const FIGURES = {
  lineage: "lineage",
  architecture: "architecture",
  transfer: "transfer",
  pareto: "pareto",
  learning: "learning",
} as const;
const LIVE = ["progress", "lineage", "architecture", "transfer", "pareto", "accuracy", "learning"];

/** A path that %figure takes as one word. */
const ONE_WORD = /^[\w@+:,./-]+$/;

const readRun = (dir: string): string => `await readRun(${plainJson(dir)})`;

/** How to make the view `name` of the runs in `dirs` again. */
export function viewAgain(name: PictureName, dirs: readonly string[]): Again {
  const [dir] = dirs;
  if (dir === undefined) return { shell: null, cell: null };
  return { shell: shellOf(name, dirs), cell: cellOf(name, dirs) };
}

function shellOf(name: PictureName, dirs: readonly string[]): string | null {
  const paths = dirs.map(shellPath).join(" ");
  if (name === "compare" && dirs.length > 1) return `mulab compare ${paths}`;
  if (dirs.length > 1) return null;
  if (name === "dashboard") return `mulab report ${paths}`;
  if (name === "progress") return `mulab show ${paths}`;
  if (name === "accuracy") return `mulab table results ${paths}`;
  return name in FIGURES ? `mulab figure ${FIGURES[name as keyof typeof FIGURES]} ${paths}` : null;
}

function cellOf(name: PictureName, dirs: readonly string[]): string | null {
  const [first, second] = dirs;
  if (dirs.length > 1) {
    const runs = dirs.map(readRun).join(", ");
    if (name === "compare") return `watch.compare(${readRun(first!)}, ${readRun(second!)})`;
    return name === "pareto" || name === "accuracy" ? `watch.${name}([${runs}])` : null;
  }
  if (name === "dashboard") return `watch(${readRun(first!)})`;
  if (name === "ablation" || name === "compare") return null;
  const path = inCell(first!);
  return path !== null && LIVE.includes(name)
    ? `%figure ${name} ${path}`
    : `watch.${name}(${readRun(first!)})`;
}

/** The options that name variants, as in figures/source SourceOptions. */
interface Chosen {
  readonly variants?: readonly string[] | undefined;
  readonly repetition?: number | undefined;
  readonly against?: string | undefined;
}

/** How to make the figure `name` of the run or sweep at `path` again; `of` says which of the two it is. */
export function figureAgain(
  name: string,
  path: string,
  of: "run" | "sweep",
  { variants = [], repetition, against }: Chosen = {},
): Again {
  const options = [
    ...(variants.length > 0 ? ["--variants", shellWord(variants.join(","))] : []),
    ...(repetition === undefined ? [] : ["--repetition", String(repetition)]),
    ...(against === undefined ? [] : ["--against", shellWord(against)]),
  ];
  const given = {
    ...(variants.length > 0 && { variants }),
    ...(repetition !== undefined && { repetition }),
    ...(against !== undefined && { against }),
  };
  const word = options.length === 0 ? inCell(path) : null;
  const source = `await ${of === "run" ? "readRun" : "readSweep"}(${plainJson(path)})`;
  const more = options.length === 0 ? "" : `, ${plainJson(given)}`;
  return {
    shell: ["mulab figure", shellWord(name), shellPath(path), ...options].join(" "),
    cell: word === null ? `figure(${plainJson(name)}, ${source}${more})` : `%figure ${name} ${word}`,
  };
}

/** `path` as a word of a magic; null if it can't be one. */
function inCell(path: string): string | null {
  if (!ONE_WORD.test(path)) return null;
  // A bare word would be a variable or a name in ./runs.
  return /[/.]/.test(path) && !path.startsWith("-") ? path : `./${path}`;
}

/** Both ways in one line of text. */
export const againText = ({ shell, cell }: Again): string =>
  [...(shell === null ? [] : [shell]), ...(cell === null ? [] : [`in a cell: ${cell}`])].join("  ·  ");
