// `watch(run)` in a cell: live pictures of a run, or of several. In the "TypeScript (mulab)" kernel they are widgets
// that share one model a run, and so one selection; anywhere else the run is told as lines of text.

import { noComm } from "./core/errors.js";
import { fallbackBundle } from "./notebook/fallback.js";
import { type CommLayer, commLayer, type WidgetModel } from "./notebook/layer.js";
import { LiveRun, type Watchable, widgetNames } from "./notebook/live-run.js";
import { lineOf } from "./notebook/text.js";
import type { PictureName } from "./view/live/pictures.js";

export type { Watchable } from "./notebook/live-run.js";

const lives = new WeakMap<Watchable, LiveRun>();
const told = new WeakSet<Watchable>();
let hasNoticed = false;

/** One widget model a run, however often it is watched. */
function liveRun(run: Watchable, layer: CommLayer): LiveRun {
  const known = lives.get(run);
  if (known?.widget.isOpen) return known;
  const live = new LiveRun(run, (state) =>
    layer.widget(state, { fallback: () => fallbackBundle("dashboard", [run]) }),
  );
  lives.set(run, live);
  return live;
}

function tell(run: Watchable): void {
  if (!hasNoticed) console.error(noComm().message);
  hasNoticed = true;
  if (told.has(run)) return;
  told.add(run);
  run.subscribe((event, state) => {
    const line = lineOf(event, state);
    if (line !== undefined) console.log(line);
  });
}

type Runs = Watchable | readonly Watchable[];

const listOf = (runs: Runs): readonly Watchable[] => (Array.isArray(runs) ? runs : [runs as Watchable]);

/** Shows `picture` of `runs` under the cell, and once more when all have ended, so that a saved notebook's still picture is the last. */
function show(picture: PictureName, runs: readonly Watchable[]): void {
  const layer = commLayer();
  if (!layer) {
    for (const run of runs) tell(run);
    return;
  }
  const all = runs.map((run) => liveRun(run, layer));
  const widget = picture === "dashboard" ? all[0]!.widget : pictureWidget(picture, all, runs, layer);
  const shown = layer.display(widget);
  let open = all.filter(({ run }) => run.status === "running" || run.status === "paused").length;
  if (open === 0) return;
  for (const live of all)
    live.onSettled(() => {
      open -= 1;
      if (open === 0) shown.update(widget);
    });
}

const pictureWidget = (
  picture: PictureName,
  all: readonly LiveRun[],
  runs: readonly Watchable[],
  layer: CommLayer,
): WidgetModel =>
  layer.widget(
    {
      ...widgetNames("PictureModel", `${picture[0]!.toUpperCase()}${picture.slice(1)}View`),
      runs: all.map(({ widget }) => `IPY_MODEL_${widget.id}`),
    },
    { fallback: () => fallbackBundle(picture, runs) },
  );

/** Watches one run: progress with its buttons, lineage, architecture, transfer, size and quality, accuracies. */
export function watch(run: Watchable): void {
  show("dashboard", [run]);
}

/** How far the run is, with buttons to pause, resume and stop it. */
watch.progress = (run: Watchable): void => show("progress", [run]);
/** The tree of all children. */
watch.lineage = (run: Watchable): void => show("lineage", [run]);
/** The multitask network: one path a task. */
watch.architecture = (run: Watchable): void => show("architecture", [run]);
/** Whose training each model and each layer is made of. */
watch.transfer = (run: Watchable): void => show("transfer", [run]);
/** Accuracy against accounted parameters; several runs are compared, repetitions averaged. */
watch.pareto = (runs: Runs): void => show("pareto", listOf(runs));
/** Accuracies of every task, with what each iteration added. */
watch.accuracy = (runs: Runs): void => show("accuracy", listOf(runs));
