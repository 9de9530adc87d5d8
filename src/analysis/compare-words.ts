// A comparison as people read it: one sentence, and tables of text that the terminal prints and the widget shows.

import { componentLabel } from "../format/components.js";
import {
  formatCount,
  formatList,
  formatParams,
  formatPercent,
  formatPoints,
  plural,
  signed,
} from "../format/numbers.js";
import type {
  LayerDifference,
  ModelComparison,
  ModelFacts,
  Pair,
  RunComparison,
  SettingDifference,
} from "./compare-models.js";
import type { Head } from "./head.js";

/** A line of a comparison: the name, the first's value, the second's, and the difference, which may be empty. */
export type ComparedLine = readonly [what: string, a: string, b: string, difference: string];

/** "They share 9 of 15 layers (2.67 M parameters); 3 hyperparameters differ; both descend from model 12." */
export function comparisonSentence({
  layers,
  shared,
  hyperparams,
  ancestor,
  facts,
}: ModelComparison): string {
  const differing = hyperparams.filter(({ differs }) => differs).length;
  const parts = [
    facts.a.params === null || facts.b.params === null
      ? "one of them was not kept and has no layers"
      : shared.layers === 0
        ? "they share no layers"
        : `they share ${shared.layers} of ${plural(layers.length, "layer")} (${formatParams(shared.params)} parameters)`,
    differing === 0
      ? "no hyperparameters differ"
      : `${plural(differing, "hyperparameter")} differ${differing === 1 ? "s" : ""}`,
    ...(ancestor === null ? [] : [descentWords(ancestor, facts)]),
  ];
  const text = parts.join("; ");
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

function descentWords(ancestor: number, { a, b }: Pair<ModelFacts>): string {
  if (a.model === b.model) return "it is the same model";
  if (ancestor === a.model) return `the second descends from the first`;
  if (ancestor === b.model) return `the first descends from the second`;
  return ancestor === 0
    ? "their nearest common ancestor is the root"
    : `their nearest common ancestor is model ${ancestor}`;
}

/** The models in numbers. */
export function factLines({ facts: { a, b } }: ModelComparison): ComparedLine[] {
  const line = (
    what: string,
    value: (of: ModelFacts) => number | null,
    text: (value: number | null) => string,
    difference: (by: number) => string,
  ): ComparedLine => {
    const [own, other] = [value(a), value(b)];
    const by = own === null || other === null ? null : other - own;
    return [what, text(own), text(other), by === null ? "" : by === 0 ? "=" : difference(by)];
  };
  const whole = (value: number | null) => (value === null ? "–" : formatCount(value));
  const signedCount = (by: number) => signed(by, formatCount);
  const signedParams = (by: number) => signed(by, formatParams);
  const words = (what: string, own: string, other: string): ComparedLine => [
    what,
    own,
    other,
    own === other ? "=" : "",
  ];
  return [
    words("task", a.task ?? "root", b.task ?? "root"),
    words("status", a.status, b.status),
    line("validation", (of) => of.validationAccuracy, formatPercent, pointsWords),
    line("test", (of) => of.testAccuracy, formatPercent, pointsWords),
    line("blocks", (of) => of.blocks, whole, signedCount),
    line("parameters", (of) => of.params, formatParams, signedParams),
    line("accounted parameters", (of) => of.accountedParams, formatParams, signedParams),
    line("gradient steps", (of) => of.steps, whole, signedCount),
    line("ancestors", (of) => of.ancestors, whole, signedCount),
  ];
}

/** A difference of two shares: "+1.2 points". */
export const pointsWords = (by: number): string =>
  Math.abs(by) < 0.0005 ? "±0.0 points" : `${formatPoints(by, 1)} points`;

/** A layer of one of the two: its name by content, and the tasks that trained it. */
const layerWords = (layer: LayerDifference["a"]): string =>
  layer === null
    ? "–"
    : `${layer.id.slice(0, 8)} ${
        layer.history.length === 0
          ? "(the root's)"
          : `(${formatList([...new Set(layer.history.map(({ task }) => task))])})`
      }`;

export const RELATION_WORDS: Readonly<Record<LayerDifference["relation"], string>> = {
  same: "the same",
  other: "differs",
  "only-a": "only in the first",
  "only-b": "only in the second",
};

/** The layers, the head on top as in every table and figure. */
export const layerLines = ({ layers }: ModelComparison): ComparedLine[] =>
  layers
    .toReversed()
    .map(({ name, a, b, relation }) => [
      componentLabel(name),
      layerWords(a),
      layerWords(b),
      relation === "same" ? "=" : RELATION_WORDS[relation],
    ]);

/** Counts, and values whose range begins at 0, differ by a difference; rates by a factor. */
function changeWords(a: number, b: number): string {
  if (a > 0 && b > 0 && !(Number.isInteger(a) && Number.isInteger(b))) return `×${(b / a).toPrecision(2)}`;
  const by = Number((b - a).toPrecision(3));
  return signed(by, String);
}

/** The hyperparameters that differ. */
export const hyperparamLines = ({ hyperparams }: ModelComparison): ComparedLine[] =>
  hyperparams.flatMap(({ name, a, b, differs }): ComparedLine[] =>
    differs
      ? [
          [
            name,
            String(a),
            String(b),
            typeof a === "number" && typeof b === "number" ? changeWords(a, b) : "",
          ],
        ]
      : [],
  );

/** Their gradient steps by task. */
export const transferLines = ({ transfer }: ModelComparison): ComparedLine[] =>
  transfer.map(({ task, a, b }) => [task, formatPercent(a), formatPercent(b), pointsWords(b - a)]);

/** The tasks of two runs: test accuracies if all models were tested, otherwise validation; then the mean over their common tasks. */
export function taskLines({ tasks }: RunComparison): {
  readonly split: "test" | "validation";
  readonly lines: ComparedLine[];
} {
  const known = tasks.filter(({ models }) => models.a !== null || models.b !== null);
  const isTest = known.every(({ models, testAccuracy }) =>
    (["a", "b"] as const).every((side) => models[side] === null || testAccuracy[side] !== null),
  );
  const of = (task: (typeof tasks)[number]) => (isTest ? task.testAccuracy : task.validationAccuracy);
  const lines = tasks.map((task): ComparedLine => {
    const { a, b } = of(task);
    return [
      task.task,
      formatPercent(a),
      formatPercent(b),
      a === null || b === null ? "" : pointsWords(b - a),
    ];
  });
  const both = tasks.map(of).filter(({ a, b }) => a !== null && b !== null);
  if (both.length < 2) return { split: isTest ? "test" : "validation", lines };
  const mean = (side: "a" | "b") => both.reduce((sum, pair) => sum + pair[side]!, 0) / both.length;
  const name = both.length === tasks.length ? "mean" : `mean over ${both.length} of ${tasks.length}`;
  return {
    split: isTest ? "test" : "validation",
    lines: [
      ...lines,
      [name, formatPercent(mean("a")), formatPercent(mean("b")), pointsWords(mean("b") - mean("a"))],
    ],
  };
}

/** Settings that differ. */
export const settingLines = (settings: readonly SettingDifference[]): ComparedLine[] =>
  settings.map(({ name, a, b }) => [name, valueWords(a), valueWords(b), ""]);

const valueWords = (value: unknown): string => {
  const text = value === undefined ? "–" : typeof value === "string" ? value : JSON.stringify(value);
  const letters = [...text];
  return letters.length > 60 ? `${letters.slice(0, 59).join("")}…` : text;
};

/** The settings in which two runs differ, as far as their heads show. */
export function headLines(a: Head, b: Head): ComparedLine[] {
  const lines = (of: Head): [string, unknown][] => [
    ...Object.entries(of.experiment).filter(([name]) => name !== "title" && name !== "source"),
    ["batchSize", of.batchSize],
    ["cycles", of.cycles],
    ["method", [of.method.label.curve, of.method.label.point].filter(Boolean).join(" · ")],
    ["rootParams", of.method.rootParams],
    ["backbone", of.backbone.name],
  ];
  const other = new Map(lines(b));
  return lines(a).flatMap(([name, own]): ComparedLine[] =>
    own === other.get(name) ? [] : [[name, valueWords(own), valueWords(other.get(name)), ""]],
  );
}
