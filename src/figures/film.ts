// A run as a film: its pictures after every generation, replayed from the journal, made of the same scenes as the live
// views. All frames of a view share the scale of its largest picture, so that pictures grow and nothing jumps.

import { Retrospect } from "../analysis/moments.js";
import { type Progress, startProgress, stepProgress } from "../analysis/progress.js";
import { unknownName } from "../core/errors/index.js";
import type { Event } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import { applyEvent, emptyState, type State } from "../core/state.js";
import { formatPercent, plural } from "../format/numbers.js";
import { headOf } from "../wire/head.js";
import { colorOf, type Theme } from "./scenes/palette.js";
import type { PicturedRun } from "./scenes/pictured-run.js";
import { momentScene } from "./scenes/pictures.js";
import type { Scene } from "./scenes/scene.js";
import { toSvg } from "./scenes/svg.js";

/** The views that a film can show. */
export const FILM_VIEWS = ["lineage", "architecture", "transfer", "pareto"] as const;
export type FilmView = (typeof FILM_VIEWS)[number];

/** A run as a film needs it: what `readRun` returns. */
export interface FilmedRun {
  readonly dir: string;
  readonly experiment: Experiment;
  /** The effective ones. */
  readonly events: readonly Event[];
}

export interface FilmOptions {
  /** Default: all. */
  readonly views?: readonly FilmView[];
  readonly theme?: Theme;
  /** Most frames, up to 240; a longer run shows every nth generation, and the last. */
  readonly frames?: number;
}

/** One moment of the run. */
export interface FilmFrame {
  readonly run: PicturedRun;
  /** "generation 3 of bangla, iteration 1". */
  readonly caption: string;
}

const DISPLAY = Symbol.for("Jupyter.display");

export interface Film {
  /** An animated GIF that loops. */
  readonly gif: Uint8Array;
  /** Its frames as PNG. */
  readonly stills: readonly Uint8Array[];
  readonly captions: readonly string[];
  /** What a notebook shows. */
  [DISPLAY](): Readonly<Record<string, string>>;
}

const USUAL_FRAMES = 90;
const MOST_FRAMES = 240;
/** Pixels of one view, and of the line above them. */
const CELL = { width: 620, height: 420 };
const LINE = 40;
const GAP = 18;
/** Milliseconds of a frame and of the last. */
const FRAME_MS = 350;
const LAST_MS = 3000;

/** Throws view/unknown if one of `names` is not a view of a film. */
export function filmViews(names: readonly string[]): FilmView[] {
  return names.map((name) => {
    const view = FILM_VIEWS.find((known) => known === name);
    if (!view) throw unknownName("view", name, FILM_VIEWS, "of a film");
    return view;
  });
}

/** The moments of `run`, oldest first: the end of every generation and of every activation, at most `most` of them. */
export function filmFrames({ dir, experiment, events }: FilmedRun, most = USUAL_FRAMES): FilmFrame[] {
  const ends = events.flatMap(({ type }, i) =>
    type === "generation-ended" || type === "activation-ended" || type === "run-ended" ? [i] : [],
  );
  // An activation ends right after its last generation: the later of the two moments shows both.
  const moments = ends.filter((at, i) => events[at]!.type !== "generation-ended" || ends[i + 1] !== at + 1);
  const chosen = new Set(evenly(moments, Math.max(1, Math.min(most, MOST_FRAMES))));
  const head = headOf(dir, experiment);
  const frames: FilmFrame[] = [];
  let state: State = emptyState;
  let progress: Progress = startProgress(experiment);
  for (const [i, event] of events.entries()) {
    state = applyEvent(state, event);
    progress = stepProgress(progress, event, state, experiment);
    if (!chosen.has(i)) continue;
    const { samples: _, firstChild: __, ...shown } = progress;
    const status = state.ended ? "ended" : "running";
    frames.push({
      run: { head, state, progress: shown, status },
      caption: captionOf(event, state, progress),
    });
  }
  return frames;
}

/** At most `most` of `items`, evenly spread, including the last. */
function evenly<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.round(((i + 1) * items.length) / most) - 1]!);
}

function captionOf({ type }: Event, state: State, progress: Progress): string {
  const children = plural(Math.max(0, state.models.length - 1), "child", "children");
  if (type === "run-ended") return `the end: ${children}`;
  const { task, iteration, generation } = progress;
  const best = formatPercent(task === null ? null : progress.best[task]);
  const where = type === "activation-ended" ? "activation ended" : `generation ${generation}`;
  return `${task}, iteration ${iteration}, ${where} · best ${best} · ${children}`;
}

