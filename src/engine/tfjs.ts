// Runs graphs on a TensorFlow.js backend, node by node. Slower than onnx on a CPU, but it runs wherever tfjs does.
// @tensorflow/tfjs-node and -gpu are optional and loaded on demand.

import { engineFailed, engineMissing } from "../core/errors/index.js";
import { type Graph, type Node, sizeOf, topologicalOrder } from "../graph/node.js";
import { type DeviceOf, deviceOf } from "./devices.js";
import type { CompileOptions, Engine, Program, Tensors } from "./engine.js";
import { evaluateNode, type Tf, type TfTensor } from "./tfjs-ops.js";

/** The package that brings each device, and the name of its backend. */
const PACKAGES: Readonly<Record<DeviceOf<"tfjs">, { from: string; backend: string }>> = {
  cpu: { from: "@tensorflow/tfjs-backend-cpu", backend: "cpu" },
  wasm: { from: "@tensorflow/tfjs-backend-wasm", backend: "wasm" },
  node: { from: "@tensorflow/tfjs-node", backend: "tensorflow" },
  "node-gpu": { from: "@tensorflow/tfjs-node-gpu", backend: "tensorflow" },
};

/** The engine on a tfjs backend. Throws options/not-valid, and engine/missing where its package can't be loaded. */
export async function tfjsEngine(options: { readonly device?: string | undefined } = {}): Promise<Engine> {
  const device = deviceOf("tfjs", options.device);
  const found = PACKAGES[device];
  const tf = await load(device, found.from);
  if (!(await tf.setBackend(found.backend)))
    throw engineMissing(
      `tfjs (${device})`,
      `Its backend "${found.backend}" did not start. Use the onnx engine, or another device.`,
    );
  await tf.ready();
  return {
    name: `tfjs (${device})`,
    compile: async (graph, options) => new TfjsProgram(tf, graph, options ?? {}),
  };
}

async function load(device: string, name: string): Promise<Tf> {
  try {
    const core = (await import("@tensorflow/tfjs-core")) as Tf;
    const backend: unknown = await import(name);
    // The node packages bring a core of their own, with the backend registered in it.
    return device.startsWith("node") ? ((backend as { default?: Tf }).default ?? (backend as Tf)) : core;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw engineMissing(
      `tfjs (${device})`,
      `${name} does not load (${why}). Install it with \`npm install ${name}\`, or use the onnx engine.`,
    );
  }
}

class TfjsProgram implements Program {
  readonly #order: readonly Node[];
  /** Nodes whose values are not needed after this one. */
  readonly #lastUse: ReadonlyMap<Node, readonly Node[]>;
  readonly #constants: ReadonlyMap<string, TfTensor>;
  #state: Map<string, TfTensor>;

  constructor(
    readonly tf: Tf,
    readonly graph: Graph,
    { constants = {}, state = {} }: CompileOptions,
  ) {
    const outputs = new Set(Object.values(graph.outputs));
    this.#order = topologicalOrder([...outputs]);
    const last = new Map<Node, Node>();
    for (const node of this.#order) for (const input of node.inputs) last.set(input, node);
    const lastUse = new Map<Node, Node[]>();
    for (const [node, user] of last)
      if (!outputs.has(node) && node.op !== "input") lastUse.set(user, [...(lastUse.get(user) ?? []), node]);
    this.#lastUse = lastUse;
    const inputs = new Map(
      this.#order.flatMap((node) => (node.op === "input" ? [[node.attributes.name, node]] : [])),
    );
    const hold = (values: Tensors): Map<string, TfTensor> =>
      new Map(
        Object.entries(values).flatMap(([name, data]) => {
          const node = inputs.get(name) ?? graph.outputs[name];
          return node ? [[name, tf.tensor(data.slice(), [...node.dims], "float32")]] : [];
        }),
      );
    this.#constants = hold(constants);
    this.#state = hold(state);
  }

  async run(feeds: Tensors): Promise<Tensors> {
    const { tf, graph } = this;
    const values = new Map<Node, TfTensor>();
    const own: TfTensor[] = [];
    try {
      for (const node of this.#order) {
        if (node.op === "input") {
          const { name } = node.attributes;
          const held = this.#constants.get(name) ?? this.#state.get(name);
          const value = held ?? this.#feed(feeds[name], node, name);
          if (!held) own.push(value);
          values.set(node, value);
        } else {
          const inputs = node.inputs.map((input) => values.get(input)!);
          values.set(
            node,
            tf.tidy(() => evaluateNode(tf, node, inputs)),
          );
        }
        for (const done of this.#lastUse.get(node) ?? []) {
          values.get(done)!.dispose();
          values.delete(done);
        }
      }
      const results: Record<string, Float32Array> = {};
      const next = new Map<string, TfTensor>();
      for (const [name, node] of Object.entries(graph.outputs)) {
        const value = values.get(node)!;
        if (this.#state.has(name)) next.set(name, value.clone());
        else results[name] = (await value.data()) as Float32Array;
      }
      for (const old of this.#state.values()) old.dispose();
      this.#state = next;
      return results;
    } catch (cause) {
      throw engineFailed("A step", cause);
    } finally {
      for (const node of this.#order) if (node.op !== "input") values.get(node)?.dispose();
      for (const value of own) value.dispose();
    }
  }

  async state(): Promise<Tensors> {
    const entries = [...this.#state].map(
      async ([name, value]) => [name, (await value.data()) as Float32Array] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }

  async dispose(): Promise<void> {
    for (const value of [...this.#constants.values(), ...this.#state.values()]) value.dispose();
  }

  #feed(data: Float32Array | undefined, node: Node, name: string): TfTensor {
    if (data?.length !== sizeOf(node))
      throw new Error(
        `input ${name} has ${data?.length ?? "no"} values, but its dims are [${node.dims.join(", ")}]`,
      );
    // Copied, because the cpu backend would keep the caller's buffer, which will be refilled.
    return this.tf.tensor(data.slice(), [...node.dims], "float32");
  }
}
