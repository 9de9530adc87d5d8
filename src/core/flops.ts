// Floating-point operations of a ViT path, counted by hand as papers do: a multiplication and an addition are two, and
// only matrix products count (norms, softmax and activations are a few per cent). Backward, a layer above the lowest
// trainable one passes a gradient down, and a trainable one also makes a gradient of its weights; frozen layers at the
// bottom cost their forward pass only. This is the cost of training a child alone; siblings share more.

import { type ComponentName, componentKind, type Shape, tokenCount } from "./components.js";
import type { Plan } from "./model.js";

/** Matrix products of one component for one image, forward: those with weights, and those between activations (attention). */
function products(name: ComponentName, shape: Shape): { weights: number; attention: number } {
  const { width: D, mlp: M, patch } = shape.backbone;
  const n = tokenCount(shape);
  switch (componentKind(name)) {
    case "embedding":
      return { weights: 2 * (n - 1) * patch * patch * 3 * D, attention: 0 };
    case "encoderblock":
      return { weights: 2 * n * (4 * D * D + 2 * D * M), attention: 2 * 2 * n * n * D };
    case "residual_adapter":
      return { weights: 2 * n * 2 * D * shape.adapterDim, attention: 0 };
    case "head":
      return { weights: 2 * D * shape.classes, attention: 0 };
    default:
      return { weights: 0, attention: 0 };
  }
}

/** FLOPs of one image forward through the components `names`. */
export const forwardFlops = (names: readonly ComponentName[], shape: Shape): number =>
  names.reduce((sum, name) => {
    const { weights, attention } = products(name, shape);
    return sum + weights + attention;
  }, 0);

/** FLOPs of training `plan` on one image: forward, and backward down to its lowest trainable layer. */
export function trainingFlops({ positions, shape }: Pick<Plan, "positions" | "shape">): number {
  const lowest = positions.findIndex(({ source }) => source.how !== "share");
  const names = positions.map(({ name }) => name);
  if (lowest < 0) return forwardFlops(names, shape);
  const backward = positions.slice(lowest).reduce((sum, { name, source }, above) => {
    const { weights, attention } = products(name, shape);
    const isTrained = source.how !== "share";
    // Attention has two operands, so its gradient costs twice its forward pass; the lowest layer passes no gradient down,
    // but a block must still pass one through itself to reach its own weights.
    const passes = above > 0 || attention > 0 ? weights : 0;
    return sum + passes + 2 * attention + (isTrained ? weights : 0);
  }, 0);
  return forwardFlops(names, shape) + backward;
}
