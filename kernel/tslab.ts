/**
 * tslab's own module for cells that import it, so that its notebooks run unchanged.
 *
 * Its display functions write through one variable of its kernel module; here that variable leads to the current cell. Loaded only
 * when a cell asks, because it brings the TypeScript compiler with it.
 */
import { createRequire } from "node:module";
import type { KernelLayer } from "./comm/layer.js";
import type { MimeBundle } from "./display.js";

interface TslabDisplay {
  readonly data: MimeBundle;
  readonly metadata: Record<string, unknown>;
  readonly transient: { readonly display_id?: string };
}

export function loadTslab(layer: KernelLayer): unknown {
  const require = createRequire(import.meta.url);
  const jupyter = require("#tslab/jupyter.js") as {
    lastWriteDisplayData: ((content: TslabDisplay, isUpdate: boolean) => void) | null;
  };
  jupyter.lastWriteDisplayData ??= ({ data, metadata, transient }, isUpdate) => {
    const { display_id: id } = transient;
    layer.displayBundle(data, { metadata, update: isUpdate === true, ...(id === undefined ? {} : { id }) });
  };
  return require("#tslab");
}
