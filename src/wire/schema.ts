// What travels from the kernel to the browser: the state of one run as the attributes of one widget model. Models and
// layers are pages of columns, bytes beside the JSON; a page whose rows did not change is not sent again. So every
// update is a diff, and all attributes together are always the whole state: what a reloaded page asks for and what a
// saved notebook holds. No front end can miss a step, for there are none.

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

/** The type under which a notebook keeps a watched run, live or not; its value names the widget model. */
export const VIEW_MIME = "application/vnd.mulab.view+json";

/** Beside a Vega-Lite spec: it may follow the page's theme. The value is empty; the spec has its own type. */
export const CHART_MIME = "application/vnd.mulab.chart+json";

/** Vega-Lite as JupyterLab 4 draws it. */
export const VEGA_LITE_MIME = "application/vnd.vegalite.v5+json";

/** Rows of a page. Small, because a generation touches few; larger pages make larger updates, smaller ones more keys. */
export const PAGE = 32;

/** In which pages rows 0…count-1 lie. */
export const pageCount = (count: number): number => Math.ceil(count / PAGE);

export const modelsKey = (page: number): string => `models_${page}`;
export const layersKey = (page: number): string => `layers_${page}`;

/** The state but for its lists, and how long those are. */
export interface Activity extends Omit<State, "models" | "tasks"> {
  readonly counts: { readonly models: number; readonly layers: number };
}

/** Progress without the samples that its speed is measured from. */
export type LiveProgress = Omit<Progress, "samples" | "firstChild">;

/** As the kernel sees it; the browser adds "gone" where the kernel does not answer. */
export type LiveStatus = "running" | "paused" | "stopped" | "ended" | "failed";

/** A page as it is sent (a view) or as it arrives (a view of the message's memory). */
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
  /** What made single children fail; the run continues. */
  readonly failures: Failures;
  /** Counts up while the kernel lives, so that a silent kernel can be distinguished from a slow one. */
  readonly beat: number;
  /** Chosen model, shared by all views. */
  readonly selected: ModelId | null;
  /** Scale factor to re-score with; null: the method's own. */
  readonly scale: number | null;
  readonly [page: `${"models" | "layers"}_${number}`]: Page;
}

export type Patch = Partial<Wire>;

/** Messages of the browser's buttons. */
export type Command = { readonly command: "pause" | "resume" | "stop" };

/** Which command a custom message holds; undefined for anything else. */
export function commandOf(content: unknown): Command["command"] | undefined {
  const command = (content as Partial<Command> | null)?.command;
  return command === "pause" || command === "resume" || command === "stop" ? command : undefined;
}
