// `mulab export`: models, layers and tables of a run as files that need no mulab.

import { usage } from "../core/errors/index.js";
import { type ExportedLayers, exportLayers } from "../export/export-layers.js";
import { type ExportedModel, exportOnnx } from "../export/export-onnx.js";
import { exportTables } from "../export/export-tables.js";
import { plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { dataProgress } from "./data-progress.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

interface ExportCommandOptions extends JsonOption {
  readonly task?: string;
  readonly out?: string;
  readonly check: boolean;
  readonly layers?: string;
  readonly tables?: string;
  readonly images?: Readonly<Record<string, string>>;
}

export async function exportCommand(dir: string, options: ExportCommandOptions): Promise<void> {
  const { task, out, check, layers, tables, images } = options;
  if (task === undefined && layers === undefined && tables === undefined)
    throw usage("Say what to export: --task NAME, --layers FILE, --tables FOLDER, or several of them.");
  if (task === undefined && out !== undefined)
    throw usage("--out is the file of a task's model: name the task with --task.");
  const stream = linesOf(options);
  const shown = dataProgress(stream);
  const model =
    task === undefined
      ? undefined
      : await exportOnnx(dir, task, out ?? fileOf(task), {
          check,
          ...(images && { images }),
          onProgress: shown.show,
        }).finally(shown.end);
  if (model) stream.write(modelLines(model));
  const stored = layers === undefined ? undefined : await exportLayers(dir, layers);
  if (stored) stream.write(layerLines(stored));
  const written = tables === undefined ? undefined : await exportTables(dir, tables);
  if (written)
    stream.write(
      said`${tables}: ${plural(written.length, "table")} as CSV and Parquet; tables.json lists them with the units of their columns.\n`,
    );
  printJson(options, {
    dir,
    ...(model && { model }),
    ...(stored && { layers: stored }),
    ...(written && { tables: { folder: tables, tables: written } }),
  });
}

/** The name of a task as that of a file here. */
const fileOf = (task: string): string => `${task.replace(/[^\p{L}\p{N}._-]+/gu, "-")}.onnx`;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function modelLines({ file, task, model, bytes, agreement, private: secret }: ExportedModel): string {
  const compared = agreement
    ? `On ${plural(agreement.images, "image")} of its test split ONNX Runtime and mulab agree: the largest difference of a probability is ${agreement.largest.toExponential(1)}.`
    : "It was not compared with mulab's predictions.";
  return `${said`${file}: model ${model} of ${task}, ${megabytes(bytes)}, with labels and preprocessing. ${compared}`}\n${secretLine(secret)}`;
}

const layerLines = ({ file, layers, models, bytes, private: secret }: ExportedLayers): string =>
  `${said`${file}: ${plural(layers, "layer")} of ${plural(models, "model")}, ${megabytes(bytes)}; its metadata's "manifest" says which models use a layer and what trained it.`}\n${secretLine(secret)}`;

const secretLine = (tasks: readonly string[]): string =>
  tasks.length === 0
    ? ""
    : said`The file contains what was trained on private images: ${tasks.join(", ")}. Whoever has it can learn about them.\n`;
