// A person's own images. Fatal like those of published data.

import { MulabError } from "./error.js";
import { gibibytes, quote } from "./phrases.js";

const OWN_IMAGES =
  "A task is a folder with one folder of images per class, or with such folders in train, validation and test; or images with a CSV file of their names and labels; or a zip archive of any of these; or idx or npz files of images and labels";

const FORMATS = "PNG, JPEG, WebP, GIF, TIFF, BMP, PPM or JPEG 2000";

export const folderMissing = (path: string, code: string) => {
  const found: Record<string, string> = {
    ENOENT: "There is nothing at",
    ENOTDIR: "There is a file, not a folder, on the way to",
  };
  return new MulabError("data/folder-missing", `${found[code] ?? `Can't read (${code})`} ${path}.`, {
    found: code,
    remedy: `${OWN_IMAGES}; name one that mulab may read.`,
    fatal: true,
  });
};

export const notImages = (path: string, found: string) =>
  new MulabError("data/not-images", `${path} is ${found}.`, { found, remedy: `${OWN_IMAGES}.`, fatal: true });

export const noClasses = (path: string, images: number) =>
  new MulabError("data/no-classes", `${path} has no class folders; images directly in it: ${images}.`, {
    remedy: `${OWN_IMAGES}.`,
    fatal: true,
  });

export const oneClass = (path: string, name: string) =>
  new MulabError(
    "data/one-class",
    `${path} has only one class, ${quote(name)}, so there is nothing to classify.`,
    { found: name, remedy: "Add images of another class.", fatal: true },
  );

export const emptyClass = (path: string, others: readonly string[], links: number) => {
  const beside = [
    ...(others.length > 0 ? [`other files: ${others.length}, such as ${others[0]}`] : []),
    ...(links > 0
      ? [
          `links, which are not followed: ${links}; followLinks (on the command line :links=follow) follows them`,
        ]
      : []),
  ];
  return new MulabError(
    "data/empty-class",
    `The class folder ${path} has no images (${beside.join("; ") || "it is empty"}).`,
    { remedy: `Put ${FORMATS} files there, or remove the folder.`, fatal: true },
  );
};

export const folderLayout = (path: string, found: string) =>
  new MulabError("data/folder-layout", `${path}: ${found}.`, {
    found,
    remedy: `${OWN_IMAGES}; move everything else away.`,
    fatal: true,
  });

/** `examples` is a short list. */
export const labelsWithoutImages = (
  path: string,
  missing: number,
  rows: number,
  examples: readonly string[],
) =>
  new MulabError(
    "data/labels-without-images",
    `${path} names ${rows} images, of which ${missing} ${missing === 1 ? "is" : "are"} missing: ${examples.join(", ")}${missing > examples.length ? ", …" : ""}.`,
    { remedy: "Put them where the file says (relative to it), or remove their rows.", fatal: true },
  );

export const tooFewImages = (path: string, split: string, most: number, needed: number) =>
  new MulabError(
    "data/too-few-images",
    `${path} has too few images to draw ${split} images from: its largest class has ${most}, but needs ${needed}.`,
    {
      found: String(most),
      expected: String(needed),
      remedy: "Add images, or make folders train, validation and test for the splits.",
      fatal: true,
    },
  );

/** `limit` is the number of images per split that would fit. */
export const tooManyImages = (task: string, count: number, bytes: number, limit: number) =>
  new MulabError(
    "data/too-many-images",
    `The ${count} images of task "${task}" take ${gibibytes(bytes)} decoded, more than a task may use on this machine.`,
    { remedy: `Use fewer with --set limit=${limit} (images per split).`, fatal: true },
  );

export const tooManyFiles = (path: string, count: number, bytes: number, most: number) =>
  new MulabError(
    "data/too-many-images",
    `${path}: ${count} images at this imageSize take ${gibibytes(bytes)}, but a task holds at most ${gibibytes(most)} on this machine.`,
    {
      found: gibibytes(bytes),
      expected: `at most ${gibibytes(most)}`,
      remedy: "Choose a smaller imageSize or fewer images.",
      fatal: true,
    },
  );

export const badImage = (path: string, found: string, expected = `a whole ${FORMATS} image`) =>
  new MulabError("data/bad-image", `${path}: ${found}; expected ${expected}.`, {
    found,
    expected,
    remedy: "Save it again or remove it.",
    fatal: true,
  });

/** `reasons` is a short list, one line per image. */
export const badImages = (path: string, bad: number, total: number, reasons: readonly string[]) =>
  new MulabError(
    "data/bad-images",
    `${path}: ${bad} of ${total} images can't be used:\n${reasons.map((line) => `  ${line}`).join("\n")}${bad > reasons.length ? `\n  … and ${bad - reasons.length} more` : ""}\n`,
    { remedy: "Save these images again or remove them.", fatal: true },
  );

export const imageTooLarge = (path: string, found: string, most: string) =>
  new MulabError("data/image-too-large", `${path}: ${found}; expected at most ${most}.`, {
    found,
    expected: `at most ${most}`,
    remedy: "Scale it down or remove it.",
    fatal: true,
  });
