// Writes ONNX models as bytes: the few messages and fields of onnx.proto that a static float graph needs. Not a general
// writer, and no reader.

import { PbfWriter } from "pbf";

export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Empty for the standard operators. */
  readonly domain?: string;
}

export interface OnnxValue {
  readonly name: string;
  /** A name stands for a length that is known only when the model runs. */
  readonly dims: readonly (number | string)[];
  /** Float by default. */
  readonly type?: "float" | "uint8";
}

export interface OnnxInitializer extends OnnxValue {
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
}

const PRODUCER = "mulab";
export const MICROSOFT = "com.microsoft";
const STANDARD_OPSET = { domain: "", version: 20 };
const OPSETS = [STANDARD_OPSET, { domain: MICROSOFT, version: 1 }];
const FLOAT = 1;
const UINT8 = 2;
const INT64 = 7;

/** What a model file says of itself to others; models that only this process runs need none of it. */
export interface ModelFacts {
  readonly producerVersion: string;
  readonly name: string;
  /** For people, in sentences. */
  readonly description: string;
  /** metadata_props: text by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The bytes of a ModelProto; with `facts`, of one that says what it is and names only standard operators. */
export function encodeModel(graph: OnnxGraph, facts?: ModelFacts): Uint8Array {
  const pbf = new PbfWriter(new Uint8Array(roomFor(graph)));
  pbf.writeVarintField(1, 9); // ir_version
  pbf.writeStringField(2, PRODUCER);
  if (facts) {
    pbf.writeStringField(3, facts.producerVersion);
    pbf.writeStringField(6, facts.description);
  }
  pbf.writeMessage(7, (of, p) => writeGraph(of, p, facts?.name ?? "step"), graph);
  for (const [key, value] of Object.entries(facts?.metadata ?? {}))
    pbf.writeMessage(
      14,
      (_, p) => {
        p.writeStringField(1, key);
        p.writeStringField(2, value);
      },
      null,
    );
  for (const opset of facts ? [STANDARD_OPSET] : OPSETS)
    pbf.writeMessage(
      8,
      (o, p) => {
        p.writeStringField(1, o.domain);
        p.writeVarintField(2, o.version);
      },
      opset,
    );
  return pbf.finish();
}

/** Bytes that the model will hardly exceed: a writer that grows leaves half a dozen copies of the weights behind. */
const roomFor = ({ nodes, initializers }: OnnxGraph): number =>
  initializers.reduce((sum, { data }) => sum + data.byteLength + 128, 0) + 256 * nodes.length + 65_536;

/** Whether a file that begins like this is a model that mulab wrote: its first fields are the format's version and the producer. */
export function isOwnModel(head: Uint8Array): boolean {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, 9);
  pbf.writeStringField(2, PRODUCER);
  const start = pbf.finish();
  return start.every((byte, i) => head[i] === byte);
}

function writeGraph(graph: OnnxGraph, pbf: PbfWriter, name: string): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, name);
  for (const initializer of graph.initializers) pbf.writeMessage(5, writeTensor, initializer);
  for (const input of graph.inputs) pbf.writeMessage(11, writeValue, input);
  for (const output of graph.outputs) pbf.writeMessage(12, writeValue, output);
}

function writeNode(node: OnnxNode, pbf: PbfWriter): void {
  for (const input of node.inputs) pbf.writeStringField(1, input);
  for (const output of node.outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(4, node.op);
  for (const attribute of Object.entries(node.attributes ?? {}))
    pbf.writeMessage(5, writeAttribute, attribute);
  if (node.domain) pbf.writeStringField(7, node.domain);
}

function writeAttribute([name, value]: [string, Attribute], pbf: PbfWriter): void {
  const type = (code: number) => pbf.writeVarintField(20, code);
  pbf.writeStringField(1, name);
  if (typeof value === "number") {
    pbf.writeVarintField(3, value);
    type(2);
  } else if (typeof value === "string") {
    pbf.writeStringField(4, value);
    type(3);
  } else if ("float" in value) {
    pbf.writeFloatField(2, value.float);
    type(1);
  } else {
    for (const item of value) pbf.writeVarintField(8, item);
    type(7);
  }
}

function writeTensor({ name, dims, data }: OnnxInitializer, pbf: PbfWriter): void {
  for (const dim of dims) pbf.writeVarintField(1, dim);
  pbf.writeVarintField(2, data instanceof Float32Array ? FLOAT : INT64);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValue({ name, dims, type = "float" }: OnnxValue, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeMessage(
    2,
    (shape, outer) =>
      outer.writeMessage(
        1,
        (s, tensor) => {
          tensor.writeVarintField(1, type === "float" ? FLOAT : UINT8);
          tensor.writeMessage(
            2,
            (d, list) => {
              for (const dim of d)
                list.writeMessage(
                  1,
                  (n, item) =>
                    typeof n === "number" ? item.writeVarintField(1, n) : item.writeStringField(2, n),
                  dim,
                );
            },
            s,
          );
        },
        shape,
      ),
    dims,
  );
}
