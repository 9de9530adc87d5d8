// What travels from the kernel to the browser: the state of one run as the attributes of one widget model. Models and layers
// are pages of columns, as bytes beside the JSON; a page with unchanged rows is not sent again. So every update is a diff,
// and all attributes together are always the whole state, which a reloaded page requests and a saved notebook holds. A front
// end can't miss an update, because it never depends on an earlier one.

import type { Head } from "../analysis/head.js";
import type { Progress } from "../analysis/progress.js";
import type { TaskRecord } from "../core/event.js";
import type { ModelId } from "../core/model.js";
import type { State } from "../core/state.js";
import type { Failures } from "./failures.js";
import type { Word } from "./words.js";

export type { Head } from "../analysis/head.js";

/** Name of the widgets' module, and its version: that of package.json, which a test compares. */
export const MODULE = "mulab";
export const MODULE_VERSION = "0.1.0";

/** The MIME type under which a notebook stores a watched run, live or not; its value names the widget model. */
export const VIEW_MIME = "application/vnd.mulab.view+json";

/** A MIME type beside a Vega-Lite spec that says the chart may follow the page's theme. Its value is empty. */
export const CHART_MIME = "application/vnd.mulab.chart+json";

/** The MIME type of Vega-Lite in JupyterLab 4. */
export const VEGA_LITE_MIME = "application/vnd.vegalite.v5+json";

/** Rows per page. Larger pages make larger updates, and a generation touches few rows; smaller pages need more keys. */
export const PAGE = 32;

/** The pages that hold rows 0…count-1. */
export const pageCount = (count: number): number => Math.ceil(count / PAGE);

export const modelsKey = (page: number): string => `models_${page}`;
export const layersKey = (page: number): string => `layers_${page}`;

/** The state without its lists, and their lengths. */
export interface Activity extends Omit<State, "models" | "tasks" | "moments" | "merging"> {
  readonly counts: { readonly models: number; readonly layers: number };
}

/** Progress without the samples that its speed is measured from. */
export type LiveProgress = Omit<Progress, "samples" | "firstChild">;

/** As the kernel sees it; the browser adds "gone" if the kernel does not answer. */
export type LiveStatus = "running" | "paused" | "stopped" | "ended" | "failed";

/** A page as sent, or as received: then it is a view of the message's memory. */
export type Page = ArrayBufferView;

/** The attributes of the run's widget model, or those of them that changed. */
export interface Wire {
  readonly head: Head;
  readonly tasks: readonly TaskRecord[];
  readonly words: readonly Word[];
  readonly activity: Activity;
  readonly progress: LiveProgress;
  readonly status: LiveStatus;
  /** What made the run fail. */
  readonly failure: string | null;
  /** Why individual children failed; the run continues. */
  readonly failures: Failures;
  /** Minutes of evolution at the end of each generation; absent in notebooks of earlier versions. */
  readonly minutes?: readonly number[];
  /** Whether a pause has taken effect: false while work in progress finishes; absent if unknown. */
  readonly isHeld?: boolean | undefined;
  /** Counts up while the kernel is alive, to distinguish a dead kernel from a slow one. */
  readonly beat: number;
  /** Chosen model, shared by all views. */
  readonly selected: ModelId | null;
  /** Scale factor to re-score with; null means the method's own. */
  readonly scale: number | null;
  readonly [page: `${"models" | "layers"}_${number}`]: Page;
}

export type Patch = Partial<Wire>;

/** Messages of the browser's buttons. */
export type Command = { readonly command: "pause" | "resume" | "stop" };

/** The command in a custom message; undefined for anything else. */
export function commandOf(content: unknown): Command["command"] | undefined {
  const command = (content as Partial<Command> | null)?.command;
  return command === "pause" || command === "resume" || command === "stop" ? command : undefined;
}
