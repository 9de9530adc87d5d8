// The public entry: evolve, watch, read, analyse. Only what is exported here is stable API. Importing it in a notebook of
// the mulab kernel also registers the evolver's magics.

import { registerMagics } from "./notebook/cells/magics.js";
import { showCharts } from "./notebook/charts.js";
import { attachRunViews } from "./notebook/run-views.js";
import { showRuns } from "./notebook/runs.js";
import { showTables } from "./notebook/tables.js";

export type { Arm, CausePair, CauseResult } from "./analysis/cause.js";
export {
  compareModels,
  compareRuns,
  type ModelComparison,
  type RunComparison,
} from "./analysis/compare-models.js";
export type { SweepPoint } from "./analysis/point.js";
export { type PriceOfForgetting, priceOfForgetting } from "./analysis/price-of-forgetting.js";
export type { ListedStatus, RunListing } from "./analysis/run-listing.js";
export { type Story, storyOf, storyText } from "./analysis/story.js";
export { type Summary, summaryOf } from "./analysis/summary.js";
export { type CauseRunOptions, type CauseStep, cause } from "./cause/cause.js";
export type { CauseOptions } from "./cause/plan.js";
export { type Certified, certify } from "./certificate/certify.js";
export { checkpointRoot, type RootOptions } from "./checkpoints/load.js";
export type { Shape } from "./core/components.js";
export { MulabError } from "./core/errors/index.js";
export type { Event } from "./core/event.js";
export type { BudgetName, Experiment, TaskSpec } from "./core/experiment.js";
export type { Hyperparams } from "./core/hyperparams.js";
export { type Method, mu2net, munet, munetCode } from "./core/methods.js";
export type { Access, Layer, Model, ModelId, Plan } from "./core/model.js";
export { type PlannedSegment, type Programme, type ProgrammeSegment, segmentsOf } from "./core/programme.js";
export type { Cycle, LayerStore, Trainer } from "./core/seams.js";
export { modelOf, type State } from "./core/state.js";
export type { Images, Task } from "./core/task.js";
export { type Variant, variantName } from "./core/variant.js";
export { type FolderTask, type FolderTaskOptions, folderTask } from "./data/folder-task.js";
export { listTasks } from "./data/listing.js";
export { type Overlap, overlapOf } from "./data/overlap.js";
export { glyphSpecs, loadTasks } from "./data/tasks.js";
export { type AvailableOptions, onAvailableTasks } from "./experiments/available.js";
export { type CharactersOptions, characters } from "./experiments/characters.js";
export { decathlon } from "./experiments/decathlon.js";
export { experimentOf } from "./experiments/index.js";
export { applyOverrides } from "./experiments/overrides.js";
export { preliminary } from "./experiments/preliminary.js";
export { type ProgrammeOptions as ProgrammeChoice, programmeOf } from "./experiments/programmes.js";
export { ensureCharactersRoot } from "./experiments/roots.js";
export { variantOf } from "./experiments/variants.js";
export { type ExportedLayers, exportLayers, type ManifestLayer } from "./export/export-layers.js";
export {
  type Agreement,
  type ExportedModel,
  exportOnnx,
  type OnnxOptions,
} from "./export/export-onnx.js";
export { type ExportedTable, exportTables } from "./export/export-tables.js";
export { type Guess, type Prediction, type PredictOptions, predict } from "./export/predict.js";
export { type Film, type FilmOptions, film } from "./figures/film.js";
export {
  type FrontOptions,
  frontOf,
  reasonText,
  type TaskFront,
} from "./figures/front.js";
export { type FigureOptions, figure } from "./figures/index.js";
export type { Charts } from "./figures/run-charts.js";
export type { Source as FigureSource, SourceOptions } from "./figures/source.js";
export { table } from "./figures/tables/index.js";
export type { RunViews } from "./notebook/run-views.js";
export { type AblationOptions, watch } from "./notebook/watch.js";
export {
  type Pretrained,
  type PretrainOptions,
  type PretrainProgress,
  pretrain,
} from "./pretrain/pretrain.js";
export { forecastOf, type SegmentForecast } from "./programme/forecast.js";
export { programme } from "./programme/grow.js";
export type {
  ProgrammeEvent,
  ProgrammeListener,
  ProgrammeOptions,
  ProgrammeRun,
  SystemRun,
} from "./programme/programme-run.js";
export type { PlannedStep, ProgrammeProgress } from "./programme/progress.js";
export { report } from "./report/report.js";
export type { Boundary } from "./run/boundary.js";
export { type Extension, extend } from "./run/extend.js";
export { forget } from "./run/forget.js";
export { type Forked, type ForkOptions, fork } from "./run/fork.js";
export { type Merged, type MergeOptions, merge } from "./run/merge.js";
export { type Listener, type OpenOptions, open, type Run, type RunStatus } from "./run/open.js";
export { type RunRecord, readRun } from "./run/record.js";
export { type Repaired, repair } from "./run/repair.js";
export { type NotReplayed, type ReplayOptions, type ReplayReport, replayRun } from "./run/replay/replay.js";
export { type Replica, replicasOf, replicate } from "./run/replicate.js";
export { type Trace, tracesOf } from "./run/traces.js";
export { type VerifyReport, verifyRun } from "./run/verify/verify.js";
export { type ListOptions, listRuns } from "./sweep/list-runs.js";
export {
  type Ablation,
  ablate,
  type Changes,
  changed,
  exportSweep,
  type PlannedPoint,
  planSweep,
  readSweep,
  type Sweep,
  type SweepEvent,
  type SweepFailure,
  type SweepListener,
  type SweepOptions,
  type SweepPlan,
  type SweepRequest,
  type SweepRun,
  sweep,
} from "./sweep/sweep.js";

attachRunViews();
registerMagics();
showCharts();
showRuns();
showTables();
