// Accuracies as a table, sortable by any column: for one run the gain of each iteration; for several, mean and spread.

import { type AccuracyRow, accuracyRows } from "../../src/analysis/accuracy-rows.js";
import { type ComparedColumn, type ComparedRow, comparedAccuracies } from "../../src/analysis/compare.js";
import { accuracyScene, comparedScene } from "../../src/figures/scenes/accuracy.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import { formatParams, formatPercent, plural } from "../../src/format/numbers.js";
import { compared, type Panel, type RunClient } from "../client.js";
import { accuracyCsv, comparedCsv } from "../csv.js";
import { button, h, keepingFocus, nameText } from "../dom.js";
import { helpOn } from "../help.js";
import { taskCell } from "../task-name.js";
import { themeOf } from "../theme.js";
import { deltaText } from "./details.js";
import { type Sorting, sorting } from "./sorting.js";

interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | null;
  readonly show: (row: Row) => Node | string;
  readonly isText?: boolean;
}

export function accuracyPanel(runs: readonly RunClient[]): Panel {
  const [run] = runs;
  const place = h("div", { class: "mulab-scroll" });
  const help = helpOn("accounted parameters");
  const meaning = h("div", { attributes: { hidden: runs.length > 1 } });
  const element = h(
    "section",
    { class: "mulab-accuracy", attributes: { "aria-label": "Accuracy" } },
    place,
    meaning,
  );
  const about = h(
    "p",
    { class: "mulab-muted mulab-about", text: "Own, shared and accounted parameters " },
    help.button,
  );
  meaning.append(about, help.note);
  const sorted = sorting(() => update());
  let drawn: unknown[] = [];

  function update(): void {
    const now = [
      ...runs.flatMap((each) => [
        each.state.models,
        each.state.retained,
        each.state.activation,
        each.selected,
      ]),
      sorted.state,
    ];
    if (now.length === drawn.length && now.every((value, i) => value === drawn[i])) return;
    drawn = now;
    keepingFocus(place, () =>
      place.replaceChildren(
        runs.length > 1
          ? comparedTable()
          : table(
              rowsOf(run!),
              columnsOf(run!),
              sorted,
              (row) => row.model !== null && row.model === run!.selected,
            ),
      ),
    );
  }

  function comparedTable(): HTMLElement {
    const { columns, rows, isTest } = comparedAccuracies(compared(runs));
    const drawnTable = table(rows, columns.length > 0 ? comparedColumns(runs, columns) : [], sorted);
    const split = isTest ? "Test" : "Validation";
    drawnTable.prepend(h("caption", { text: `${split} accuracy, mean and standard deviation of the runs.` }));
    return drawnTable;
  }

  return {
    element,
    update,
    exports: {
      name: "accuracy",
      picture: "accuracy",
      svg: () => {
        const known = compared(runs);
        const scene =
          runs.length > 1 ? comparedScene(known) : accuracyScene(run!.state, known[0]!.head.method);
        return toSvg(scene, { colors: themeOf(element) });
      },
      csv: () => (runs.length > 1 ? comparedCsv(compared(runs)) : accuracyCsv(rowsOf(run!))),
    },
  };
}

function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorted: Sorting,
  isChosen: (row: Row) => boolean = () => false,
): HTMLElement {
  const body = sorted
    .order(rows, columns)
    .map((row) =>
      h(
        "tr",
        isChosen(row) ? { class: "mulab-chosen" } : {},
        ...columns.map((column, i) =>
          h(
            i === 0 ? "th" : "td",
            { class: column.isText ? "" : "mulab-number", ...(i === 0 && { attributes: { scope: "row" } }) },
            column.show(row),
          ),
        ),
      ),
    );
  return h(
    "table",
    { class: "mulab-table mulab-wide" },
    h("thead", {}, h("tr", {}, ...columns.map((column) => sorted.heading(column)))),
    h("tbody", {}, ...body),
  );
}

