// The lines of the display: a block for a terminal, and one line per event for a file.

import stringWidth from "string-width";
import { type Progress, shareDone } from "../analysis/progress.js";
import type { Event } from "../core/event.js";
import type { State } from "../core/state.js";
import { formatCount, formatDuration, formatPercent, plural } from "../format/numbers.js";
import { plainText } from "../format/plain.js";
import { settingsText } from "../format/settings.js";

/** Paints text; the identity without colours. */
export interface Ink {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  /** In the colour of the task with that number. */
  readonly task: (index: number, text: string) => string;
}

export const noInk: Ink = { bold: (t) => t, dim: (t) => t, task: (_, t) => t };

/** Most lines of best accuracies; with more tasks, the rest are only counted. */
const BEST_LINES = 3;

/** The live block: what is being trained, how far, how fast, how good; every line in `columns`. */
export function progressLines(
  progress: Progress,
  tasks: readonly string[],
  columns: number,
  ink: Ink = noInk,
): string[] {
  const width = Math.max(20, columns);
  return [
    whereLine(progress, tasks, width, ink),
    progressBar(progress, width, ink),
    ...bestLines(progress, tasks, width, ink),
  ];
}

/** Which task is being trained, and how far. */
export function whereLine(progress: Progress, tasks: readonly string[], width: number, ink: Ink): string {
  const { task, phase } = progress;
  const name = task === null ? "" : plainText(task);
  const where: (readonly [string, string])[] =
    phase === "starting"
      ? [["starting", "starting"]]
      : phase === "ended"
        ? [["done", "done"]]
        : [
            [ink.bold(ink.task(tasks.indexOf(task ?? ""), name)), name],
            ...asPlain([
              phase === "testing" ? "testing the retained models" : "",
              count("iteration", progress.iteration, progress.iterations),
              count("generation", progress.generation, progress.generations),
              progress.cycle > 0 ? count("validation", progress.cycle, progress.cycles) : "",
              progress.cycle > 0 ? count("child", progress.child, progress.children) : "",
            ]),
          ];
  return joinFitting(where, width);
}

const count = (what: string, at: number, of: number): string => (at > 0 ? `${what} ${at}/${of}` : "");

const asPlain = (texts: readonly string[]): [string, string][] =>
  texts.flatMap((text): [string, string][] => (text ? [[text, text]] : []));

/** As many of the parts (painted, plain) as fit into `width`, two spaces apart; the first one always, cut if necessary. */
export function joinFitting(
  parts: readonly (readonly [string, string])[],
  width: number,
  gap = "  ",
): string {
  let line = "";
  let used = 0;
  for (const [painted, plain] of parts) {
    const length = stringWidth(plain) + (used > 0 ? gap.length : 0);
    if (used > 0 && used + length > width) break;
    if (used === 0 && length > width) return clipTo(plain, width);
    line += (used > 0 ? gap : "") + painted;
    used += length;
  }
  return line;
}

function progressBar(progress: Progress, width: number, ink: Ink): string {
  const { examplesPerSecond: speed, etaSeconds: eta } = progress;
  const facts = [
    `${progress.childrenDone}/${progress.childrenTotal} children`,
    ...(speed === null ? [] : [`${plainText(formatCount(speed))} examples/s`]),
    ...(eta === null || progress.phase === "ended" ? [] : [`${formatDuration(eta)} left`]),
  ];
  return barLine(shareDone(progress), facts, width, ink);
}

/** A bar for a share in [0, 1], its percentage, and as many `facts` as fit. */
export function barLine(share: number, facts: readonly string[], width: number, ink: Ink): string {
  // As wide as it can be once all facts are there, so that it doesn't jump.
  const length = Math.max(8, Math.min(32, width - 66));
  const full = Math.round(share * length);
  const bar = `${"█".repeat(full)}${"░".repeat(length - full)}`;
  const painted = `${"█".repeat(full)}${ink.dim("░".repeat(length - full))}`;
  const percent = `${Math.floor(100 * share)} %`.padStart(5);
  return joinFitting([[painted, bar], ...asPlain([percent, ...facts])], width);
}

