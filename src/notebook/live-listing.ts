// A list of runs in a notebook, as one widget model: the runs of a folder, re-read on request, and below it the chosen run,
// or two side by side. Outside the kernel it is a table of text.

import { listingView, type RunListing } from "../analysis/run-listing.js";
import { notebookTable } from "../format/table-html.js";
import { plainTable } from "../format/table-text.js";
import { readRun } from "../run/record.js";
import { listRuns } from "../sweep/list-runs.js";
import { type ListingWire, type ListingWish, listingWishOf } from "../wire/runs.js";
import type { MimeBundle, WidgetModel } from "./layer.js";
import { type LiveRun, type Watchable, widgetNames } from "./live-run.js";
import { storedRun } from "./stored-run.js";

interface Parts {
  readonly folder: string;
  readonly listings: readonly RunListing[];
  /** Opens the widget with its first state. */
  readonly make: (state: Record<string, unknown>) => WidgetModel;
  /** The live view of a run. */
  readonly live: (run: Watchable) => LiveRun;
}

export class LiveListing {
  readonly widget: WidgetModel;
  readonly #parts: Parts;
  #listings: readonly RunListing[];
  #shown: readonly LiveRun[] = [];
  /** Counts requests, so that an answer that arrives after the next request is dropped. */
  #wishes = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#listings = parts.listings;
    this.widget = parts.make({ ...widgetNames("ListingModel", "ListingView"), ...this.#state(null, false) });
    this.widget.onCustom((content) => {
      const wish = listingWishOf(content, this.#listings);
      if (wish) void this.obey(wish);
    });
  }

  get listings(): readonly RunListing[] {
    return this.#listings;
  }

  /** Does what the buttons request; never throws, because the panel shows errors. */
  async obey(wish: ListingWish): Promise<void> {
    const own = ++this.#wishes;
    const tell = (message: string | null, isError: boolean) => {
      if (own === this.#wishes) this.widget.set(this.#state(message, isError));
    };
    const { folder, live } = this.#parts;
    try {
      if (wish.command === "refresh") {
        const listings = await listRuns(folder);
        if (own === this.#wishes) this.#listings = listings;
      } else {
        if (wish.dirs.length > 0) tell(`Reading ${wish.dirs.join(" and ")} …`, false);
        const records = await Promise.all(wish.dirs.map(readRun));
        if (own === this.#wishes) this.#shown = records.map((record) => live(storedRun(record)));
      }
      tell(null, false);
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error), true);
    }
  }

  #state(message: string | null, isError: boolean): Record<string, unknown> {
    const wire: ListingWire = {
      folder: this.#parts.folder,
      listings: this.#listings,
      shown: this.#shown.map(({ run }) => run.dir),
      message,
      isError,
    };
    return { ...wire, runs: this.#shown.map(({ widget }) => `IPY_MODEL_${widget.id}`) };
  }
}

/** The list as text and as HTML without scripts or styles, for every front end. */
export function listingBundle(folder: string, listings: readonly RunListing[]): MimeBundle {
  if (listings.length === 0) return { "text/plain": `No runs in ${folder}.` };
  const view = listingView(listings);
  const lines = view.note.split("\n");
  return {
    "text/plain": plainTable(view),
    "text/html": notebookTable({ ...view, note: "" }, lines).text,
  };
}