/** The film of `run`. Throws view/unknown. */
export async function film(run: FilmedRun, options: FilmOptions = {}): Promise<Film> {
  const { views = FILM_VIEWS, theme = "light", frames: most = USUAL_FRAMES } = options;
  const shown = filmViews(views);
  const frames = filmFrames(run, most);
  const whole = frames.at(-1)?.run.state ?? emptyState;
  const { extent } = new Retrospect(whole, run.experiment.method);
  const drawn = frames.map(({ run: at }) =>
    shown.map((view) => momentScene(view, at, { whole, extent, width: CELL.width })),
  );
  const scales = shown.map((_, v) => {
    // One scale for the film, that of a typical frame: a single wide frame must not shrink all others.
    const scenes = drawn.flatMap((row) => row[v] ?? []);
    return Math.min(1.4, middleOf(scenes.map(fitOf)));
  });
  const tops = topsOf(
    shown.map((_, v) =>
      Math.max(
        0,
        ...drawn
          .flatMap((row) => row[v] ?? [])
          .map((scene) => Math.min(scales[v]!, fitOf(scene)) * scene.height),
      ),
    ),
  );
  const stills: Uint8Array[] = [];
  for (const [i, { caption }] of frames.entries())
    stills.push(await still(drawn[i]!, { scales, tops }, `${i + 1}/${frames.length}  ${caption}`, theme));
  const gif = await gifOf(stills);
  const captions = frames.map(({ caption }) => caption);
  return {
    gif,
    stills,
    captions,
    [DISPLAY]: () => ({
      "image/gif": Buffer.from(gif).toString("base64"),
      "text/plain": ["A film of the run:", ...captions].join("\n"),
    }),
  };
}

/** The scale at which a scene fills its cell. */
const fitOf = ({ width, height }: Scene): number => Math.min(CELL.width / width, CELL.height / height);

const middleOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 1;

/** The y at which each row of two views begins, below the caption, and at which the last one ends; rows are as high as their views. */
function topsOf(heights: readonly number[]): number[] {
  const tops = [LINE];
  for (let i = 0; i < heights.length; i += 2)
    tops.push(Math.ceil(tops.at(-1)! + Math.max(40, ...heights.slice(i, i + 2)) + GAP));
  return tops;
}

/** One frame as a PNG: a line of text, and below it the views in two columns. */
async function still(
  scenes: readonly (Scene | undefined)[],
  { scales, tops }: { readonly scales: readonly number[]; readonly tops: readonly number[] },
  line: string,
  theme: Theme,
): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  const columns = Math.min(2, scenes.length);
  const [width, height] = [columns * CELL.width, tops.at(-1)!];
  const pictures = await Promise.all(
    scenes.map(async (scene, i) => {
      if (!scene) return [];
      const svg = toSvg(scene, { colors: theme });
      const scale = Math.min(scales[i]!, fitOf(scene));
      const size = {
        width: inCell(scene.width * scale, CELL.width),
        height: inCell(scene.height * scale, CELL.height),
      };
      const input = await sharp(Buffer.from(svg), { density: Math.max(24, 72 * scale) })
        .resize({ ...size, fit: "fill" })
        .png()
        .toBuffer();
      return [{ input, left: (i % columns) * CELL.width, top: tops[Math.floor(i / 2)]! }];
    }),
  );
  const ground = colorOf("surface", theme);
  const text = Buffer.from(toSvg(lineScene(line, width), { colors: theme }));
  return sharp({ create: { width, height, channels: 3, background: ground } })
    .composite([{ input: text, left: 0, top: 0 }, ...pictures.flat()])
    .png()
    .toBuffer();
}

const inCell = (length: number, most: number): number => Math.max(1, Math.min(most, Math.round(length)));

const lineScene = (text: string, width: number): Scene => ({
  width,
  height: LINE,
  title: "Where the film is",
  description: text,
  children: [{ kind: "text", x: 16, y: 26, text, size: 15, weight: "bold", fill: "ink" }],
});

async function gifOf(stills: readonly Uint8Array[]): Promise<Uint8Array> {
  if (stills.length === 0) return new Uint8Array();
  const { default: sharp } = await import("sharp");
  const delay = stills.map((_, i) => (i === stills.length - 1 ? LAST_MS : FRAME_MS));
  const bytes = await sharp(stills.map(Buffer.from), { join: { animated: true } })
    .gif({ delay, loop: 0, colours: 128, effort: 5 })
    .toBuffer();
  return markedGif(bytes);
}

/** The comment, invisible in viewers, by which mulab recognizes its own files. */
const GIF_COMMENT = Buffer.from("\x21\xfe\x05mulab\x00", "latin1");

/** The GIF `bytes` with the comment after its header and global palette. */
function markedGif(bytes: Buffer): Uint8Array {
  const flags = bytes[10]!;
  const palette = flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
  const at = 13 + palette;
  return Buffer.concat([bytes.subarray(0, at), GIF_COMMENT, bytes.subarray(at)]);
}

/** What to call a film's file, and how to recognize one that mulab wrote. */
export const FILM_KIND = {
  name: "a film of mulab (.gif)",
  recognise: (head: Uint8Array): boolean =>
    Buffer.from(head.subarray(0, 3)).toString("latin1") === "GIF" && Buffer.from(head).includes(GIF_COMMENT),
};
