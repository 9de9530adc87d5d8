// The root that a new run begins with: the one that was named, else the experiment's own, which may have to be made first.

import { defaultRootPlaces } from "../checkpoints/find.js";
import { checkpointRoot } from "../checkpoints/load.js";
import type { Experiment, RootSpec } from "../core/experiment.js";
import { withRootSpec } from "../experiments/root-size.js";
import {
  charactersRootOnDisk,
  ensureCharactersRoot,
  publishedFile,
  publishedRoot,
} from "../experiments/roots.js";
import { type EngineOptions, engineOf } from "./engine-options.js";
import { showing } from "./pretrain.js";

interface RootChoice extends Partial<EngineOptions> {
  /** --root: a path, or the name of a file in a folder of roots. */
  readonly root?: string;
}

/** `experiment` with its root; lines for people go to `stream`. Throws root/… */
export async function withRoot(
  experiment: Experiment,
  { root: file, ...engine }: RootChoice,
  stream: NodeJS.WriteStream,
): Promise<Experiment> {
  const { blocks } = experiment.root;
  if (file !== undefined) return withRootSpec(experiment, await checkpointRoot(file, { blocks }));
  if (experiment.name !== "characters")
    return { ...experiment, root: (await publishedRoot(experiment.name)) ?? unpublished(experiment, stream) };
  if (experiment.budget === "smoke") return { ...experiment, root: await smokeRoot(experiment, stream) };
  const shown = showing(stream);
  const root = await ensureCharactersRoot({
    ...shown.listeners,
    onNote: (line) => stream.write(`${line}\n`),
    ...engineOf(engine),
  }).finally(shown.end);
  return { ...experiment, root };
}

/** The experiment's own root, said where the paper has another. */
function unpublished({ name, root }: Experiment, stream: NodeJS.WriteStream): RootSpec {
  const file = publishedFile(name);
  if (file && root.kind === "random")
    stream.write(
      `The paper's root, ${file}, is not on this machine, so this run begins with random weights. Put it in checkpoints/ below MULAB_DATA or in ${defaultRootPlaces().cache}, or name another with --root.\n`,
    );
  return root;
}

/** A smoke run takes seconds: it does not wait for a pretraining. */
async function smokeRoot({ root }: Experiment, stream: NodeJS.WriteStream): Promise<RootSpec> {
  const there = await charactersRootOnDisk();
  if (!there)
    stream.write(
      "No pretrained root is on this machine, so this smoke run begins with random weights; `mulab pretrain` makes one.\n",
    );
  return there ?? root;
}
