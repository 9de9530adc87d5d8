// A list of runs on the wire: what there is, which of them are shown below it, and the wishes of its buttons.

import type { RunListing } from "../analysis/run-listing.js";

/** Runs that are shown below the list at once: one by itself, or two beside each other. */
export const MOST_SHOWN = 2;

/** The attributes of a list's widget model beside `runs`: the runs that are shown. */
export interface ListingWire {
  readonly folder: string;
  readonly listings: readonly RunListing[];
  /** Folders of the runs that are shown. */
  readonly shown: readonly string[];
  /** What came of the last wish; null where there is nothing to say. */
  readonly message: string | null;
  readonly isError: boolean;
}

export type ListingWish =
  | { readonly command: "refresh" }
  | { readonly command: "show"; readonly dirs: readonly string[] };

/** The wish that a custom message holds; undefined for anything else, folders that are not of the list among it. */
export function listingWishOf(content: unknown, listings: readonly RunListing[]): ListingWish | undefined {
  const { command, dirs } = (content ?? {}) as { command?: unknown; dirs?: unknown };
  if (command === "refresh") return { command };
  if (command !== "show" || !Array.isArray(dirs) || dirs.length > MOST_SHOWN) return undefined;
  const known = new Set(listings.filter(({ kind }) => kind === "run").map(({ dir }) => dir));
  return dirs.every((dir) => known.has(dir)) ? { command, dirs: dirs as string[] } : undefined;
}
