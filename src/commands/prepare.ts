// Prepares an experiment while a person watches: lines and bars for what is downloaded, drawn and pretrained.

import type { Experiment } from "../core/experiment.js";
import type { Programme } from "../core/programme.js";
import { type Preparation, prepare } from "../experiments/prepare.js";
import { preparedProgramme } from "../programme/prepare.js";
import { type EngineOptions, engineOf } from "./engine-options.js";
import { showing } from "./pretrain.js";

/** The options that a command or a cell gives. */
type Choice = Partial<EngineOptions> & Pick<Preparation, "tasks" | "keepsTasks" | "root" | "makesRoot">;

/** `experiment` as it can be run here; lines for people go to `stream`. Throws as `prepare`. */
export async function prepareOn(
  stream: NodeJS.WriteStream,
  experiment: Experiment,
  { tasks, keepsTasks, root, makesRoot, ...engine }: Choice = {},
): Promise<Experiment> {
  const shown = showing(stream);
  return prepare(experiment, {
    ...(tasks !== undefined && { tasks }),
    ...(keepsTasks !== undefined && { keepsTasks }),
    ...(root !== undefined && { root }),
    ...(makesRoot !== undefined && { makesRoot }),
    ...engineOf(engine),
    ...shown.listeners,
    onNote: (line) => {
      shown.end();
      stream.write(`${line}\n`);
    },
  }).finally(shown.end);
}

/** `programme` as it can be run here; lines for people go to `stream`. Throws as `prepare`. */
export const prepareProgrammeOn = (
  stream: NodeJS.WriteStream,
  programme: Programme,
  { root, threads, memory, engine, device }: Partial<EngineOptions> & Pick<Preparation, "root"> = {},
): Promise<Programme> =>
  preparedProgramme(programme, (experiment) =>
    prepareOn(stream, experiment, {
      ...(root !== undefined && { root }),
      ...(threads !== undefined && { threads }),
      ...(memory !== undefined && { memory }),
      ...(engine !== undefined && { engine }),
      ...(device !== undefined && { device }),
    }),
  );
