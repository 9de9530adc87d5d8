// `mulab experiments` and `mulab tasks`: list what is available.

import { childCount } from "../core/experiment.js";
import { BENCHMARKS } from "../data/benchmarks.js";
import { listTasks, type TaskListing } from "../data/listing.js";
import { dataDirProblem, defaultPlaces } from "../data/locate.js";
import { SPLITS, splitSizes } from "../data/splits.js";
import { EXPERIMENTS } from "../experiments/index.js";
import { formatForecast } from "../format/numbers.js";
import { textTable } from "../terminal/terminal.js";
import { type JsonOption, linesOf, printJson, widthOf } from "./output.js";

export async function listExperiments(options: JsonOption): Promise<void> {
  const experiments = Object.values(EXPERIMENTS).map((make) => make({}));
  const rows = experiments.map((e) => [
    e.name,
    e.title,
    e.source,
    `${childCount(e)}`,
    `about ${formatForecast(60 * e.expected.minutes)}`,
  ]);
  linesOf(options).write(
    `${textTable(["experiment", "title", "source", "children", "on 2 cores"], rows, undefined, widthOf(linesOf(options)))}\n`,
  );
  printJson(options, experiments);
}

/** Tasks by benchmark, then the others; below each table, how to get what is missing. */
export async function listAllTasks(options: JsonOption): Promise<void> {
  const listings = await listTasks();
  const stream = linesOf(options);
  const problem = dataDirProblem(defaultPlaces());
  if (problem) stream.write(`mulab finds nothing in ${problem}.\n\n`);
  for (const { title, members } of groupsOf(listings)) {
    const rows = members.map((listing) => {
      const { name, classes } = listing.task;
      return [name, `${classes}`, sizesOf(listing), sideOf(listing), hereOf(listing)];
    });
    const warnings = members.flatMap(({ task, warning }) => (warning ? [`${task.name}: ${warning}\n`] : []));
    stream.write(
      `${title}\n${textTable(["task", "classes", "train / validation / test", "image", "data"], rows, undefined, widthOf(stream))}\n${warnings.join("")}\n`,
    );
  }
  stream.write(
    [
      "`mulab fetch TASK` downloads what has a public source, once and checked. `tfds build …` is TensorFlow Datasets' command:",
      "name its data folder in MULAB_DATA; or put there, in a folder of that name, the Parquet files of a public hub. `mulab",
      "tasks --json` lists the files of each task, their source and licence, and whom to cite.\n",
    ].join("\n"),
  );
  printJson(options, listings.map(described));
}

interface Group {
  readonly title: string;
  readonly members: readonly TaskListing[];
}

function groupsOf(listings: readonly TaskListing[]): Group[] {
  const named = (names: readonly string[]) =>
    names.flatMap((name) => listings.filter(({ task }) => task.name === name));
  const listed = new Set(BENCHMARKS.flatMap(({ tasks }) => tasks));
  const rest = listings.filter(({ task }) => !listed.has(task.name));
  return [
    ...BENCHMARKS.map(({ title, source, tasks }) => ({
      title: `${title} (${source})`,
      members: named(tasks),
    })),
    { title: "Beside them", members: rest.filter(({ task }) => task.kind === "published") },
    { title: "Drawn on request", members: rest.filter(({ task }) => task.kind === "generated") },
  ];
}

/** Images of each split; if the experiment decides how many of them are for validation, µ2Net's share of a fifth is assumed. */
function sizesOf({ task }: TaskListing): string {
  const sizes = splitSizes(task, 0.2);
  return SPLITS.map((split) => sizes[split]).join(" / ");
}

/** Width and height; "any" if images differ. */
const sideOf = ({ task }: TaskListing): string =>
  task.kind === "published" && task.stretched
    ? `any, to ${task.imageSize}`
    : `${task.imageSize}${task.channels === 1 ? ", grey" : ""}`;

function hereOf({ task, state }: TaskListing): string {
  if (state !== "absent") return state === "generated" ? "drawn" : `here (${state})`;
  if (task.kind === "generated") return "drawn";
  const files = Object.values(task.sets).flatMap(({ pinned }) => pinned?.files ?? []);
  if (files.length > 0 && files.every(({ url }) => url)) return "mulab fetch";
  return task.prepared ? `tfds build ${task.prepared.dataset}` : "by hand";
}

/** A listing as JSON, without the code points of drawn letters. */
function described({ task, state, note, warning }: TaskListing) {
  const { name, kind, title, classes, imageSize, channels, splits, licence, source, citation, remark } = task;
  const benchmarks = BENCHMARKS.filter(({ tasks }) => tasks.includes(name)).map(
    (benchmark) => benchmark.name,
  );
  const sizes = splitSizes(task, 0.2);
  const { sets } = task;
  const about = { benchmarks, sizes, sets, splits, licence, source, citation, remark };
  return { name, kind, title, classes, imageSize, channels, state, note, warning, ...about };
}
