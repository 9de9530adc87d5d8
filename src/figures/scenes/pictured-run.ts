// A run as its still pictures need it.

import type { ComparedRun } from "../../analysis/compare.js";
import type { LiveProgress, LiveStatus } from "../../wire/schema.js";

export interface PicturedRun extends ComparedRun {
  readonly status: LiveStatus;
  readonly progress: LiveProgress;
}