const rowsOf = ({ state, head }: RunClient): AccuracyRow[] => (head ? accuracyRows(state, head.method) : []);

function columnsOf(run: RunClient): Column<AccuracyRow>[] {
  const tasks = run.state.tasks.map(({ name }) => name);
  const percent = (title: string, value: (row: AccuracyRow) => number | null): Column<AccuracyRow> => ({
    title,
    value,
    show: (row) => h("strong", { text: formatPercent(value(row)) }),
  });
  const params = (title: string, value: (row: AccuracyRow) => number | null): Column<AccuracyRow> => ({
    title,
    value,
    show: (row) => formatParams(value(row)),
  });
  return [
    {
      title: "Task",
      isText: true,
      value: ({ task }) => task,
      show: ({ task, access, model }) =>
        taskCell(
          tasks,
          task,
          model === null ? nameText(task) : taskButton(task, model, () => run.select(model)),
          access === "private" ? h("span", { class: "mulab-private", text: "private" }) : null,
        ),
    },
    percent("Test", ({ testAccuracy }) => testAccuracy),
    percent("Validation", ({ validationAccuracy }) => validationAccuracy),
    ...lastIterations(rowsOf(run)[0]?.iterations.length ?? 0).map(
      (i): Column<AccuracyRow> => ({
        title: `Iteration ${i + 1}`,
        value: (row) => row.iterations[i]?.accuracy ?? null,
        show: (row) => {
          const { accuracy = null, delta = null } = row.iterations[i] ?? {};
          return h("span", {}, formatPercent(accuracy), delta === null ? null : deltaText(delta));
        },
      }),
    ),
    { title: "Blocks", value: ({ blocks }) => blocks, show: ({ blocks }) => String(blocks ?? "–") },
    params("Own", ({ ownParams }) => ownParams),
    params("Shared", ({ sharedParams }) => sharedParams),
    params("Accounted", ({ accountedParams }) => accountedParams),
  ];
}

/** A table of forty iterations would be too wide, so only the last ones are shown; the CSV has all. */
const lastIterations = (count: number): number[] => Array.from({ length: count }, (_, i) => i).slice(-6);

type Row = ComparedRow;

/** One column per method and scale factor; where there is only one, one column per run after it. */
function comparedColumns(runs: readonly RunClient[], columns: readonly ComparedColumn[]): Column<Row>[] {
  const tasks = runs[0]!.state.tasks.map(({ name }) => name);
  const means = columns.map(
    ({ curve, point, seeds }, i): Column<Row> => ({
      title: [columns.length > 1 ? curve : "Mean", point, plural(seeds.length, "run")]
        .filter(Boolean)
        .join(" · "),
      value: ({ cells }) => cells[i]?.mean ?? null,
      show: ({ cells }) => {
        const { mean = null, std = null } = cells[i] ?? {};
        return h(
          "span",
          {},
          h("strong", { text: formatPercent(mean) }),
          std === null ? null : ` ± ${formatPercent(std)}`,
        );
      },
    }),
  );
  const single =
    columns.length > 1
      ? []
      : columns[0]!.seeds.map(
          (seed, i): Column<Row> => ({
            title: `Seed ${seed}`,
            value: ({ cells }) => cells[0]?.accuracies[i] ?? null,
            show: ({ cells }) => formatPercent(cells[0]?.accuracies[i] ?? null),
          }),
        );
  return [
    {
      title: "Task",
      isText: true,
      value: ({ task }) => task,
      show: ({ task }) => taskCell(tasks, task),
    },
    ...means,
    ...single,
  ];
}

function taskButton(task: string, model: number, act: () => void): HTMLElement {
  const element = button("", act, {
    class: "mulab-link mulab-plain",
    title: `${task}: choose model ${model}`,
    attributes: { "data-key": `task ${task}` },
  });
  element.append(nameText(task));
  return element;
}
