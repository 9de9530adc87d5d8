// How a run's tasks are split and decoded. It depends only on the experiment, so that splits are the same each time.

import type { Experiment } from "../core/experiment.js";

export const taskOptions = ({
  seed,
  validationFraction,
  limit,
  decodedSize,
}: Pick<Experiment, "seed" | "validationFraction" | "limit" | "decodedSize">) => ({
  seed,
  validation: validationFraction,
  ...(limit !== undefined && { limit }),
  ...(decodedSize !== undefined && { imageSize: decodedSize }),
});
