// The runs whose widgets a notebook's file holds, read back as a browser reads them: what makes it possible to check, and to
// draw again, what a stored notebook shows of a run, without running anything.

import type { Experiment } from "../../src/core/experiment.js";
import type { PicturedRun } from "../../src/figures/scenes/pictured-run.js";
import type { PictureName } from "../../src/figures/scenes/pictures.js";
import { StateDecoder } from "../../src/wire/decoder.js";
import type { Wire } from "../../src/wire/schema.js";

export const WIDGET_MIME = "application/vnd.jupyter.widget-view+json";
const STATE_MIME = "application/vnd.jupyter.widget-state+json";

interface SavedModel {
  readonly model_name: string;
  readonly state: Readonly<Record<string, unknown>>;
  readonly buffers?: readonly { readonly path: readonly string[]; readonly data: string }[];
}

export interface StoredCell {
  readonly source: string[];
  readonly outputs?: { data?: Record<string, unknown> }[];
}

export interface StoredNotebook {
  readonly cells: StoredCell[];
  readonly metadata: {
    readonly widgets?: Readonly<Record<string, { readonly state: Readonly<Record<string, SavedModel>> }>>;
  };
}

export interface SavedPicture {
  readonly name: PictureName;
  readonly runs: readonly PicturedRun[];
}

const modelsOf = ({ metadata }: StoredNotebook): Readonly<Record<string, SavedModel>> =>
  metadata.widgets?.[STATE_MIME]?.state ?? {};

/** What the widget `id` shows; undefined for a list of runs and the like. */
export function savedPicture(notebook: StoredNotebook, id: string): SavedPicture | undefined {
  const models = modelsOf(notebook);
  const model = models[id];
  if (!model) return undefined;
  if (model.model_name === "RunModel") return { name: "dashboard", runs: [runOf(model)] };
  const view = String(model.state._view_name).replace(/View$/, "").toLowerCase();
  const runs = (model.state.runs as string[]).map((name) => runOf(models[name.replace("IPY_MODEL_", "")]!));
  return { name: view as PictureName, runs };
}

/** The run that cells call `variable`, where they name its folder once: as what tables and figures are made of. */
export function savedRun(notebook: StoredNotebook, variable: string) {
  const text = notebook.cells.map(({ source }) => source.join("")).join("\n");
  const opened = [...text.matchAll(/const (\w+) = await (?:open|ablate|extend)\("([^"]+)"/g)];
  const dir = opened.find(([, name]) => name === variable)?.[2];
  if (dir === undefined || opened.filter(([, , other]) => other === dir).length > 1) return undefined;
  const model = Object.values(modelsOf(notebook)).find(
    ({ state }) => (state.head as Wire["head"] | undefined)?.dir === dir,
  );
  if (!model) return undefined;
  const { state, head } = runOf(model);
  return { state, events: [], experiment: head.experiment as unknown as Experiment };
}

function runOf({ state, buffers = [] }: SavedModel): PicturedRun {
  const bytes = new Map(
    buffers.map(({ path: [key], data }) => [
      key,
      new DataView(Uint8Array.from(Buffer.from(data, "base64")).buffer),
    ]),
  );
  const attribute = <K extends keyof Wire>(key: K): Wire[K] => (bytes.get(key) ?? state[key]) as Wire[K];
  return {
    head: attribute("head"),
    state: new StateDecoder().read(attribute),
    progress: attribute("progress"),
    status: attribute("status"),
  };
}
