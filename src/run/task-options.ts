// How a run's tasks are split. It depends only on the experiment, so that splits are the same each time.

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
