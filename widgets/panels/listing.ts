// The runs of a folder: a table to sort and filter, which opens one run below it, or two side by side.

import { LISTING_COLUMNS, type RunListing } from "../../src/analysis/run-listing.js";
import { plural } from "../../src/format/numbers.js";
import type { Panel, RunClient } from "../client.js";
import { listingCsv } from "../csv.js";
import { button, h, keepingFocus, setText } from "../dom.js";
import type { ListingClient } from "../listing-client.js";
import { comparePanel } from "./compare/compare.js";
import { dashboardPanel } from "./dashboard.js";
import { exportMenu } from "./export-menu.js";
import { listingTable, SORTED_COLUMNS } from "./listing-table.js";
import { sorting } from "./sorting.js";

export function listingPanel(client: ListingClient): Panel {
  const title = h("h3", { class: "mulab-title" });
  const filter = filterField(() => update());
  const count = h("span", { class: "mulab-count mulab-muted", attributes: { role: "status" } });
  const open = button("Open", () => show([...chosen]), { class: "mulab-button mulab-strong" });
  const shut = button("Close", () => show([]), { class: "mulab-button" });
  const refresh = button("Refresh", () => client.wish({ command: "refresh" }), {
    class: "mulab-button",
    title: "Read the folder again",
  });
  const said = h("p", { class: "mulab-note", attributes: { role: "status" } });
  const place = h("div", { class: "mulab-scroll" });
  const below = openedRuns();
  const element = h(
    "div",
    { class: "mulab mulab-listing" },
    h("header", { class: "mulab-head" }, title, h("span", { class: "mulab-spring" })),
    h(
      "div",
      { class: "mulab-tools" },
      filter,
      count,
      h("span", { class: "mulab-spring" }),
      open,
      shut,
      refresh,
    ),
    place,
    said,
    below.element,
  );
  const exports = {
    name: "runs",
    csv: () => listingCsv(seen()),
  };
  element.querySelector("header")!.append(exportMenu(exports, element));
  /** Folders of the ticked runs, in the order in which they were ticked. */
  const chosen = new Set<string>();
  const sorted = sorting(() => update());
  let drawn = "";

  function show(dirs: readonly string[]): void {
    client.wish({ command: "show", dirs });
  }

  /** The listings that pass the filter, in the chosen order. */
  function seen(): readonly RunListing[] {
    return sorted.order(matching(client.listings ?? [], filter.value), SORTED_COLUMNS);
  }

  function update(): void {
    const { listings = [], folder = "", message, isError, shown = [], runs } = client;
    const passing = seen();
    for (const dir of chosen) if (!listings.some((listing) => listing.dir === dir)) chosen.delete(dir);
    setText(title, `Runs in ${folder}`);
    setText(
      count,
      passing.length === listings.length
        ? plural(listings.length, "run")
        : `${passing.length} of ${plural(listings.length, "run")}`,
    );
    showButtons(client, chosen, { open, shut, refresh });
    const text = client.isConnected
      ? (message ?? "")
      : "The kernel does not answer: this is the last known state.";
    setText(said, text);
    said.hidden = text === "";
    said.dataset.status = isError ? "failed" : "";
    const key = JSON.stringify([passing, sorted.state, [...chosen], shown, client.isConnected]);
    if (key !== drawn) {
      drawn = key;
      keepingFocus(place, () =>
        place.replaceChildren(
          listingTable(passing, sorted, {
            chosen,
            shown,
            isConnected: client.isConnected,
            choose,
            open: (dir) => show([dir]),
          }),
        ),
      );
    }
    below.show(runs);
  }

  /** A third tick replaces the second. */
  function choose(dir: string): void {
    if (!chosen.delete(dir)) {
      if (chosen.size === 2) chosen.delete([...chosen][1]!);
      chosen.add(dir);
    }
    update();
  }

  return { element, update, dispose: below.dispose };
}

/** What the buttons can do with the runs that are ticked. */
function showButtons(
  { isConnected, shown = [] }: ListingClient,
  chosen: ReadonlySet<string>,
  { open, shut, refresh }: Readonly<Record<"open" | "shut" | "refresh", HTMLButtonElement>>,
): void {
  const word = chosen.size === 2 ? "Compare" : "Open";
  setText(open, word);
  open.disabled = !isConnected || chosen.size === 0;
  open.title =
    chosen.size === 0 ? "Choose one run to open, or two to compare" : `${word} ${[...chosen].join(" and ")}`;
  refresh.disabled = !isConnected;
  shut.hidden = shown.length === 0;
  shut.disabled = !isConnected;
}

const filterField = (changed: () => void): HTMLInputElement =>
  h("input", {
    class: "mulab-input",
    attributes: {
      type: "search",
      placeholder: "Filter by any column",
      "aria-label": "Filter the runs",
      "data-lm-suppress-shortcuts": true,
    },
    on: { input: changed },
  });

/** The listings in whose columns each word of `filter` occurs. */
function matching(listings: readonly RunListing[], filter: string): readonly RunListing[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return listings.filter((listing) => {
    const text = LISTING_COLUMNS.map((column) => column.text(listing))
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** What is open below the table: one run as its dashboard, or two side by side. */
function openedRuns() {
  const element = h("div", { class: "mulab-opened" });
  let panel: Panel | undefined;
  let shown: readonly RunClient[] = [];
  return {
    element,
    show(runs: readonly RunClient[]): void {
      if (runs.length !== shown.length || runs.some((run, i) => run !== shown[i])) {
        panel?.dispose?.();
        shown = runs;
        const [run] = runs;
        panel = run && (runs.length > 1 ? comparePanel(runs) : dashboardPanel(run));
        element.replaceChildren(...(panel ? [panel.element] : []));
      }
      panel?.update();
    },
    dispose: () => panel?.dispose?.(),
  };
}
