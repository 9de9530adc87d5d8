// Keeps a person's decoded images in the cache so that they are decoded only once; never those of a private task.

import { createHash } from "node:crypto";
import type { Images, Split } from "../../core/task.js";
import { decodedPath, readDecoded, removeOtherVersions, writeDecoded } from "../decoded-cache.js";
import { createSink, type Part } from "../sink.js";
import type { Expected } from "../source-file.js";
import { SPLITS } from "../splits.js";
import type { Place } from "./decode-own.js";

/** Decoding fewer images again is faster than the cache. */
const LEAST_KEPT = 512;

/** Which images they are, and the cache folder; undefined for private images, which are never kept. */
interface Kept {
  readonly path: string;
  readonly limit: number | undefined;
  readonly cacheDir: string | undefined;
}

/** The cache for these images; undefined if they are too few, or not all from files. */
export function cacheOf(
  { cacheDir, path, limit }: Kept,
  places: readonly Place[],
  splits: Readonly<Record<Split, Images>>,
) {
  if (cacheDir === undefined) return undefined;
  const files = places.flatMap(({ image }) => (image.kind === "file" ? [image] : []));
  if (files.length < LEAST_KEPT || files.length < places.length) return undefined;
  const { height, width, channels } = splits.train;
  const shape = [height, width, channels];
  const identity = identityOf(places, splits);
  const file = decodedPath(cacheDir, ["own", identity, ...shape], ownPrefix([path, limit, ...shape]));
  const expected: Expected = {
    count: places.length + 1, // the last row is the number of bits
    classes: 2 ** 31 - 1,
    height,
    width,
    channels,
  };
  const parts: Part[] = [];
  let first = 0;
  for (const split of SPLITS) {
    const images = splits[split];
    const from = first;
    parts.push({ images, rows: Int32Array.from({ length: images.count }, (_, i) => from + i) });
    first += images.count;
  }
  const size = height * width * channels;
  return {
    read(): { readonly bits: number } | undefined {
      let bits = 0;
      const sink = createSink(expected.count, parts);
      const withBits = {
        wants: () => true,
        put: (row: number, label: number, pixels: Uint8Array) => {
          if (row === places.length) bits = label;
          else sink.put(row, label, pixels);
        },
      };
      return readDecoded(file, expected, withBits) && bits > 0 ? { bits } : undefined;
    },
    async write(bits: number): Promise<void> {
      await removeOtherVersions(file);
      const writer = await writeDecoded(file, expected);
      if (!writer) return;
      try {
        for (const { into, row, label } of places)
          writer.add(label, into.pixels.subarray(row * size, (row + 1) * size));
        writer.add(bits, new Uint8Array(size));
        writer.finish();
      } finally {
        writer.abandon();
      }
    },
  };
}

/** Changes with any file's name, label, place in the splits, or bytes. */
function identityOf(places: readonly Place[], splits: Readonly<Record<Split, Images>>): string {
  const hash = createHash("sha256").update(SPLITS.map((split) => splits[split].count).join());
  for (const { image, label } of places)
    hash.update(`${image.where}\0${label} ${image.kind === "file" ? image.stamp() : ""}\n`);
  return hash.digest("hex");
}

/** The same for every version of the images at a path, so that a new version replaces the old one. */
const ownPrefix = (of: readonly unknown[]): string =>
  `own-${createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 16)}-`;
