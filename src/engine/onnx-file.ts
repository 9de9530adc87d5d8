// A model file run as its users run it: ONNX Runtime with its own defaults, nothing of mulab.

import { engineFailed } from "../core/errors/index.js";
import { loadOnnxRuntime } from "./onnx.js";

/** A batch of images for a model file: bytes [count, height, width, 3]. */
export interface FileInput {
  readonly pixels: Uint8Array;
  readonly dims: readonly [count: number, height: number, width: number, channels: 3];
}

/** An opened model file. */
export interface ModelFile {
  /** The outputs for the images given as input `images`, by name. Blocks its thread. Throws engine/failed. */
  run(input: FileInput): Promise<Readonly<Record<string, Float32Array>>>;
  close(): Promise<void>;
}

/** Opens the bytes of an ONNX file. Throws engine/missing, engine/failed. */
export async function openModelFile(bytes: Uint8Array): Promise<ModelFile> {
  const ort = await loadOnnxRuntime("cpu");
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 }).catch(
    (cause: unknown) => {
      throw engineFailed("Opening an ONNX file", cause);
    },
  );
  return {
    async run({ pixels, dims }) {
      try {
        const results = await session.run({ images: new ort.Tensor("uint8", pixels, dims) });
        return Object.fromEntries(
          Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]),
        );
      } catch (cause) {
        throw engineFailed("Running an ONNX file", cause);
      }
    },
    close: () => session.release(),
  };
}
