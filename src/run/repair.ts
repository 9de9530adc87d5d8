// Repair: makes a new run in another folder, which verifies and can be resumed, from what can be proved of a damaged one,
// which stays as it is. Nothing is guessed: events are kept as long as their chain of hashes and the rules of `verify`
// hold, up to the last boundary at which all layers that the run builds on exist with the right bytes.

import { join } from "node:path";
import { hasCode, locked, notRepairable } from "../core/errors/index.js";
import { type Event, effectiveEvents, isBoundary, openMerge } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import { liveLayers } from "../core/live.js";
import type { LayerId } from "../core/model.js";
import { foldEvents } from "../core/state.js";
import { remove } from "../disk/atomic.js";
import { digestOf } from "./digest.js";
import { createRun, type RunReader, readRawRun } from "./folder.js";
import { headerHash, parseHeader, RUN_FILE } from "./header.js";
import { lockOwner } from "./lock.js";
import { parseExperiment } from "./parse-experiment.js";
import { verifyRun } from "./verify/verify.js";
import { walkEvents } from "./verify/walk.js";

type RawRun = Omit<RunReader, "header">;

export interface Repaired {
  readonly dir: string;
  /** Numbers of events in the new run, and of sound events in the damaged one. */
  readonly events: number;
  readonly found: number;
  /** The same for complete generations. */
  readonly generations: number;
  readonly foundGenerations: number;
  readonly layers: number;
  /** Hash over the effective events without their clocks. */
  readonly digest: string;
  /** What was wrong, and what is therefore missing from the new run. */
  readonly lost: readonly string[];
}

/**
 * Salvages the run in `dir` into the new folder `to`. Throws run/not-a-run, run/newer-format, run/damaged (a run.json that
 * nothing vouches for), run/not-repairable, run/locked, and as createRun if `to` can't be made.
 */
export async function repair(dir: string, to: string): Promise<Repaired> {
  const writer = await lockOwner(dir);
  if (writer) throw locked(dir, writer.pid, writer.host);
  const run = await readRawRun(dir);
  const header = run.headerBytes;
  const { events, problems } = await soundEvents(run);
  const first = events[0];
  if (first?.type !== "run-started") throw notRepairable(dir, problems[0] ?? "its journal is empty");
  const mended = mendedHeader(header, first.header);
  if (!mended)
    throw notRepairable(dir, `its ${RUN_FILE} is not the file that the run began with, by more than one bit`);
  const experiment = parseExperiment(
    parseHeader(mended, join(dir, RUN_FILE)).experiment,
    join(dir, RUN_FILE),
  );

  const rules = lastBoundaryByRules(events, experiment);
  const { kept, missing } = await lastWholeBoundary(events.slice(0, rules.kept), run);
  if (kept === 0) throw notRepairable(dir, rules.problem ?? missing[0] ?? "its root was never finished");
  const proved = events.slice(0, kept);
  const state = foldEvents(effectiveEvents(proved));
  const layers = liveLayers(state);
  const folder = await createRun(to, { headerBytes: mended }, async ({ store, journal }) => {
    for (const id of layers) await store.adopt(id, run.store); // bytes before names
    await journal.append(proved);
  });
  await folder.close();
  const report = await verifyRun(to);
  if (!report.ok) {
    await remove(to);
    throw notRepairable(dir, report.checks.flatMap(({ failures }) => failures)[0]!);
  }
  const [generations, foundGenerations] = [generationsIn(proved), generationsIn(events)];
  return {
    dir: to,
    events: kept,
    found: events.length,
    generations,
    foundGenerations,
    layers: layers.size,
    digest: digestOf(proved),
    lost: [
      ...(mended === header ? [] : [`${RUN_FILE} had one flipped bit, as its hash in the journal shows`]),
      ...problems,
      ...(rules.problem ? [rules.problem] : []),
      ...missing,
    ],
  };
}

const generationsIn = (events: readonly Event[]): number =>
  effectiveEvents(events).filter(({ type }) => type === "generation-ended").length;

