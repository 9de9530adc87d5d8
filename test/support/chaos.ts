// What the chaos suite does to commands: a disk that fails at the N-th operation of a child process, or of this one, and a
// tally of what came of it. A fault is lost where the state after it is neither that of before nor that of a command that
// was done, or where doing it again does not end with what an undisturbed one gives.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rngFromSeed } from "../../src/core/rng.js";
import type * as Mulab from "../../src/index.js";
import { arm, disarm, type Fault, type FaultKind } from "./disk-faults.mjs";

/** Every operation (`npm run chaos`), else a draw of them. */
export const IS_LONG = process.env.MULAB_CHAOS === "long";
/** The build that is tried: this one, or another one's to compare with. */
export const DIST = resolve(
  process.env.MULAB_CHAOS_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url)),
);
const CLI = join(DIST, "src", "cli.js");
const HOOK = fileURLToPath(new URL("./disk-faults.mjs", import.meta.url));
export const SEED = Number(process.env.MULAB_CHAOS_SEED ?? 0);
const rng = rngFromSeed(SEED);

/** The public entry of the build. */
export const api = (): Promise<typeof Mulab> => import(pathToFileURL(join(DIST, "src", "index.js")).href);

// ---- the tally

interface Tally {
  faults: number;
  /** Faults that struck: the command had not ended before. */
  struck: number;
  readonly lost: string[];
}
const tallies = new Map<string, Tally>();

export function tallyOf(name: string): Tally {
  const tally = tallies.get(name) ?? { faults: 0, struck: 0, lost: [] };
  tallies.set(name, tally);
  return tally;
}

/** A line for each kind, and all of what was lost. */
export function tallyText(): string {
  const rows = [...tallies].map(
    ([name, { faults, struck, lost }]) =>
      `${name.padEnd(28)} ${String(faults).padStart(6)} ${String(struck).padStart(6)} ${String(lost.length).padStart(6)}`,
  );
  const sum = (of: (tally: Tally) => number) =>
    [...tallies.values()].reduce((all, tally) => all + of(tally), 0);
  const total = `${"all".padEnd(28)} ${String(sum((t) => t.faults)).padStart(6)} ${String(sum((t) => t.struck)).padStart(6)} ${String(sum((t) => t.lost.length)).padStart(6)}`;
  const lost = [...tallies].flatMap(([name, tally]) => tally.lost.map((text) => `  ${name}: ${text}`));
  return [
    `chaos, seed ${SEED}${IS_LONG ? ", long" : ""}`,
    `${"fault".padEnd(28)} faults struck   lost`,
    ...rows,
    total,
    ...lost,
  ].join("\n");
}

/** Tries one fault: `check` throws where something was lost. */
export async function tried(name: string, where: string, check: () => Promise<void>): Promise<void> {
  const tally = tallyOf(name);
  tally.faults += 1;
  try {
    await check();
  } catch (error) {
    refuseRemoved();
    tally.lost.push(
      `${where}: ${String((error as Error).message)
        .split("\n")[0]!
        .slice(0, 300)}`,
    );
  }
}

// ---- places

let base = "";
/** Where all of the suite's folders are; homes and caches too, outside of what counts. */
export function begin(folder: string): void {
  base = folder;
  mkdirSync(join(base, "home"), { recursive: true });
}
/** Throws where the suite's own folders are gone: what is missing then says nothing of the command that was tried. */
function refuseRemoved(): void {
  if (!existsSync(base))
    throw new Error(
      `${base}, the folder of this suite, was removed from outside while the suite ran. Run it again.`,
    );
}
/** A new folder for one try, the root of what counts. */
export function newPlace(): string {
  refuseRemoved();
  return mkdtempSync(join(base, "try-"));
}
export const removePlace = (folder: string): void => rmSync(folder, { recursive: true, force: true });

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  NO_COLOR: "1",
  HOME: join(base, "home"),
  XDG_CACHE_HOME: join(base, "home", "cache"),
  MULAB_DATA: join(base, "home", "data"),
  PATH: `${join(base, "bin")}:${process.env.PATH}`,
  NODE_OPTIONS: "",
});

// ---- children

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface ChildFault {
  readonly root: string;
  readonly at?: number;
  readonly how?: Fault["how"];
  readonly reads?: boolean;
  readonly report?: string;
  readonly to?: string;
}

