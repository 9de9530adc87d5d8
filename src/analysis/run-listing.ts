// A list of runs and sweeps as data, and its columns for people: for the terminal, for a notebook and its file, and for the
// widget.

import { formatDuration, formatMoment, formatParams, formatPercent } from "../format/numbers.js";
import { plainText } from "../format/plain.js";
import { NUMBER } from "../format/quantities.js";
import { type Column, type TableView, view } from "../format/table.js";

/** "stopped": not ended, and no process writes it; "unreadable": see `problem`. */
export type ListedStatus = "running" | "stopped" | "ended" | "unreadable";

/** A run or a sweep as one line of a list. Null if unknown or not applicable to a sweep. */
export interface RunListing {
  readonly kind: "run" | "sweep";
  readonly dir: string;
  readonly status: ListedStatus;
  readonly experiment: string | null;
  readonly budget: string | null;
  readonly seed: number | null;
  readonly tasks: number | null;
  /** Children of a run, or runs of a sweep: ended, and in total. */
  readonly done: number | null;
  readonly total: number | null;
  /** Means over the tasks that have one, in [0, 1]. */
  readonly validationAccuracy: number | null;
  readonly testAccuracy: number | null;
  /** Parameters of the whole network, a count. */
  readonly systemParams: number | null;
  /** Time of work on the run. */
  readonly wallSeconds: number | null;
  /** Last change, in milliseconds since the epoch; null if not even that could be read. */
  readonly changedAt: number | null;
  readonly digest: string | null;
  /** Why it is unreadable. */
  readonly problem: string | null;
}

/** Its progress, in children of a run or runs of a sweep: "96 of 192". */
const doneWords = ({ done, total }: RunListing): string =>
  done === null || total === null ? "–" : `${done} of ${total}`;

export interface ListingColumn extends Column<RunListing> {
  /** The key for sorting; null comes last. */
  readonly value: (listing: RunListing) => string | number | null;
  readonly text: (listing: RunListing) => string;
  readonly isText?: true;
}

/** The columns of the list, the folder first. */
export const LISTING_COLUMNS: readonly ListingColumn[] = [
  { head: "folder", text: ({ dir }) => dir, value: ({ dir }) => dir, isText: true },
  {
    head: "experiment",
    text: ({ experiment, kind }) => (kind === "sweep" ? `${experiment ?? "–"} (sweep)` : (experiment ?? "–")),
    value: ({ experiment }) => experiment,
    isText: true,
  },
  { head: "budget", text: ({ budget }) => budget ?? "–", value: ({ budget }) => budget, isText: true },
  { head: "seed", text: ({ seed }) => String(seed ?? "–"), value: ({ seed }) => seed },
  { head: "status", text: ({ status }) => status, value: ({ status }) => status, isText: true },
  { head: "done", text: doneWords, value: ({ done, total }) => (done === null ? null : done / (total || 1)) },
  { head: "tasks", text: ({ tasks }) => String(tasks ?? "–"), value: ({ tasks }) => tasks },
  {
    head: "validation",
    text: ({ validationAccuracy }) => formatPercent(validationAccuracy),
    value: ({ validationAccuracy }) => validationAccuracy,
  },
  {
    head: "test",
    text: ({ testAccuracy }) => formatPercent(testAccuracy),
    value: ({ testAccuracy }) => testAccuracy,
  },
  {
    head: "network",
    text: ({ systemParams }) => formatParams(systemParams),
    value: ({ systemParams }) => systemParams,
  },
  {
    head: "worked",
    text: ({ wallSeconds }) => formatDuration(wallSeconds),
    value: ({ wallSeconds }) => wallSeconds,
  },
  { head: "changed", text: ({ changedAt }) => formatMoment(changedAt), value: ({ changedAt }) => changedAt },
];

/** A note for readers of the list. */
const MEANING =
  "“done” counts children, of a sweep runs; accuracies are means over the tasks that have a model; “stopped” has not ended, and no process writes it.";

/** The list as a table; entries that can't be read are explained below it. */
export function listingView(listings: readonly RunListing[]): TableView {
  const broken = listings.filter(({ problem }) => problem !== null);
  const note = [MEANING, ...broken.map(({ dir, problem }) => plainText(`${dir}: ${problem}`))].join("\n");
  return view(
    listings,
    LISTING_COLUMNS.map((column) => (column.isText ? column : { ...column, of: NUMBER })),
    note,
  );
}
