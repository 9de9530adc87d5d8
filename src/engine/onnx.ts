// Runs graphs with onnxruntime-node: the whole graph is one ONNX model, state lives in two sets of buffers that alternate as
// input and output, so nothing is allocated per run. `run` blocks its thread: call it from a worker.

import type { InferenceSession, Tensor } from "onnxruntime-common";
import { engineFailed, engineMissing } from "../core/errors/index.js";
import { type Dims, elementCount, type Graph, type NodeOf, topologicalOrder } from "../graph/node.js";
import { type DeviceOf, deviceOf } from "./devices.js";
import type { CompileOptions, Engine, Program, Tensors } from "./engine.js";
import { defaultThreads } from "./limits.js";
import { lowerToOnnx, outputName } from "./onnx-ops.js";
import { encodeModel } from "./onnx-proto.js";
import { silenceTelemetry } from "./telemetry.js";

export interface OnnxOptions {
  /** One of engine/devices; default: cpu. */
  readonly device?: string | undefined;
  /** Threads of an operator; default: Node's availableParallelism(). */
  readonly threads?: number | undefined;
  /** Only standard operators, as for devices without ONNX Runtime's own ones. */
  readonly standardOnly?: boolean;
}

/** The version that mulab carries, which produced its numbers. */
const VERSION = "1.30.0";

type Ort = typeof import("#onnxruntime-node");

interface CompileSettings {
  readonly device: DeviceOf<"onnx">;
  readonly threads: number;
  readonly standardOnly: boolean;
}

/** The engine on onnxruntime-node. Throws options/not-valid, and engine/missing where it or the device is not available. */
export async function onnxEngine(options: OnnxOptions = {}): Promise<Engine> {
  const device = deviceOf("onnx", options.device);
  const { threads = defaultThreads(), standardOnly = device !== "cpu" } = options;
  const ort = await loadOnnxRuntime(device);
  const offered = ort.listSupportedBackends?.().map(({ name }) => name) ?? ["cpu"];
  if (!offered.includes(device))
    throw engineMissing(
      `onnx (${device})`,
      `This machine's onnxruntime-node offers ${offered.join(", ")}. Use one of these, or the tfjs engine.`,
    );
  const settings = { device, threads, standardOnly };
  return { name: `onnx (${device})`, compile: (graph, given) => compile(ort, graph, given ?? {}, settings) };
}

/** mulab carries its own onnxruntime-node without CUDA's libraries; for CUDA it uses the one that the user installed. */
export async function loadOnnxRuntime(device: DeviceOf<"onnx">): Promise<Ort> {
  await silenceTelemetry();
  const users: string = "onnxruntime-node"; // optional, so the compiler must not look for it
  try {
    const module = await (device === "cuda" ? import(users) : import("#onnxruntime-node"));
    return (module as { default?: Ort }).default ?? (module as Ort);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    if (device === "cuda")
      throw engineMissing(
        "onnx (cuda)",
        `onnxruntime-node with the libraries of CUDA does not load (${why}). Install it beside mulab: \`npm install onnxruntime-node@${VERSION}\`; its install script fetches them. CUDA and cuDNN themselves come from NVIDIA.`,
      );
    throw engineMissing(
      "onnx",
      `ONNX Runtime does not load here (${why}). It needs 64-bit Linux with glibc 2.28 or newer, macOS on Apple silicon, or Windows; install mulab again where files are missing.`,
    );
  }
}

async function compile(
  ort: Ort,
  graph: Graph,
  { constants = {}, state = {} }: CompileOptions,
  { device, threads, standardOnly }: CompileSettings,
): Promise<Program> {
  const model = lowerToOnnx(graph, { constants, standardOnly });
  const session = await ort.InferenceSession.create(encodeModel(model), {
    executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
    // Results must not depend on a child's siblings to the bit, so the graph optimizer may only fold constants and the like.
    graphOptimizationLevel: "basic",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    const isMissing = device !== "cpu" && /failed to load shared library/i.test(String(cause));
    if (!isMissing) throw engineFailed("Compiling a graph", cause);
    throw engineMissing(
      `onnx (${device})`,
      `The libraries of ${device} can't be loaded here. Use --device cpu, or install them: CUDA and cuDNN for cuda, a driver of Vulkan, Metal or Direct3D 12 for webgpu.`,
    );
  });
  return new OnnxProgram(ort, session, graph, constants, state);
}

type Buffers = Readonly<Record<string, Tensor>>;

class OnnxProgram implements Program {
  readonly #ort: Ort;
  readonly #session: InferenceSession;
  readonly #dims: ReadonlyMap<string, Dims>;
  readonly #stateNames: readonly string[];
  readonly #results: Buffers;
  #current: Buffers;
  #next: Buffers;

  constructor(ort: Ort, session: InferenceSession, graph: Graph, constants: Tensors, state: Tensors) {
    this.#ort = ort;
    this.#session = session;
    const inputs = topologicalOrder(Object.values(graph.outputs)).filter((node) => node.op === "input");
    this.#dims = new Map(
      inputs
        .map((node) => node as NodeOf<"input">)
        .filter((node) => !constants[node.attributes.name])
        .map((node) => [node.attributes.name, node.dims]),
    );
    this.#stateNames = Object.keys(state);
    const buffers = (names: readonly string[], data: (name: string) => Float32Array): Buffers =>
      Object.fromEntries(names.map((name) => [name, this.#tensor(data(name), graph.outputs[name]!.dims)]));
    this.#current = buffers(this.#stateNames, (name) => state[name]!);
    this.#next = buffers(this.#stateNames, (name) => new Float32Array(state[name]!.length));
    const results = Object.keys(graph.outputs).filter((name) => !state[name]);
    this.#results = buffers(results, (name) => new Float32Array(elementCount(graph.outputs[name]!.dims)));
  }

  async run(feeds: Tensors): Promise<Tensors> {
    const inputs: Record<string, Tensor> = {};
    for (const [name, dims] of this.#dims)
      inputs[`in/${name}`] = this.#current[name] ?? this.#tensor(feeds[name], dims, name);
    const outputs: Record<string, Tensor> = {};
    for (const [name, tensor] of Object.entries({ ...this.#next, ...this.#results }))
      outputs[outputName(name)] = tensor;
    try {
      await this.#session.run(inputs, outputs);
    } catch (cause) {
      throw engineFailed("A step", cause);
    }
    [this.#current, this.#next] = [this.#next, this.#current];
    return toArrays(this.#results);
  }

  async state(): Promise<Tensors> {
    return toArrays(this.#current);
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  #tensor(data: Float32Array | undefined, dims: Dims, name = ""): Tensor {
    if (!data || data.length !== elementCount(dims))
      throw engineFailed(
        "A run",
        new Error(
          `input ${name} has ${data ? `${data.length} values` : "no value"}, but its dims are [${dims.join(", ")}].`,
        ),
      );
    return new this.#ort.Tensor("float32", data, dims);
  }
}

const toArrays = (buffers: Buffers): Tensors =>
  Object.fromEntries(Object.entries(buffers).map(([name, tensor]) => [name, tensor.data as Float32Array]));
