// A list of runs as its panel sees it, over a widget model: its entries, the runs shown below it, and requests.

import type { DOMWidgetModel } from "@jupyter-widgets/base";
import type { ListingWire, ListingWish } from "../src/wire/runs.js";
import type { RunClient } from "./client.js";
import { clientOf } from "./model-client.js";

export interface ListingClient extends Partial<ListingWire> {
  /** The runs that are shown. */
  readonly runs: readonly RunClient[];
  /** Whether a kernel listens. */
  readonly isConnected: boolean;
  wish(wish: ListingWish): void;
}

export function listingClientOf(model: DOMWidgetModel): ListingClient {
  const get = <K extends keyof ListingWire>(key: K) => model.get(key as string) as ListingWire[K];
  return {
    get runs() {
      return ((model.get("runs") ?? []) as DOMWidgetModel[]).map(clientOf);
    },
    get folder() {
      return get("folder");
    },
    get listings() {
      return get("listings");
    },
    get shown() {
      return get("shown");
    },
    get message() {
      return get("message") ?? null;
    },
    get isError() {
      return get("isError") ?? false;
    },
    get isConnected() {
      return model.comm_live;
    },
    wish: (wish) => model.send(wish as never),
  };
}
