// How a run's tasks are cut into splits: by its experiment alone, so that they are the same each time.

import type { Experiment } from "../core/experiment.js";

export const taskOptions = ({
  seed,
  validationFraction,
  limit,
}: Pick<Experiment, "seed" | "validationFraction" | "limit">) => ({
  seed,
  validation: validationFraction,
  ...(limit !== undefined && { limit }),
});
