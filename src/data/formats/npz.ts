// Labelled images as cmaterdb publishes them: a .npz with `images` (uint8 [n, height, width, channels]) and `labels`
// (any integer type, [n]). What does not fit is an error that says what was found and expected.

import { badFile, labelOutOfRange } from "../../core/errors.js";
import type { Rows } from "../rows.js";
import { integers, type Npy, parseNpy } from "./npy.js";
import { readZip, type ZipMember } from "./zip.js";

/** What a task needs of a file. */
export interface Expected {
  readonly classes: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The images and labels of a .npz file; `path` is for messages. */
export function readImagesNpz(file: Uint8Array, path: string, expected: Expected): Rows {
  const members = readZip(file, path);
  const images = array(members, "images", path);
  const labels = array(members, "labels", path);
  const { classes, height, width, channels } = expected;

  const wanted = `uint8 images [n, ${height}, ${width}, ${channels}]`;
  const [count, ...sides] = images.shape;
  const described = `${images.dtype} [${images.shape.join(", ")}]`;
  if (!/^[|<>=]u1$/.test(images.dtype)) throw badFile(`${path} (images)`, described, wanted);
  if (count === undefined || sides.join() !== [height, width, channels].join())
    throw badFile(`${path} (images)`, described, wanted);

  const values = integers(labels);
  if (!values || labels.shape.length !== 1 || labels.shape[0] !== count)
    throw badFile(
      `${path} (labels)`,
      `${labels.dtype} [${labels.shape.join(", ")}]`,
      `integer labels [${count}]`,
    );
  const decoded = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const label = values.at(i);
    if (label < 0 || label >= classes) throw labelOutOfRange(path, i, label, classes);
    decoded[i] = label;
  }
  return { pixels: images.bytes, labels: decoded, count, height, width, channels };
}

function array(members: ReadonlyMap<string, ZipMember>, name: string, path: string): Npy {
  const member = members.get(`${name}.npy`);
  if (!member)
    throw badFile(path, `members ${[...members.keys()].join(", ") || "none"}`, "images.npy and labels.npy");
  return parseNpy(member.read(), `${path} (${name})`);
}
