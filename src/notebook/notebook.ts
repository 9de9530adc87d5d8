// `watch(run)` in a cell: live pictures of a run, or of several. In the "TypeScript (mulab)" kernel they are widgets that
// share one model per run, and so one selection; elsewhere the run is printed as lines of text.

import { listingView } from "../analysis/run-listing.js";
import { noComm } from "../core/errors/index.js";
import type { ModelId } from "../core/model.js";
import type { PictureName } from "../figures/scenes/pictures.js";
import { plainTable } from "../format/table-text.js";
import type { RunRecord } from "../run/record.js";
import { listRuns, RUNS_FOLDER } from "../sweep/list-runs.js";
import type { SweepRun } from "../sweep/sweep-run.js";
import type { AblationChanges } from "../wire/ablation.js";
import { type CommLayer, commLayer, type WidgetModel } from "./layer.js";
import { LiveAblation, type StartVariant } from "./live-ablation.js";
import { LiveListing, listingBundle } from "./live-listing.js";
import { LiveRun, type Watchable, widgetNames } from "./live-run.js";
import { watchSweep } from "./live-sweep.js";
import { Still } from "./still.js";
import { storedRun } from "./stored-run.js";
import { lineOf } from "./text.js";

export type { Watchable } from "./live-run.js";

/** A widget and what is stored beside it in the notebook's file. */
interface Shown {
  readonly widget: WidgetModel;
  readonly still: Still;
}

const lives = new WeakMap<Watchable, LiveRun>();
const told = new WeakSet<Watchable>();
let hasNoticed = false;

/** One widget model per run, however often it is watched. */
function liveRun(run: Watchable, layer: CommLayer, name?: string): LiveRun {
  const known = lives.get(run);
  if (known?.widget.isOpen) return known;
  const live: LiveRun = new LiveRun(
    run,
    (state) => layer.widget(state, { fallback: () => stillOf(live).bundle(live.widget.id) }),
    { name },
  );
  lives.set(run, live);
  return live;
}

const stills = new WeakMap<LiveRun, Still>();

