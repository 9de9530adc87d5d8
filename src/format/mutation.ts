// A mutation as people read it. Tables and files say it with the names of the code (analysis/lineage).

import { mutationText } from "../analysis/lineage.js";
import type { Mutation } from "../core/hyperparams.js";
import { isComponentName } from "../core/layer-codec.js";
import { componentLabel } from "./components.js";

/** `learningRate 0.01 → 0.02`, `clone block 2`. */
export const mutationWords = (mutation: Mutation): string =>
  mutation.kind !== "step" && isComponentName(mutation.component)
    ? `${mutation.kind} ${componentLabel(mutation.component)}`
    : mutationText(mutation);
