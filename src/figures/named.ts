// What rows call a variant: its label for people, its name for `--variants`.

import { variantLabel } from "../analysis/sweep/groups.js";
import { type Variant, variantName } from "../core/variant.js";

/** A row with its variant's label and name in place of the variant. */
export const named = <Row extends { readonly variant: Variant }>({ variant, ...row }: Row) => ({
  method: variantLabel(variant),
  variant: variantName(variant),
  ...row,
});