/** The events before the first damaged line, and everything wrong with the journal. */
async function soundEvents(run: RawRun): Promise<{ events: Event[]; problems: string[] }> {
  const events: Event[] = [];
  const problems: string[] = [];
  try {
    for await (const { event } of run.journal.read(0)) events.push(event);
    const tail = await run.journal.tail();
    if (tail) problems.push(`${tail.bytes} bytes after the last whole line of the journal`);
  } catch (error) {
    if (!hasCode(error, "journal/damaged")) throw error;
    problems.push(error.problem);
  }
  if (run.tipDamage !== undefined) problems.push(run.tipDamage);
  if (run.tip && run.tip.events > events.length)
    problems.push(
      `${run.tip.events - events.length} events at the end of the journal, which had ${run.tip.events}`,
    );
  return { events, problems };
}

/** The bytes of run.json that match the journal's hash: as they are, or with one bit flipped back; null if neither matches. */
function mendedHeader(header: Uint8Array, expected: string | undefined): Uint8Array | null {
  if (expected === undefined || headerHash(header) === expected) return header;
  const bytes = header.slice();
  for (let at = 0; at < bytes.length; at++)
    for (let bit = 1; bit < 256; bit <<= 1) {
      bytes[at]! ^= bit;
      if (headerHash(bytes) === expected) return bytes;
      bytes[at]! ^= bit;
    }
  return null;
}

/** How many events there are up to each boundary at which a run may end; inside a merge it may not. */
function resumable(events: readonly Event[]): number[] {
  const merge = openMerge(events);
  let depth = 0;
  return events.flatMap((event, i) => {
    if (event.type === "run-merged") depth += 1;
    if (event.type === "merge-ended") depth -= 1;
    return depth === 0 && isBoundary(event) && (merge < 0 || i < merge) ? [i + 1] : [];
  });
}

/** How many events there are up to the last boundary before a rule of `verify` is broken, and which rule. */
function lastBoundaryByRules(
  events: readonly Event[],
  experiment: Experiment,
): { readonly kept: number; readonly problem: string | null } {
  const ends = resumable(events);
  const problemOf = (count: number): string | null => {
    const { failures } = walkEvents(effectiveEvents(events.slice(0, count)), experiment);
    return Object.values(failures).flat()[0] ?? null;
  };
  // Once a rule is broken it stays broken, so the last boundary before that is found by bisection.
  let sound = 0; // of `ends`
  let broken = ends.length + 1;
  let problem: string | null = null;
  for (let look = ends.length; look > sound; look = Math.floor((sound + broken) / 2)) {
    const found = problemOf(ends[look - 1]!);
    if (found === null) sound = look;
    else [broken, problem] = [look, found];
  }
  return { kept: sound === 0 ? 0 : ends[sound - 1]!, problem };
}

/** How many events there are up to the last boundary with all its layers, and the layers that the very last boundary lacks. */
async function lastWholeBoundary(
  events: readonly Event[],
  { store }: RawRun,
): Promise<{ readonly kept: number; readonly missing: readonly string[] }> {
  const checked = new Map<LayerId, boolean>();
  const isSound = async (id: LayerId): Promise<boolean> => {
    const sound =
      checked.get(id) ??
      (await store.get(id).then(
        () => true,
        () => false,
      ));
    checked.set(id, sound);
    return sound;
  };
  const ends = new Set(resumable(events));
  let missing: readonly string[] | undefined;
  for (let kept = events.length; kept > 0; kept--) {
    if (!ends.has(kept)) continue;
    const lacks: string[] = [];
    // Earlier boundaries may lack more, which later lines had made dead.
    for (const id of liveLayers(foldEvents(effectiveEvents(events.slice(0, kept)))))
      if (!(await isSound(id))) lacks.push(`layer ${id.slice(0, 8)}, which is missing or damaged`);
    missing ??= lacks;
    if (lacks.length === 0) return { kept, missing };
  }
  return { kept: 0, missing: missing ?? [] };
}