/** How a child process is started. */
export interface Start {
  /** A command to run it by. */
  readonly prefix?: readonly string[];
  /** A module that it loads first. */
  readonly preload?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs `mulab ...args` in a child process, on a disk with `fault`. */
export function child(
  args: readonly string[],
  fault?: ChildFault,
  { prefix = [], preload, env: own }: Start = {},
): Promise<Ended> {
  const imports = [...(fault ? [HOOK] : []), ...(preload ? [preload] : [])].flatMap((file) => [
    "--import",
    file,
  ]);
  const command = [...prefix, process.execPath, ...imports, CLI, ...args];
  const env = { ...environment(), ...own, ...(fault && { MULAB_FAULT: JSON.stringify(fault) }) };
  return new Promise((resolve, reject) => {
    const process = spawn(command[0]!, command.slice(1), { env, stdio: ["ignore", "pipe", "pipe"] });
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      process[name].setEncoding("utf8").on("data", (chunk) => {
        text[name] += chunk;
      });
    process.on("error", reject);
    process.on("close", (code, signal) => resolve({ code, signal, ...text }));
  });
}

/** Runs it undisturbed and throws where it fails. */
export async function sound(args: readonly string[], start?: Start): Promise<Ended> {
  const ended = await child(args, undefined, start);
  if (ended.code !== 0) throw new Error(`mulab ${args[0]} ended with ${ended.code}: ${ended.stderr.trim()}`);
  return ended;
}

/** What an undisturbed `mulab ...args` does below `root`. */
export interface Listed {
  /** Its disk operations. */
  readonly operations: readonly string[];
  /** What a kill leaves: of each operation `N`, and `N-half` where it holds data; folders in `snapshots`. */
  readonly states: readonly string[];
  readonly snapshots: string;
}

export async function listed(
  args: readonly string[],
  root: string,
  { reads = false, ...start }: Start & { readonly reads?: boolean } = {},
): Promise<Listed> {
  const place = newPlace();
  const [report, snapshots] = [join(place, "operations.json"), join(place, "snapshots")];
  mkdirSync(snapshots);
  const how = reads ? "count" : "snapshots";
  const { code, stderr } = await child(args, { root, report, reads, how, to: snapshots }, start);
  if (code !== 0) throw new Error(`mulab ${args[0]} ended with ${code}: ${stderr}`);
  const operations = JSON.parse(readFileSync(report, "utf8"));
  const states = readdirSync(snapshots).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  return { operations, states, snapshots };
}

// ---- draws

/** `most` of `all` at most, spread, each from its own stretch. */
export function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => {
    const start = Math.floor((i * all.length) / most);
    return all[start + rng.int(Math.max(1, Math.floor(((i + 1) * all.length) / most) - start))]!;
  });
}
/** All of `total` in the long form, else `most` of them. */
export const drawn = (total: number, most: number): number[] =>
  spread(
    Array.from({ length: total }, (_, n) => n),
    IS_LONG ? total : most,
  );

/** Places in `operations`: `most` of each class, which is what an operation does to which kind of file. */
export function ofEachClass(operations: readonly string[], root: string, most: number): number[] {
  const classes = new Map<string, number[]>();
  for (const [at, operation] of operations.entries()) {
    const kind = operation.replace(root, "").replace(/[0-9a-f]{2,}|\d+/g, "#");
    classes.set(kind, [...(classes.get(kind) ?? []), at]);
  }
  return [...classes.values()].flatMap((all) => spread(all, most)).sort((a, b) => a - b);
}
export const draw = (below: number): number => rng.int(below);

/** Does all of `jobs`, a few at a time. */
export async function pooled(jobs: readonly (() => Promise<void>)[], at = 2): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: at }, async () => {
      while (next < jobs.length) await jobs[next++]!();
    }),
  );
}

// ---- this process

/** Does `work` while the disk fails at operation `at` below `root`; what it threw, and whether the fault struck. */
export async function disturbed(
  root: string,
  how: FaultKind,
  at: number,
  reads: boolean,
  work: () => Promise<unknown>,
): Promise<{ error: unknown; struck: boolean }> {
  arm({ root, how, at, reads });
  let error: unknown;
  try {
    await work();
  } catch (thrown) {
    error = thrown;
  }
  const { length } = disarm();
  return { error, struck: length > at };
}

/** The disk operations of `work` below `root`. */
export async function counted(
  root: string,
  reads: boolean,
  work: () => Promise<unknown>,
): Promise<readonly string[]> {
  arm({ root, reads });
  await work();
  return disarm();
}