/** The picture of the whole dashboard. */
function stillOf(live: LiveRun): Still {
  const known = stills.get(live) ?? new Still("dashboard", () => [live.pictured]);
  stills.set(live, known);
  return known;
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

/** A run of this process, or one from `readRun`. */
type Seen = Watchable | RunRecord;
type Runs = Seen | readonly Seen[];

const watchable = (run: Seen): Watchable => ("subscribe" in run ? run : storedRun(run));

const listOf = (runs: Runs): readonly Watchable[] =>
  (Array.isArray(runs) ? (runs as readonly Seen[]) : [runs as Seen]).map(watchable);

/** Shows `picture` of `runs` under the cell, and again when all have ended, so that a saved notebook has the final still picture. */
function show(picture: PictureName, runs: readonly Watchable[], more: Record<string, unknown> = {}): void {
  const layer = commLayer();
  if (!layer) {
    for (const run of runs) tell(run);
    return;
  }
  const all = runs.map((run) => liveRun(run, layer));
  const { widget, still } = picture === "dashboard" ? dashboard(all[0]!) : single(picture, all, layer, more);
  const follow = display(widget, still, layer);
  follow(all);
}

/** Shows `widget`. The returned function takes runs whose final picture should be stored. */
function display(widget: WidgetModel, still: Still, layer: CommLayer): (lives: readonly LiveRun[]) => void {
  const shown = layer.display(widget);
  const open = new Set<LiveRun>();
  // The running cell waits for it: when a notebook is executed as a file, the kernel may end after any cell.
  const drawStill = (isLast: boolean) => {
    const drawn = still.render().catch((error) => console.error(error));
    const updated = drawn.then((isNew) => (isNew || isLast) && shown.update(widget));
    layer.hold?.(updated);
  };
  const settled = (live: LiveRun) => {
    open.delete(live);
    if (open.size === 0) drawStill(true);
  };
  return (lives) => {
    const running = lives.filter(({ run }) => run.status === "running" || run.status === "paused");
    for (const live of running) open.add(live);
    for (const live of running) live.onSettled(() => settled(live));
    if (open.size === 0) drawStill(false);
  };
}

const dashboard = (live: LiveRun): Shown => ({ widget: live.widget, still: stillOf(live) });

function single(
  picture: PictureName,
  all: readonly LiveRun[],
  layer: CommLayer,
  more: Record<string, unknown>,
): Shown {
  const still = new Still(picture, () => all.map(({ pictured }) => pictured));
  const names = widgetNames("PictureModel", `${picture[0]!.toUpperCase()}${picture.slice(1)}View`);
  const runs = all.map(({ widget }) => `IPY_MODEL_${widget.id}`);
  const widget: WidgetModel = layer.widget(
    { ...names, ...more, runs },
    { fallback: () => still.bundle(widget.id) },
  );
  return { widget, still };
}

/** Shows `run` beside variants of itself, which `start` opens, `first` at once; see `watch.ablation` (./watch). */
export function watchAblation(run: Watchable, start: StartVariant, first?: AblationChanges): void {
  const layer = commLayer();
  if (!layer) {
    tell(run);
    return;
  }
  const follow: { now?: (lives: readonly LiveRun[]) => void } = {};
  const still = new Still("ablation", () => ablation.lives.map(({ pictured }) => pictured));
  const ablation: LiveAblation = new LiveAblation({
    run,
    start,
    make: (state) => layer.widget(state, { fallback: () => still.bundle(ablation.widget.id) }),
    live: (each, name) => liveRun(each, layer, name),
    onVariant: (live) => follow.now?.([live]),
  });
  follow.now = display(ablation.widget, still, layer);
  follow.now(ablation.lives);
  if (first) {
    const opened = ablation.ablate(first);
    layer.hold?.(opened);
  }
}

/** The runs in `folder` and its subfolders, as a list under the cell to sort, filter and open. Throws run/folder-unreadable. */
export async function watchRuns(folder: string = RUNS_FOLDER): Promise<void> {
  const listings = await listRuns(folder);
  const layer = commLayer();
  if (!layer) {
    console.log(plainTable(listingView(listings)));
    return;
  }
  const list: LiveListing = new LiveListing({
    folder,
    listings,
    make: (state) => layer.widget(state, { fallback: () => listingBundle(folder, list.listings) }),
    live: (run) => liveRun(run, layer),
  });
  layer.display(list.widget);
}

/** Watches a run, or shows one from `readRun`: progress with its buttons, lineage, architecture, transfer, size and quality, accuracies. */
export function watch(run: Seen): void {
  show("dashboard", [watchable(run)]);
}

/** How far the run is, with buttons to pause, resume and stop it. */
watch.progress = (run: Seen): void => show("progress", [watchable(run)]);
/** The tree of all children. */
watch.lineage = (run: Seen): void => show("lineage", [watchable(run)]);
/** The multitask network: one path per task. */
watch.architecture = (run: Seen): void => show("architecture", [watchable(run)]);
/** Which tasks trained each model and each layer. */
watch.transfer = (run: Seen): void => show("transfer", [watchable(run)]);
/** Accuracy against accounted parameters; several runs are compared, repetitions averaged. */
watch.pareto = (runs: Runs): void => show("pareto", listOf(runs));
/** Accuracies of every task, with the gain of each iteration. */
watch.accuracy = (runs: Runs): void => show("accuracy", listOf(runs));
/** The runs in a folder (default "runs") and its subfolders. */
watch.runs = watchRuns;
/** Two runs, or two models of one or two runs, side by side: the differences in scores, path, hyperparameters and transfer. `models` are shown first; the panel can choose others. */
watch.compare = (first: Seen, second: Seen = first, models: readonly (ModelId | null)[] = []): void => {
  const runs = [...new Set([watchable(first), watchable(second)])];
  show("compare", runs, { models });
};
/** Every task's best so far over time, updated while the run continues. */
watch.learning = (run: Seen): void => show("learning", [watchable(run)]);
/** A sweep's progress, what it is running and the best of every curve so far. */
watch.sweep = (sweep: SweepRun): void => watchSweep(sweep);
