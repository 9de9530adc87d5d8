// Every table of a run as CSV and Parquet, in a folder with an index that says what each column counts.

import { join } from "node:path";
import { notOurs } from "../core/errors/index.js";
import { namesIn } from "../disk/listing.js";
import { type FileKind, replaceFile } from "../disk/replace.js";
import type { TableDefinition } from "../figures/drawing.js";
import { csvOfTable } from "../figures/export.js";
import { TABLES } from "../figures/tables/index.js";
import { isOwnJson, JSON_MARK } from "../format/generator.js";
import type { Value } from "../format/quantities.js";
import type { TableView } from "../format/table.js";
import { type RunRecord, readRun } from "../run/record.js";
import { mulabVersion } from "../run/versions.js";

/** A table that was written. */
export interface ExportedTable {
  readonly name: string;
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
}

const INDEX = "tables.json";

/** A folder of tables is ours by its index, and the names in it are those of our tables. */
const OURS: FileKind = { name: "a table of mulab", recognise: () => true };

/**
 * Writes every table that can be made of the run in `dir` to `folder`, as NAME.csv and NAME.parquet, with values in full
 * precision, and tables.json, which lists them with the units of their columns. The folder must be new, empty, or one that
 * this made. Throws store/not-ours, store/….
 */
export async function exportTables(dir: string, folder: string): Promise<ExportedTable[]> {
  const run = await readRun(dir);
  const names = await namesIn(folder);
  if (names.length > 0 && !names.includes(INDEX))
    throw notOurs(
      folder,
      "a folder with other files",
      "a folder of tables that mulab wrote, or an empty one",
    );
  // First, so that what a crash leaves is a folder of ours.
  const made = TABLES.filter(({ of }) => of === "run" || of === "both").map((definition) => ({
    definition,
    view: definition.make(run, {}),
  }));
  await replaceFile(join(folder, INDEX), indexOf(run, made), {
    name: "an index of tables of mulab",
    recognise: isOwnJson,
  });
  for (const { definition, view } of made) {
    const path = join(folder, definition.name);
    await replaceFile(`${path}.csv`, csvOfTable(view), OURS);
    await replaceFile(`${path}.parquet`, await parquetOf(definition, view), OURS);
  }
  return made.map(({ definition: { name, title }, view: { rows, head } }) => ({
    ...{ name, title },
    rows: rows.length,
    columns: head.length,
  }));
}

interface Made {
  readonly definition: TableDefinition;
  readonly view: TableView;
}

function indexOf({ experiment, digest }: RunRecord, made: readonly Made[]): string {
  const tables = made.map(
    ({ definition: { name, title, paper }, view: { head, quantities, rows, note } }) => ({
      ...{ name, title, paper, note, rows: rows.length },
      columns: head.map((column, i) => ({ name: column, unit: quantities[i]!.unit })),
    }),
  );
  const run = { experiment: experiment.name, title: experiment.title, seed: experiment.seed, digest };
  return `${JSON.stringify({ usermeta: JSON_MARK, run, tables }, null, 2)}\n`;
}

/** Numbers as DOUBLE, whatever their values are, so that runs have tables of one schema; NaN and no value as null. */
async function parquetOf(
  { name, title }: TableDefinition,
  { head, quantities, rows, note }: TableView,
): Promise<Uint8Array> {
  // Loaded when it is needed, so that an import of mulab does not wait for it.
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = head.map((column, i) => {
    const values = rows.map((row): Value => row[column]);
    if (quantities[i]!.isNumber)
      return { name: column, type: "DOUBLE" as const, data: values.map(finiteOrNull) };
    const isBoolean = values.some((value) => typeof value === "boolean");
    if (isBoolean && values.every((value) => value == null || typeof value === "boolean"))
      return { name: column, type: "BOOLEAN" as const, data: values.map((value) => value ?? null) };
    return { name: column, type: "STRING" as const, data: values.map(textOrNull) };
  });
  const units = Object.fromEntries(head.map((column, i) => [column, quantities[i]!.unit]));
  const facts = { table: name, title, note, units: JSON.stringify(units) };
  const bytes = parquetWriteBuffer({
    columnData,
    createdBy: `mulab version ${mulabVersion}`,
    kvMetadata: Object.entries(facts).map(([key, value]) => ({ key, value })),
  });
  return new Uint8Array(bytes);
}

const finiteOrNull = (value: Value): number | null => (Number.isFinite(value) ? (value as number) : null);
const textOrNull = (value: Value): string | null => (value == null ? null : String(value));
