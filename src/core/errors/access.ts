// Private tasks: what may not be used for another task.

import { MulabError } from "./error.js";
import { quote, short } from "./phrases.js";

export const privateLayer = (task: string, layer: string, trainedOn: string) =>
  new MulabError(
    "access/private-layer",
    `Task "${task}" cannot use layer ${short(layer)}: it was trained on the private task "${trainedOn}".`,
    { found: trainedOn },
  );

export const privateRoot = (file: string, task: string) =>
  new MulabError(
    "access/private-root",
    `The root ${quote(file)} was pretrained on "${task}", which is private here, and every task would build on it.`,
    {
      found: task,
      remedy: `Use another root (\`mulab pretrain --task\` with a public task makes one), or let "${task}" be public.`,
      fatal: true,
    },
  );

/** `trainedOn` is the name under which the same images were trained. */
export const privateRootImages = (file: string, task: string, trainedOn: string) =>
  new MulabError(
    "access/private-root",
    `The root ${quote(file)} was pretrained on the images of "${task}" (under the name "${trainedOn}"), which is private here, and every task would build on it.`,
    {
      found: trainedOn,
      remedy: `Use another root (\`mulab pretrain --task\` with a public task makes one), or let "${task}" be public.`,
      fatal: true,
    },
  );
