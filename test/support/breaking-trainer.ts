// A trainer that breaks off on purpose.

import type { Trainer } from "../../src/core/seams.js";
import type { OpenOptions } from "../../src/run/open.js";
import { fakeTrainer } from "./fake-trainer.js";

/** A trainer, by default the fake one, that breaks off, as a power cut would, at the start of generation number `generation`. */
export const breaking =
  (
    generation: number,
    made: NonNullable<OpenOptions["trainer"]> = fakeTrainer,
  ): NonNullable<OpenOptions["trainer"]> =>
  (given): Trainer => {
    const trainer = made(given);
    let generations = 0;
    return {
      ...trainer,
      async *trainGeneration(...args) {
        for await (const cycle of trainer.trainGeneration(...args)) {
          yield cycle;
          if (generations === generation) throw new Error("power cut");
        }
        generations += 1;
      },
    };
  };