/** The best so far by task, over as many lines as needed, up to a few. */
function bestLines({ best }: Progress, tasks: readonly string[], width: number, ink: Ink): string[] {
  const lines: string[] = [];
  let line = ink.dim("best");
  let used = 4;
  for (const [i, task] of tasks.entries()) {
    const name = plainText(task);
    const value = plainText(formatPercent(best[task]));
    const length = stringWidth(name) + 1 + value.length + 2;
    if (used + length > width && used > 4) {
      if (lines.length === BEST_LINES - 1) {
        const rest = `+${tasks.length - i} more`;
        if (used + rest.length + 2 <= width) line += ink.dim(`  ${rest}`);
        break;
      }
      lines.push(line);
      line = "    ";
      used = 4;
    }
    line += `  ${ink.task(i, clipTo(name, width - used - value.length - 3))} ${ink.bold(value)}`;
    used += length;
  }
  return tasks.length === 0 ? [] : [...lines, line];
}

/** `text` in at most `most` columns (at least one), cut at its end; a Chinese character takes two, a combining mark none. */
function clipTo(text: string, most: number): string {
  if (stringWidth(text) <= most) return text;
  const graphemes = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  let kept = "";
  let room = most - 1;
  for (const grapheme of graphemes) {
    room -= stringWidth(grapheme);
    if (room < 0) break;
    kept += grapheme;
  }
  return `${kept}…`;
}

/** The log line for `event`, or null: one for each generation, activation and test. `progress` and `state` are those after it. */
export function eventLine(event: Event, state: State, progress: Progress): string | null {
  const task = plainText(progress.task ?? "");
  const percent = (value: number | null | undefined) => plainText(formatPercent(value));
  switch (event.type) {
    case "generation-ended": {
      const children = state.models.slice(progress.firstChild);
      const kept = children.filter(({ status }) => status === "active").length;
      const failed = children.filter(({ status }) => status === "failed").length;
      const { wallMs } = event.clock ?? {};
      return [
        `${task}: iteration ${progress.iteration}/${progress.iterations}, generation ${progress.generation}/${progress.generations}`,
        `${children.length} ${children.length === 1 ? "child" : "children"}, ${kept} kept${failed > 0 ? `, ${failed} failed` : ""}`,
        `best ${percent(progress.best[progress.task ?? ""])}`,
        ...(wallMs === undefined ? [] : [formatDuration(wallMs / 1000)]),
        `${Math.floor(100 * shareDone(progress))} % done`,
        ...(progress.etaSeconds ? [`about ${formatDuration(progress.etaSeconds)} left`] : []),
      ].join("; ");
    }
    case "activation-ended": {
      const model = event.retained === null ? undefined : state.models.get(event.retained);
      return model
        ? `${task}: retains model ${model.id}, validation accuracy ${percent(model.accuracy)}`
        : `${task}: retains no model`;
    }
    case "model-tested": {
      const model = state.models.get(event.model)!;
      return `${plainText(model.task ?? "")}: model ${model.id}, test accuracy ${percent(event.testAccuracy)}`;
    }
    case "run-extended":
      return [
        `${event.title ? `${plainText(event.title)}: ` : ""}extended by ${plural(event.schedule.length, "activation")}: ${plainText(event.schedule.join(", "))}`,
        ...(event.settings ? [settingsText(event.settings)] : []),
      ].join("; from here on ");
    case "run-merged":
      return `${plainText(event.experiment)}: another system is merged (digest ${event.digest.slice(0, 8)}…)`;
    case "merge-ended":
      return `merged: ${plural(Object.keys(state.retained).length, "task")} with a model`;
    case "task-forgotten":
      return `${plainText(event.task)}: forgotten`;
    case "run-resumed":
      return `resumed after ${state.models.length - 1} children`;
    default:
      return null;
  }
}
