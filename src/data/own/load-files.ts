// Decodes single images, without labels, exactly as those of a task of own images are decoded.

import type { Images } from "../../core/task.js";
import { sharedImages } from "../rows.js";
import { decodePlaces, type Place } from "./decode-own.js";
import { readWhole } from "./tree.js";

/** An image: the path of its file, or the bytes of one. */
export type ImageSource = string | Uint8Array;

/** What to decode, as data to send to a worker. */
export interface FilesJob {
  readonly kind: "files";
  readonly images: readonly ImageSource[];
  /** The number of the first, for messages. */
  readonly first: number;
  /** Size that every image is stretched to. */
  readonly size: number;
}

/** What messages call an image. */
export const nameOfImage = (image: ImageSource, at: number): string =>
  typeof image === "string" ? image : `image ${at}`;

/** RGB images [count, size, size, 3] with labels of 0. Throws data/bad-image, data/bad-images. */
export async function loadFiles(
  { images, first, size }: FilesJob,
  onDone: (done: number, total: number) => void,
): Promise<Images> {
  const into = sharedImages(images.length, size, size, 3);
  const places = images.map((image, row): Place => {
    const where = nameOfImage(image, first + row);
    const read = () => (typeof image === "string" ? readWhole(Buffer.from(image), where, true) : image);
    return { image: { kind: "file", where, read, stamp: () => "" }, label: 0, into, row };
  });
  await decodePlaces("The images", places, (done) => onDone(done, images.length));
  return into;
}
