// A list of runs on the wire: its entries, the runs shown below it, and the requests of its buttons.

import type { RunListing } from "../analysis/run-listing.js";

/** Most runs shown below the list at once: one by itself, or two side by side. */
export const MOST_SHOWN = 2;

/** The attributes of a list's widget model beside `runs`: the runs that are shown. */
export interface ListingWire {
  readonly folder: string;
  readonly listings: readonly RunListing[];
  /** Folders of the runs that are shown. */
  readonly shown: readonly string[];
  /** The outcome of the last request; null if there is none to report. */
  readonly message: string | null;
  readonly isError: boolean;
}

export type ListingWish =
  | { readonly command: "refresh" }
  | { readonly command: "show"; readonly dirs: readonly string[] };

/** The request in a custom message; undefined for anything else, including folders that are not in the list. */
export function listingWishOf(content: unknown, listings: readonly RunListing[]): ListingWish | undefined {
  const { command, dirs } = (content ?? {}) as { command?: unknown; dirs?: unknown };
  if (command === "refresh") return { command };
  if (command !== "show" || !Array.isArray(dirs) || dirs.length > MOST_SHOWN) return undefined;
  const known = new Set(listings.filter(({ kind }) => kind === "run").map(({ dir }) => dir));
  return dirs.every((dir) => known.has(dir)) ? { command, dirs: dirs as string[] } : undefined;
}
