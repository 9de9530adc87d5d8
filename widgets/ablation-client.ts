// An ablation as its panel sees it, over a widget model: the run, its variants, the settings that can change, and requests
// for variants.

import type { DOMWidgetModel } from "@jupyter-widgets/base";
import type { AblationChanges, AblationSettings, AblationWire, Variant } from "../src/wire/ablation.js";
import type { RunClient } from "./client.js";
import { clientOf } from "./model-client.js";

export interface AblationClient {
  /** The run itself, then its variants. */
  readonly runs: readonly RunClient[];
  readonly variants: readonly Variant[];
  readonly settings: AblationSettings | undefined;
  readonly message: string | null;
  readonly isError: boolean;
  /** Whether a kernel is connected. */
  readonly isConnected: boolean;
  ablate(changes: AblationChanges): void;
}

export function ablationClientOf(model: DOMWidgetModel): AblationClient {
  const get = <K extends keyof AblationWire>(key: K) =>
    model.get(key as string) as AblationWire[K] | undefined;
  return {
    get runs() {
      return ((model.get("runs") ?? []) as DOMWidgetModel[]).map(clientOf);
    },
    get variants() {
      return get("variants") ?? [];
    },
    get settings() {
      return get("settings");
    },
    get message() {
      return get("message") ?? null;
    },
    get isError() {
      return get("isError") ?? false;
    },
    get isConnected() {
      return model.comm_live && this.runs[0]?.isConnected !== false;
    },
    ablate: (changes) => model.send({ command: "ablate", changes: { ...changes } as never }),
  };
}
