// What leaves a run: predictions and files.

import { MulabError } from "./error.js";
import { reason } from "./phrases.js";

export const taskWithoutModel = (dir: string, task: string) =>
  new MulabError("export/no-model", `Task "${task}" has no model in ${dir} yet.`, {
    remedy: `Continue the run first: \`mulab resume ${dir}\`.`,
  });

export const noImagesAt = (path: string) =>
  new MulabError("export/no-images", `There are no images at ${path}.`, {
    remedy: "Name image files, folders that hold some, or patterns in quotes, such as 'photos/*.png'.",
  });

export const imageSizeUnknown = (task: string, cause: unknown) =>
  new MulabError(
    "export/size-unknown",
    `The run does not say to which size the images of task "${task}" are brought, and they can't be loaded to find out: ${cause instanceof MulabError ? cause.problem : `${reason(cause)}.`}`,
    { remedy: `Say where they are now: \`--images ${task}=PATH\`.`, cause },
  );

export const exportDisagrees = (file: string, found: number, most: number, images: number) =>
  new MulabError(
    "export/disagrees",
    `${file} was not written: on ${images} test images its probabilities differ from mulab's by up to ${found.toExponential(1)}; expected at most ${most}.`,
    {
      found: String(found),
      expected: String(most),
      remedy: "Please report this, with the output of `mulab show`.",
    },
  );
