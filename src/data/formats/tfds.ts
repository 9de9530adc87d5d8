// A split as TensorFlow Datasets prepares it: numbered TFRecord files of Examples, with features.json (the fields of an
// Example) and dataset_info.json (the number of Examples in each file) beside them. https://www.tensorflow.org/datasets

import { dirname, join } from "node:path";
import { badFile } from "../../core/errors/index.js";
import { readRegular, whyUnread } from "../../disk/regular.js";
import type { LabelRule } from "../catalog-entry.js";
import { labelOf } from "../labels.js";
import type { Sink } from "../sink.js";
import type { Expected } from "../source-file.js";
import { type Features, parseExample } from "./example.js";
import { type EncodedRow, putEncoded } from "./rows-of-images.js";
import { readRecords } from "./tfrecord.js";

export interface TfdsSplit {
  /** All of the split's files, in their order. */
  readonly files: readonly string[];
  readonly split: string;
  readonly label: LabelRule;
  readonly times: number;
}

/** Puts every wanted image into the sink. Throws data/…, task/label-out-of-range. */
export async function readTfds(split: TfdsSplit, expected: Expected, sink: Sink): Promise<void> {
  await checkFeatures(split, expected);
  await checkCounts(split, expected);
  await putEncoded(rowsOf(split, expected.count, sink), expected, split.times, sink);
}

async function* rowsOf({ files, label }: TfdsSplit, count: number, sink: Sink): AsyncGenerator<EncodedRow> {
  let row = 0;
  for (const path of files) {
    const first = row;
    for await (const record of readRecords(
      path,
      (index) => first + index < count && sink.wants(first + index),
    )) {
      if (row >= count) throw badFile(path, `more than ${count} records`, `${count} in all files`);
      if (record) {
        const where = `${path}, record ${row - first}`;
        const features = parseExample(record, where);
        yield { row, label: labelOf(label, features, where), bytes: imageOf(features, where), where };
      }
      row += 1;
    }
  }
  if (row !== count) throw badFile(files.at(-1)!, `${row} records in all files`, `${count}`);
}

/** The encoded image: TensorFlow Datasets calls it "image", others "image/encoded". */
function imageOf(features: Features, where: string): Uint8Array {
  const image = (features.get("image") ?? features.get("image/encoded"))?.[0];
  if (!(image instanceof Uint8Array))
    throw badFile(where, `features ${[...features.keys()].join(", ") || "none"}`, "an image");
  return image;
}

/** The relevant part of features.json, however it is spelled. */
interface FeatureSpec {
  /** For an image; undefined if the file leaves it open. */
  readonly channels?: number;
  /** For a class label. */
  readonly classes?: number;
}

/** The features by name. Three spellings are in use: since 2022 with `featuresDict`, before that with the features as `content` (a text in some files), and in the oldest with each feature's own fields as its `content`. Empty where the file holds something else. */
function featuresIn(json: unknown, path: string): ReadonlyMap<string, FeatureSpec> {
  const { featuresDict, content } = fieldsOf(json);
  const inside = fieldsOf(typeof content === "string" ? parseJson(content, path) : content);
  const features = fieldsOf(featuresDict).features ?? inside.features ?? inside;
  return new Map(
    Object.entries(fieldsOf(features)).map(([name, feature]) => [name, specOf(fieldsOf(feature))]),
  );
}

function specOf({ image, classLabel, content }: Fields): FeatureSpec {
  const old = fieldsOf(content);
  const dimensions = fieldsOf(fieldsOf(image).shape).dimensions ?? old.shape;
  const channels = Array.isArray(dimensions) ? Number(dimensions.at(-1)) : Number.NaN;
  const classes = Number(fieldsOf(classLabel).numClasses ?? old.num_classes ?? Number.NaN);
  return { ...(channels > 0 && { channels }), ...(classes > 0 && { classes }) };
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Throws data/bad-file if features.json describes other images or classes; files without it are checked only by their content. */
async function checkFeatures({ files, label }: TfdsSplit, { classes, channels }: Expected): Promise<void> {
  const path = join(dirname(files[0]!), "features.json");
  const json = await readJson(path);
  if (json === undefined) return;
  const features = featuresIn(json, path);
  const image = features.get("image") ?? features.get("image/encoded");
  if (!image) throw badFile(path, `features ${[...features.keys()].join(", ") || "none"}`, "an image");
  if (image.channels !== undefined && image.channels !== channels)
    throw badFile(path, `images of ${image.channels} channels`, `${channels}`);
  if ("derived" in label) return;
  const declared = features.get(label.feature)?.classes;
  if (declared !== undefined && declared !== classes)
    throw badFile(path, `${declared} classes as ${label.feature}`, `${classes}`);
}

interface InfoJson {
  readonly fileFormat?: string;
  readonly splits?: readonly {
    readonly name?: string;
    readonly shardLengths?: readonly (string | number)[];
  }[];
}

/** Throws data/bad-file if the counts in dataset_info.json differ from the catalog's. */
async function checkCounts({ files, split }: TfdsSplit, { count }: Expected): Promise<void> {
  const path = join(dirname(files[0]!), "dataset_info.json");
  const info = (await readJson(path)) as InfoJson | undefined;
  const splits = Array.isArray(info?.splits) ? info.splits : [];
  const lengths = splits.find((entry) => entry?.name === split)?.shardLengths;
  if (!Array.isArray(lengths)) return;
  const total = lengths.reduce((sum, length) => sum + Number(length), 0);
  if (lengths.length !== files.length || total !== count)
    throw badFile(
      path,
      `${total} examples of ${split} in ${lengths.length} files`,
      `${count} in ${files.length}`,
    );
}

/** undefined where there is no such file. */
async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = (await readRegular(path)).toString("utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw badFile(path, whyUnread(error), "a file that may be read");
  }
  return parseJson(text, path);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badFile(path, "no JSON", "what TensorFlow Datasets writes");
  }
}
