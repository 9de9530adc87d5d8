// Placeholder
import { engineMissing } from "../core/errors.js";
import type { Engine } from "./engine.js";
export async function tfjsEngine(_: { device?: string } = {}): Promise<Engine> {
  throw engineMissing("tfjs", "soon");
}
