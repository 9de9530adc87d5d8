// The operations of the graph as calls of tfjs. Only float kernels that every backend has, and no gradients of its own.

import type * as TfCore from "@tensorflow/tfjs-core";
import type { Node, NodeOf } from "../graph/node.js";

export type Tf = typeof TfCore;
export type TfTensor = TfCore.Tensor;

/** The value of `node`; intermediate tensors are the caller's to tidy. */
export function evaluateNode(
  tf: Tf,
  node: Exclude<Node, NodeOf<"input">>,
  inputs: readonly TfTensor[],
): TfTensor {
  const [a, b, c] = inputs as [TfTensor, TfTensor, TfTensor | undefined];
  switch (node.op) {
    case "constant":
      return tf.tensor([...node.attributes.values], [...node.dims], "float32");
    case "add":
      return tf.add(a, b);
    case "sub":
      return tf.sub(a, b);
    case "mul":
      return tf.mul(a, b);
    case "div":
      return tf.div(a, b);
    case "max":
      return tf.maximum(a, b);
    case "equal":
      return tf.cast(tf.equal(a, b), "float32");
    case "sqrt":
      return tf.sqrt(a);
    case "roundBfloat16": {
      // Veltkamp's splitting: every product and difference rounds to 24 bits, which leaves the nearest 8-bit value.
      const scaled = tf.mul(a, 65537);
      return tf.sub(scaled, tf.sub(scaled, a));
    }
    case "gelu":
      return tf.mul(a, tf.sigmoid(geluArgument(tf, a)));
    case "geluGrad": {
      const s = tf.sigmoid(geluArgument(tf, b));
      const slope = tf.mul(b, tf.add(tf.mul(tf.square(b), 3 * CUBIC), LINEAR));
      return tf.mul(a, tf.mul(s, tf.add(tf.mul(tf.sub(1, s), slope), 1)));
    }
    case "sum":
      return tf.sum(a, [...node.attributes.axes], true);
    case "sumSquares":
      return tf.sum(tf.square(a), -1, true);
    case "reshape":
      return tf.reshape(a, [...node.attributes.dims]);
    case "transpose":
      return tf.transpose(a, [...node.attributes.perm]);
    case "broadcast":
      return tf.broadcastTo(a, [...node.attributes.dims]);
    case "slice": {
      const { axis, start } = node.attributes;
      return tf.slice(
        a,
        node.dims.map((_, i) => (i === axis ? start : 0)),
        [...node.dims],
      );
    }
    case "pad": {
      const { axis, before, after } = node.attributes;
      return tf.pad(
        a,
        node.dims.map((_, i): [number, number] => (i === axis ? [before, after] : [0, 0])),
      );
    }
    case "concat":
      return tf.concat([...inputs], node.attributes.axis);
    case "gemm": {
      const product = tf.matMul(a, b, node.attributes.transA, node.attributes.transB);
      return c ? tf.add(product, c) : product;
    }
    case "batchMatmul": {
      const { transA, transB, rowsFirstA, rowsFirstB, alpha } = node.attributes;
      const standard = (x: TfTensor, rowsFirst: boolean) => (rowsFirst ? tf.transpose(x, [1, 0, 2]) : x);
      const product = tf.matMul(standard(a, rowsFirstA), standard(b, rowsFirstB), transA, transB);
      return alpha === 1 ? product : tf.mul(product, alpha);
    }
    case "normalize": {
      const { centred, inverse } = deviation(tf, a, node.attributes.epsilon);
      return tf.mul(centred, inverse);
    }
    case "inverseDeviation":
      return deviation(tf, a, node.attributes.epsilon).inverse;
    case "softmax":
      return tf.exp(logSoftmax(tf, a));
    case "logSoftmax":
      return logSoftmax(tf, a);
    case "argmax":
      return tf.expandDims(tf.cast(tf.argMax(a, -1), "float32"), -1);
    default:
      return node satisfies never;
  }
}

const LINEAR = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = LINEAR * 0.044715;

/** w in gelu(x) = x · σ(w). */
const geluArgument = (tf: Tf, x: TfTensor): TfTensor =>
  tf.mul(x, tf.add(tf.mul(tf.square(x), CUBIC), LINEAR));

function deviation(tf: Tf, x: TfTensor, epsilon: number): { centred: TfTensor; inverse: TfTensor } {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return { centred, inverse: tf.div(1, tf.sqrt(tf.add(variance, epsilon))) };
}

function logSoftmax(tf: Tf, x: TfTensor): TfTensor {
  const shifted = tf.sub(x, tf.max(x, -1, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
}
