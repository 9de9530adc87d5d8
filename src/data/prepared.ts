// Finds prepared datasets: below a data folder under TensorFlow Datasets' name (so that its own folder can be named in
// MULAB_DATA), with or without a version, as TFRecord files; or in the same place as Parquet files, as in a public hub's
// repository.

import { dirname, join } from "node:path";
import { badFile } from "../core/errors/index.js";
import { namesIn } from "../disk/listing.js";
import { whyUnread } from "../disk/regular.js";
import type { PublishedTask } from "./catalog-entry.js";
import type { ParquetSet } from "./formats/parquet.js";
import type { TfdsSplit } from "./formats/tfds.js";
import type { Places } from "./locate.js";

export type PreparedSource =
  | ({ readonly kind: "tfds" } & TfdsSplit)
  | ({ readonly kind: "parquet" } & ParquetSet);

/** The files of every set of the task; undefined if a set is missing. Throws data/bad-file if some files of a split are missing. */
export async function findPrepared(
  { sets, prepared }: PublishedTask,
  places: Places,
): Promise<ReadonlyMap<string, PreparedSource> | undefined> {
  if (!prepared) return undefined;
  const found = new Map<string, PreparedSource>();
  for (const [name, set] of Object.entries(sets)) {
    const { dataset, split } = set.prepared ?? { dataset: prepared.dataset, split: name };
    const there = await findSplit(dataset, split, places);
    if (!there) return undefined;
    const { label, times = 1 } = prepared;
    const { kind, files } = there;
    if (kind === "tfds") found.set(name, { kind, files, split, label, times });
    else if ("feature" in label) found.set(name, { kind, files, label: label.feature, times });
    else return undefined; // Parquet files lack the data that such labels are computed from
  }
  return found;
}

/** What is missing from an incomplete dataset, as a sentence without its full stop; undefined if all or none of it is there. */
export async function preparedGap(
  { sets, prepared }: PublishedTask,
  places: Places,
): Promise<string | undefined> {
  if (!prepared) return undefined;
  const missing: string[] = [];
  let there: string | undefined;
  for (const [name, set] of Object.entries(sets)) {
    const { dataset, split } = set.prepared ?? { dataset: prepared.dataset, split: name };
    const found = await findSplit(dataset, split, places);
    if (found) there ??= dirname(found.files[0]!);
    else missing.push(split);
  }
  return there !== undefined && missing.length > 0
    ? `${there} has no files of ${missing.join(" and ")}`
    : undefined;
}

type Files = { readonly kind: "tfds" | "parquet"; readonly files: readonly string[] };

async function findSplit(dataset: string, split: string, places: Places): Promise<Files | undefined> {
  for (const root of [places.dataDir, places.cacheDir]) {
    if (root === undefined) continue;
    const base = join(root, ...dataset.split("/"));
    const namesAt = (folder: string) =>
      namesIn(folder, (cause) => badFile(folder, whyUnread(cause), "a folder that may be read"));
    const names = await namesAt(base);
    const versions = names.filter((name) => /^\d+\.\d+\.\d+$/.test(name)).sort(byVersion);
    for (const folder of [...versions, "", "data", "plain_text", split]) {
      const found = filesOf(await namesAt(join(base, folder)), split, folder === split, join(base, folder));
      if (found) return found;
    }
  }
  return undefined;
}

/** The newest first. */
const byVersion = (a: string, b: string): number => b.localeCompare(a, "en", { numeric: true });

/** The split's files among `names`; in a folder of its own (`alone`), all Parquet files belong to it. */
function filesOf(names: readonly string[], split: string, alone: boolean, folder: string): Files | undefined {
  const numbered = (pattern: RegExp) =>
    names.flatMap((name) => {
      const [, number, of] = pattern.exec(name) ?? [];
      return number && of ? [{ name, number: Number(number), of: Number(of) }] : [];
    });
  const records = numbered(new RegExp(`^.+-${split}\\.tfrecord-(\\d{5})-of-(\\d{5})$`));
  if (records.length > 0) return { kind: "tfds", files: whole(records, folder, split) };
  const parts = numbered(new RegExp(`^${split}-(\\d{5})-of-(\\d{5})(?:-[\\w-]+)?\\.parquet$`));
  if (parts.length > 0) return { kind: "parquet", files: whole(parts, folder, split) };
  const single = names.filter((name) => (alone ? name.endsWith(".parquet") : name === `${split}.parquet`));
  if (single.length === 0) return undefined;
  return { kind: "parquet", files: single.sort().map((name) => join(folder, name)) };
}

interface Numbered {
  readonly name: string;
  readonly number: number;
  readonly of: number;
}

function whole(parts: readonly Numbered[], folder: string, split: string): string[] {
  const sorted = [...parts].sort((a, b) => a.number - b.number);
  if (sorted.some(({ number, of }, i) => number !== i || of !== sorted.length))
    throw badFile(
      folder,
      `files ${sorted.map(({ name }) => name).join(", ")}`,
      `all files of ${split}, once`,
    );
  return sorted.map(({ name }) => join(folder, name));
}
