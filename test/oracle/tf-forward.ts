// The ViT a second time, with tfjs layers and examples first, for tf.grads to differentiate. Shares no code with src/graph.

import * as tf from "@tensorflow/tfjs-core";
import type { Shape } from "../../src/core/components.js";

export type TfParameters = Readonly<Record<string, tf.Tensor>>;

const gelu = (x: tf.Tensor): tf.Tensor => {
  const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3))));
  return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
};

export function tfLogits(shape: Shape, p: TfParameters, images: tf.Tensor4D): tf.Tensor2D {
  const { patch, width: D, heads: H } = shape.backbone;
  const B = images.shape[0];
  const norm = (x: tf.Tensor, at: string): tf.Tensor => {
    const { mean, variance } = tf.moments(x, -1, true);
    const z = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-6)));
    return tf.add(tf.mul(z, p[`${at}scale`]!), p[`${at}bias`]!);
  };
  const dense = (x: tf.Tensor, at: string, kernel = p[`${at}kernel`]!, bias = p[`${at}bias`]!): tf.Tensor => {
    const [rows, columns] = [x.shape.at(-1)!, kernel.size / x.shape.at(-1)!];
    const flat = tf.matMul(tf.reshape(x, [-1, rows]), tf.reshape(kernel, [rows, columns]));
    return tf.reshape(tf.add(flat, tf.reshape(bias, [columns])), [...x.shape.slice(0, -1), columns]);
  };
  const grid = tf.conv2d(images, p["embedding/kernel"] as tf.Tensor4D, patch, "valid");
  const n = (shape.imageSize / patch) ** 2 + 1;
  const tokens = tf.reshape(tf.add(grid, p["embedding/bias"]!), [B, n - 1, D]);
  let x: tf.Tensor = tf.concat([tf.tile(p["cls/cls"]!, [B, 1, 1]), tokens], 1);
  x = tf.add(x, p["posembed_input/pos_embedding"]!);
  for (let i = 0; i < shape.blocks; i++) {
    if (shape.adapters.includes(i)) {
      const at = `residual_adapter_${i}/`;
      x = tf.add(x, dense(gelu(dense(norm(x, `${at}LayerNorm_0/`), `${at}Dense_0/`)), `${at}Dense_1/`));
    }
    const at = `encoderblock_${i}/`;
    const y = norm(x, `${at}LayerNorm_0/`);
    const split = (name: string): tf.Tensor =>
      tf.transpose(
        tf.reshape(dense(y, `${at}MultiHeadDotProductAttention_0/${name}/`), [B, n, H, D / H]),
        [0, 2, 1, 3],
      );
    const scores = tf.div(tf.matMul(split("query"), split("key"), false, true), Math.sqrt(D / H));
    const mixed = tf.matMul(tf.softmax(scores), split("value"));
    const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [B, n, D]);
    x = tf.add(x, dense(joined, `${at}MultiHeadDotProductAttention_0/out/`));
    const hidden = gelu(dense(norm(x, `${at}LayerNorm_1/`), `${at}MlpBlock_0/Dense_0/`));
    x = tf.add(x, dense(hidden, `${at}MlpBlock_0/Dense_1/`));
  }
  const first = tf.reshape(tf.slice(norm(x, "encoder_norm/"), [0, 0, 0], [B, 1, D]), [B, D]);
  return dense(first, "head/") as tf.Tensor2D;
}

/** Mean cross-entropy. */
export const tfLoss = (
  shape: Shape,
  p: TfParameters,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
): tf.Scalar => {
  const target = tf.oneHot(tf.cast(labels, "int32"), shape.classes);
  const each = tf.sum(tf.mul(tf.logSoftmax(tfLogits(shape, p, images)), target), -1);
  return tf.neg(tf.mean(each)) as tf.Scalar;
};
