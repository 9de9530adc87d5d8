// A mutation as text: in words for people, or with the code's names for tables and files.

import type { Mutation } from "../core/hyperparams.js";
import { isComponentName } from "../core/layer-codec.js";
import { componentLabel } from "./components.js";

/** A mutation in words: `learningRate 0.01 → 0.02`, `clone encoderblock_1`. */
export const mutationText = (mutation: Mutation): string =>
  mutation.kind === "step"
    ? `${mutation.name} ${mutation.from} → ${mutation.to}`
    : `${mutation.kind} ${mutation.component}`;

/** `learningRate 0.01 → 0.02`, `clone block 2`. */
export const mutationWords = (mutation: Mutation): string =>
  mutation.kind !== "step" && isComponentName(mutation.component)
    ? `${mutation.kind} ${componentLabel(mutation.component)}`
    : mutationText(mutation);
