// What a sweep varies: muNet under a scale factor with its parts on or off, or one of the baselines it is compared with
// (muNet §3.1; method.md §f). Plain data with a name that is a folder's name, too.

/** muNet itself; `adapters` and `tuning` false are the ablations of muNet Fig. 3 and 4. */
export interface MunetVariant {
  readonly method: "munet";
  /** s of eq. 2, in (0, 1]. */
  readonly scaleFactor: number;
  readonly adapters: boolean;
  readonly tuning: boolean;
}

/** A fixed way to fine-tune the root for each task, without evolution. */
export type Baseline =
  | { readonly method: "full" }
  /** Everything from block `frozen` on is trained; where `frozen` is the root's depth it is multi-head. */
  | { readonly method: "top"; readonly frozen: number }
  | { readonly method: "multi-head" }
  /** A residual adapter of inner size `dim` before every block. */
  | { readonly method: "adapters"; readonly dim: number };

/** A run that is none of these: µ2Net ("mu2net"), or with switches of its own. Its name has letters, digits, dots and hyphens. */
export interface CustomVariant {
  readonly method: "custom";
  readonly name: string;
}

export type Variant = MunetVariant | Baseline | CustomVariant;

/** The variant's name: munet-s0.3, munet-s1-no-adapters, full, top-1, multi-head, adapters-64. */
export function variantName(variant: Variant): string {
  switch (variant.method) {
    case "munet": {
      const off = [!variant.adapters && "no-adapters", !variant.tuning && "no-tuning"].filter(Boolean);
      return [`munet-s${variant.scaleFactor}`, ...off].join("-");
    }
    case "top":
      return `top-${variant.frozen}`;
    case "adapters":
      return `adapters-${variant.dim}`;
    case "custom":
      return variant.name;
    default:
      return variant.method;
  }
}

/** Whether all children of a task begin alike, and so end alike; adapters begin at random. */
export const hasReplicas = ({ method }: Variant): boolean =>
  method === "full" || method === "top" || method === "multi-head";
