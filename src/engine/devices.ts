// Where each engine can compute; its own default comes first.

import { valueNotValid } from "../core/errors/index.js";

export const DEVICES = {
  onnx: ["cpu", "webgpu", "cuda"],
  tfjs: ["node-gpu", "node", "wasm", "cpu"],
} as const;

export type EngineName = keyof typeof DEVICES;
export type DeviceOf<Name extends EngineName> = (typeof DEVICES)[Name][number];

/** `device` as one of `engine`'s, or its default. Throws options/not-valid. */
export function deviceOf<Name extends EngineName>(engine: Name, device?: string): DeviceOf<Name> {
  const devices: readonly DeviceOf<Name>[] = DEVICES[engine];
  const found = device === undefined ? devices[0] : devices.find((name) => name === device);
  if (!found) throw valueNotValid(`The ${engine} engine's device`, device, `one of ${devices.join(", ")}`);
  return found;
}
