// The figures that compare methods over a grid: quality, size, tasks, hyperparameters, luck.

import type { SweepPoint } from "../analysis/point.js";
import { learningPoints, mainVariants, qualityCurve, qualityPoints } from "../analysis/sweep/curves.js";
import { type DifferenceRow, differenceRows } from "../analysis/sweep/differences.js";
import { tasksOf } from "../analysis/sweep/exchange.js";
import { groupPoints, variantLabel } from "../analysis/sweep/groups.js";
import { finalShares, sampledShares } from "../analysis/sweep/hyperparams.js";
import { luckRows } from "../analysis/sweep/luck.js";
import { taskRows } from "../analysis/sweep/methods.js";
import { spreadPoints } from "../analysis/sweep/spread.js";
import { unknownName } from "../core/errors.js";
import { type Variant, variantName } from "../core/variant.js";
import { finalSpec, sampledSpec } from "./charts/hyperparam.js";
import { learningCurvesSpec } from "./charts/learning-curves.js";
import { differenceSpec, luckSpec, tasksSpec } from "./charts/method.js";
import { qualitySpec } from "./charts/quality.js";
import { spreadSpec } from "./charts/spread.js";
import { chart, type FigureDefinition } from "./drawing.js";
import { named } from "./named.js";
import { chartLook, type Theme, taskChartLook } from "./scenes/palette.js";
import { chosen, labelsOf, oneVariant, pointsOf, type Source, type SourceOptions } from "./source.js";

/** Curves keep their colours from figure to figure; others follow. */
const CURVES = [
  "muNet",
  "muNet without auto-tuning",
  "Residual adapters",
  "Fine-tune top layers",
  "muNet without adapters",
  "muNet without adapters and auto-tuning",
];

const curvesOf = (points: readonly SweepPoint[]): string[] => [
  ...new Set([...CURVES, ...points.map(({ variant }) => qualityCurve(variant))]),
];

const withName = (points: readonly SweepPoint[], names: readonly string[]): SweepPoint[] =>
  points.filter(({ variant }) => names.includes(variantName(variant)));

const labels = (points: readonly SweepPoint[]): string[] =>
  groupPoints(points).map(({ variant }) => variantLabel(variant));

const names = (points: readonly SweepPoint[], wanted: (variant: Variant) => boolean): string[] =>
  groupPoints(points)
    .filter(({ variant }) => wanted(variant))
    .map(({ name }) => name);

/** A quality/size figure of the variants that `usual` takes. */
const quality =
  (usual: (variant: Variant) => boolean): FigureDefinition["draw"] =>
  (source, options) => {
    const all = pointsOf(source);
    const points = withName(
      all,
      chosen(all, options, (every) => names(every, usual)),
    );
    const rows = qualityPoints(points);
    return chart(rows, (theme) => qualitySpec(rows, chartLook(curvesOf(points), theme)));
  };

const isPlainMunet = (variant: Variant): boolean =>
  variant.method === "munet" && variant.adapters && variant.tuning;

/** Those of Fig. 3: muNet with and without auto-tuning, and the baselines. */
const inFigure3 = (variant: Variant): boolean => variant.method !== "munet" || variant.adapters;

const taskLook = (points: readonly SweepPoint[]) => (theme: Theme) => taskChartLook(tasksOf(points), theme);

/** The points of the variants that a figure with few methods shows. */
const mainPoints = (points: readonly SweepPoint[], options: SourceOptions): SweepPoint[] =>
  withName(points, chosen(points, options, mainVariants));

