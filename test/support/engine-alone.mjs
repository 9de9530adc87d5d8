// Loads the engine of the package in argv[2] by itself, as argv[3] says: in the main thread, in a worker whose main thread
// loads nothing of mulab, or "bare": ONNX Runtime without mulab, which reports to its makers. Computes 1 + 1 and prints it.

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";

const [root, where] = isMainThread ? process.argv.slice(2) : workerData;
const load = (file) => import(pathToFileURL(join(root, "dist/src", file)).href);

async function compute() {
  const { GraphBuilder } = await load("graph/builder.js");
  const g = new GraphBuilder();
  const graph = { outputs: { y: g.add(g.input("x", [1]), g.scalar(1)) } };
  if (where === "bare") {
    const { InferenceSession } = createRequire(join(root, "dist/src/index.js"))("#onnxruntime-node");
    const { encodeModel } = await load("engine/onnx-proto.js");
    const { lowerToOnnx } = await load("engine/onnx-ops.js");
    await InferenceSession.create(encodeModel(lowerToOnnx(graph, { constants: {} })));
    return "bare";
  }
  const { onnxEngine } = await load("engine/onnx.js");
  const program = await (await onnxEngine()).compile(graph);
  return (await program.run({ x: Float32Array.of(1) })).y[0];
}

if (isMainThread && where === "worker") new Worker(new URL(import.meta.url), { workerData: [root, where] });
else console.log(await compute());
