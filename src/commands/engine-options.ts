// The engine options that all training commands share.

import type { EngineName } from "../engine/devices.js";
import { type Limits, limited } from "../engine/limits.js";
import type { OpenOptions } from "../run/evolution.js";
import type { JsonOption } from "./output.js";

export interface EngineOptions extends JsonOption, Limits {
  readonly engine: EngineName;
  readonly device?: string;
}

/** These options as `open` and `sweep` take them. */
export const engineOf = ({
  engine,
  device,
  ...limits
}: Partial<EngineOptions>): Pick<OpenOptions, "engine" | "device" | "threads" | "maxBytes"> => ({
  ...(engine && { engine }),
  ...(device !== undefined && { device }),
  ...limited(limits),
});
