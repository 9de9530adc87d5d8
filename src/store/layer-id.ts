// Layers are named by their content.

import { hash } from "node:crypto";
import type { LayerId } from "../core/model.js";

/** The name of `bytes`: their sha-256. */
export const layerIdOf = (bytes: Uint8Array): LayerId => hash("sha256", bytes) as LayerId;

/** Whether `text` has the form of a layer's name: 64 hexadecimal digits in lower case. */
export const isLayerId = (text: unknown): text is LayerId =>
  typeof text === "string" && /^[0-9a-f]{64}$/.test(text);