export const METHOD_FIGURES: readonly FigureDefinition[] = [
  {
    name: "quality-size",
    title: "mean test accuracy against parameters a task, ± std, a curve a family of methods",
    paper: "muNet Fig. 3",
    of: "grid",
    draw: quality(inFigure3),
  },
  {
    name: "ablation",
    title: "the same with and without adapters",
    paper: "muNet Fig. 4",
    of: "grid",
    draw: quality((variant) => variant.method === "munet" && variant.tuning),
  },
  {
    name: "curves",
    title: "validations along the lineage of each final model; + selected, ring: its test",
    paper: "muNet Fig. 5",
    of: "both",
    draw(source, options) {
      const points = mainPoints(pointsOf(source), options);
      const rows = learningPoints(
        points,
        names(points, () => true),
      );
      const taskLabels = labelsOf(tasksOf(points));
      return chart(rows, (theme) =>
        learningCurvesSpec(rows, chartLook(labels(points), theme), { taskLabels }),
      );
    },
  },
  {
    name: "sampled",
    title: "hyperparameters that were sampled, by scale factor",
    paper: "muNet Fig. 8",
    of: "both",
    draw(source, options) {
      const all = pointsOf(source);
      const usual = (every: readonly SweepPoint[]) =>
        names(every, isPlainMunet).length > 0 ? names(every, isPlainMunet) : names(every, () => true);
      const rows = sampledShares(withName(all, chosen(all, options, usual)));
      return chart(
        rows,
        (theme) => sampledSpec(rows, chartLook([], theme)),
        "No hyperparameter was sampled with more than one value.",
      );
    },
  },
  {
    name: "final",
    title: "hyperparameters of the final models",
    paper: "µ2Net Fig. 5",
    of: "both",
    draw(source, options) {
      const all = pointsOf(source);
      const points =
        options.variants === undefined
          ? oneVariant(all, options)
          : withName(
              all,
              chosen(all, options, () => []),
            );
      const rows = finalShares(points);
      return chart(
        rows,
        (theme) => finalSpec(rows, chartLook(labels(points), theme)),
        "All final models have the same hyperparameters.",
      );
    },
  },
  {
    name: "spread",
    title: "deviation of each task over repetitions against its error and its images",
    paper: "µ2Net Fig. 4",
    of: "grid",
    draw(source, options) {
      const points = oneVariant(pointsOf(source), options);
      const rows = spreadPoints(points);
      return chart(
        rows,
        (theme) => spreadSpec(rows, taskLook(points)(theme)),
        "A spread needs at least two repetitions.",
      );
    },
  },
  {
    name: "differences",
    title: "every variant minus muNet, with intervals",
    paper: "",
    of: "grid",
    draw(source, options) {
      const rows = askedDifferences(source, options, differenceRows);
      const plain = rows.map(({ against, ...row }) => ({ ...named(row), against: variantName(against) }));
      return chart(
        rows.some(({ test }) => test.n > 0) ? plain : [],
        (theme) => differenceSpec(rows, chartLook([], theme)),
        "No other variant has a repetition in common with the reference.",
      );
    },
  },
  {
    name: "tasks",
    title: "test accuracy of each task by method",
    paper: "muNet Tables 6 and 7",
    of: "both",
    draw(source, options) {
      const points = mainPoints(pointsOf(source), options);
      const rows = taskRows(points);
      return chart(rows.map(named), (theme) =>
        tasksSpec(rows, chartLook(labels(points), theme), labelsOf(tasksOf(points))),
      );
    },
  },
  {
    name: "luck",
    title: "validation minus test of the selected models, and how much of it luck can make",
    paper: "",
    of: "both",
    draw(source, options) {
      const points = mainPoints(pointsOf(source), options);
      const rows = luckRows(points);
      return chart(rows.map(named), (theme) =>
        luckSpec(rows, chartLook(labels(points), theme), labelsOf(tasksOf(points))),
      );
    },
  },
];

/** The differences that `rowsOf` takes, of the variants that are asked for; the one that they are taken from is always there. Throws variant/unknown. */
export function askedDifferences(
  source: Source,
  options: SourceOptions,
  rowsOf: (points: readonly SweepPoint[], against?: string) => DifferenceRow[],
): DifferenceRow[] {
  const points = pointsOf(source);
  const { against } = options;
  const known = names(points, () => true);
  if (against !== undefined && !known.includes(against)) throw unknownName("variant", against, known, "here");
  const wanted = chosen(points, options, () => known);
  return rowsOf(points, against).filter(({ variant }) => wanted.includes(variantName(variant)));
}
