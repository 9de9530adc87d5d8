// A run's progress as a picture: its name, its status, how far it is, the best of every task.

import { shareDone } from "../../analysis/progress.js";
import { accessText, isPublic } from "../../core/access.js";
import { standingTasks } from "../../core/state.js";
import { elide } from "../../format/names.js";
import { formatCount, formatPercent, plural } from "../../format/numbers.js";
import { taskPaint } from "./palette.js";
import type { PicturedRun } from "./pictured-run.js";
import { clip, type Mark, px, type Scene, textWidth } from "./scene.js";

const WIDTH = 800;
const CHIP = 28;
/** Most tasks that are shown one by one. */
const MOST = 30;

export function progressScene({ head, state, status, progress }: PicturedRun): Scene {
  const { title, seed, budget } = head.experiment;
  const share = status === "ended" ? 1 : shareDone({ ...progress, samples: [], firstChild: 0 });
  const done = `${plural(progress.childrenDone, "child", "children")} of ${formatCount(progress.childrenTotal)}`;
  const { marks, height } = chips(state, 102);
  return {
    width: WIDTH,
    height,
    title: `${title}: ${status}`,
    description: `${head.dir}, seed ${seed}. ${done}.`,
    children: [
      { kind: "text", x: 12, y: 24, text: clip(title, 70), size: 16, weight: "bold", fill: "ink" },
      {
        kind: "text",
        x: 12,
        y: 44,
        text: clip(`${head.dir} · ${head.method.label.curve} · seed ${seed} · ${budget} budget`, 110),
        size: 12,
        fill: "muted",
      },
      {
        kind: "text",
        x: WIDTH - 12,
        y: 24,
        text: STATUS[status],
        size: 13,
        weight: "bold",
        anchor: "end",
        fill: status === "failed" ? "alert" : "ink",
      },
      { kind: "rect", x: 12, y: 58, width: WIDTH - 24, height: 6, r: 3, fill: "faint" },
      {
        kind: "rect",
        x: 12,
        y: 58,
        width: Number(px((WIDTH - 24) * share)),
        height: 6,
        r: 3,
        fill: status === "failed" ? "alert" : "accent",
      },
      {
        kind: "text",
        x: 12,
        y: 84,
        text: `${done} · ${formatCount(progress.examplesDone)} examples seen`,
        size: 12,
        fill: "muted",
      },
      ...marks,
    ],
  };
}

const STATUS: Readonly<Record<PicturedRun["status"], string>> = {
  running: "Running",
  paused: "Paused",
  stopped: "Stopped",
  ended: "Finished",
  failed: "Failed",
};

/** One chip per task: its name and its model's accuracy. */
function chips(state: PicturedRun["state"], top: number): { marks: Mark[]; height: number } {
  const tasks = state.tasks.map(({ name }) => name);
  let x = 12;
  let y = top;
  const all = standingTasks(state);
  const shownTasks = all.slice(0, MOST);
  const marks = shownTasks.flatMap(({ name, access }): Mark[] => {
    const model = state.models.get(state.retained[name] ?? -1);
    const shown = `${elide(name, 32)}${isPublic(access) ? "" : ` (${elide(accessText(access), 32)})`}`;
    const text = model
      ? `${formatPercent(model.accuracy)}, test ${formatPercent(model.testAccuracy)}`
      : "no model yet";
    const nameWidth = textWidth(shown, 12, "bold");
    const width = 22 + nameWidth + 8 + textWidth(text, 12) + 10;
    if (x > 12 && x + width > WIDTH - 12) {
      x = 12;
      y += CHIP + 6;
    }
    const at = x;
    x += width + 8;
    return [
      { kind: "rect", x: at, y, width, height: CHIP, r: 6, fill: "panel" },
      { kind: "circle", x: at + 12, y: y + CHIP / 2, r: 4.5, fill: taskPaint(tasks, name) },
      { kind: "text", x: at + 22, y: y + 18, text: shown, size: 12, weight: "bold", fill: "ink" },
      { kind: "text", x: at + 30 + nameWidth, y: y + 18, text, size: 12, fill: "muted" },
    ];
  });
  const rest = all.length - shownTasks.length;
  if (rest > 0) {
    y += CHIP + 6;
    const text = `and ${plural(rest, "more task")}`;
    marks.push({ kind: "text", x: 12, y: y + 12, text, size: 12, fill: "muted" });
  }
  return { marks, height: y + (shownTasks.length > 0 ? CHIP + 10 : 0) };
}
