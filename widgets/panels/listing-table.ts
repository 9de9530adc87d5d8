// The table of a folder's runs: a tick to choose a run, and a button that opens it.

import { LISTING_COLUMNS, type RunListing } from "../../src/analysis/run-listing.js";
import { button, h } from "../dom.js";
import type { Sorting } from "./sorting.js";

/** The columns, for sorting. */
export const SORTED_COLUMNS = LISTING_COLUMNS.map(({ head, value, isText }) => ({
  title: head,
  value,
  isText,
}));

export interface ListingChoice {
  /** The folders whose runs are ticked, and those whose runs are open. */
  readonly chosen: ReadonlySet<string>;
  readonly shown: readonly string[];
  /** Whether a kernel could open one. */
  readonly isConnected: boolean;
  choose(dir: string): void;
  open(dir: string): void;
}

export const listingTable = (
  listings: readonly RunListing[],
  sorted: Sorting,
  choice: ListingChoice,
): HTMLElement =>
  h(
    "table",
    { class: "mulab-table mulab-wide" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", {}, h("span", { class: "mulab-sr", text: "Choose" })),
        ...SORTED_COLUMNS.map((column) => sorted.heading(column)),
      ),
    ),
    h("tbody", {}, ...listings.map((listing) => row(listing, choice))),
  );

function row(listing: RunListing, { chosen, shown, isConnected, choose, open }: ListingChoice): HTMLElement {
  const { dir, kind, status, problem } = listing;
  const canOpen = kind === "run" && status !== "unreadable";
  const tick = h("input", {
    attributes: {
      type: "checkbox",
      checked: chosen.has(dir),
      disabled: !canOpen,
      "aria-label": `Choose ${dir}`,
      "data-key": `tick ${dir}`,
      "data-lm-suppress-shortcuts": true,
    },
    on: { change: () => choose(dir) },
  });
  const cells = LISTING_COLUMNS.map((column, i) => {
    const text = column.text(listing);
    const content =
      i === 0 && canOpen
        ? button(text, () => open(dir), {
            class: "mulab-link",
            attributes: { "data-key": `open ${dir}`, disabled: !isConnected },
          })
        : text;
    return h(
      i === 0 ? "th" : "td",
      {
        class: column.isText ? "" : "mulab-number",
        ...(column.head === "status" && problem !== null && { title: problem }),
        ...(i === 0 && { attributes: { scope: "row" } }),
      },
      content,
    );
  });
  return h("tr", shown.includes(dir) ? { class: "mulab-chosen" } : {}, h("td", {}, tick), ...cells);
}
