// Components in words, for tables, charts and pictures.

import { type ComponentName, componentKind } from "../core/components.js";

/** A component in words: "block 2" for `encoderblock_1`. */
export function componentLabel(name: ComponentName): string {
  const number = Number(/\d+$/.exec(name)?.[0] ?? 0) + 1;
  const kind = componentKind(name);
  switch (kind) {
    case "embedding":
      return "patch embedding";
    case "cls":
      return "class token";
    case "posembed_input":
      return "position embedding";
    case "encoderblock":
      return `block ${number}`;
    case "residual_adapter":
      return `adapter ${number}`;
    case "encoder_norm":
      return "final norm";
    case "head":
      return "head";
  }
  return kind satisfies never;
}

/** Order of components along a path, image to head; an adapter is before its block. For sorting. */
export const byPlace = (a: ComponentName, b: ComponentName): number => place(a) - place(b);

function place(name: ComponentName): number {
  const first = ["embedding", "cls", "posembed_input"].indexOf(name);
  if (first >= 0) return first;
  if (name === "head") return Number.MAX_SAFE_INTEGER;
  if (name === "encoder_norm") return Number.MAX_SAFE_INTEGER - 1;
  const number = Number(/\d+$/.exec(name)?.[0] ?? 0);
  return 10 + 2 * number + (name.startsWith("encoderblock") ? 1 : 0);
}
