// Labelled images as cmaterdb publishes them: a .npz with `images` (uint8 [n, height, width, channels]) and `labels`
// (any integer type, [n]). Anything that does not fit is an error with what was found and expected.

import { badFile, labelOutOfRange } from "../../core/errors/index.js";
import type { Sink } from "../sink.js";
import type { Expected, SourceFile } from "../source-file.js";
import { integers, type Npy, parseNpy } from "./npy.js";
import { readZip, type ZipMember } from "./zip.js";

/** Puts every wanted image into the sink. Throws data/bad-file, task/label-out-of-range. */
export function readNpz({ path, bytes }: SourceFile, expected: Expected, sink: Sink): void {
  const members = readZip(bytes, path);
  const { count, classes, height, width, channels } = expected;
  const images = array(members, "images", count * height * width * channels * WIDEST, path);
  const labels = array(members, "labels", count * WIDEST, path);

  const shape = [count, height, width, channels];
  const described = `${images.dtype} [${images.shape.join(", ")}]`;
  if (!/^[|<>=]u1$/.test(images.dtype) || images.shape.join() !== shape.join())
    throw badFile(`${path} (images)`, described, `uint8 images [${shape.join(", ")}]`);
  const values = integers(labels);
  if (!values || labels.shape.length !== 1 || labels.shape[0] !== count)
    throw badFile(
      `${path} (labels)`,
      `${labels.dtype} [${labels.shape.join(", ")}]`,
      `integer labels [${count}]`,
    );
  const size = height * width * channels;
  for (let row = 0; row < count; row++) {
    const label = values.at(row);
    if (label < 0 || label >= classes) throw labelOutOfRange(path, row, label, classes);
    if (sink.wants(row)) sink.put(row, label, images.bytes.subarray(row * size, (row + 1) * size));
  }
}

/** Most bytes of a number; allows for wrong types, so that the error can name them. */
const WIDEST = 8;
/** A generous limit for the bytes of a .npy header. */
const MOST_HEADER = 2 ** 16;

/** A member that declares more than `most` bytes of values is not unpacked. */
function array(members: ReadonlyMap<string, ZipMember>, name: string, most: number, path: string): Npy {
  const member = members.get(`${name}.npy`);
  if (!member)
    throw badFile(path, `members ${[...members.keys()].join(", ") || "none"}`, "images.npy and labels.npy");
  if (member.size > most + MOST_HEADER)
    throw badFile(`${path} (${name})`, `${member.size} bytes unpacked`, `at most ${most} and a header`);
  return parseNpy(member.read(), `${path} (${name})`);
}
