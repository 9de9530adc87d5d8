// A run as its still pictures need it.

import type { ComparedRun } from "./compare.js";
import type { LiveProgress, LiveStatus } from "./schema.js";

export interface PicturedRun extends ComparedRun {
  readonly status: LiveStatus;
  readonly progress: LiveProgress;
}
