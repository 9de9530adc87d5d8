// The runs of a folder: a table to sort and filter, which opens one run below it, or two side by side.

import { LISTING_COLUMNS, type ListingColumn, type RunListing } from "../../src/analysis/run-listing.js";
import { plural } from "../../src/format/numbers.js";
import type { Panel, RunClient } from "../client.js";
import { listingCsv } from "../csv.js";
import { button, h, keepingFocus, setText } from "../dom.js";
import type { ListingClient } from "../listing-client.js";
import { comparePanel } from "./compare.js";
import { dashboardPanel } from "./dashboard.js";
import { exportMenu } from "./export-menu.js";

export function listingPanel(client: ListingClient): Panel {
  const title = h("h3", { class: "mulab-title" });
  const filter = h("input", {
    class: "mulab-input",
    attributes: {
      type: "search",
      placeholder: "Filter by any column",
      "aria-label": "Filter the runs",
      "data-lm-suppress-shortcuts": true,
    },
    on: { input: () => update() },
  });
  const count = h("span", { class: "mulab-count mulab-muted", attributes: { role: "status" } });
  const open = button("Open", () => show([...chosen]), { class: "mulab-button mulab-strong" });
  const shut = button("Close", () => show([]), { class: "mulab-button" });
  const refresh = button("Refresh", () => client.wish({ command: "refresh" }), {
    class: "mulab-button",
    title: "Read the folder again",
  });
  const said = h("p", { class: "mulab-note", attributes: { role: "status" } });
  const place = h("div", { class: "mulab-scroll" });
  const below = h("div", { class: "mulab-opened" });
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
    below,
  );
  const exports = {
    name: "runs",
    csv: () => listingCsv(seen()),
  };
  element.querySelector("header")!.append(exportMenu(exports, element));
  /** Folders of the ticked runs, in the order in which they were ticked. */
  const chosen = new Set<string>();
  let sorting: { head: string; isRising: boolean } | undefined;
  let opened: Panel | undefined;
  let openedRuns: readonly RunClient[] = [];
  let drawn = "";

  function show(dirs: readonly string[]): void {
    client.wish({ command: "show", dirs });
  }

  /** The listings that pass the filter, in the chosen order. */
  function seen(): readonly RunListing[] {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const passing = (client.listings ?? []).filter((listing) => {
      const text = LISTING_COLUMNS.map((column) => column.text(listing))
        .join(" ")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const by = LISTING_COLUMNS.find(({ head }) => head === sorting?.head);
    return by ? [...passing].sort((a, b) => compare(by.value(a), by.value(b), sorting!.isRising)) : passing;
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
    setText(open, chosen.size === 2 ? "Compare" : "Open");
    open.disabled = !client.isConnected || chosen.size === 0;
    open.title =
      chosen.size === 0
        ? "Choose one run to open, or two to compare"
        : `${chosen.size === 2 ? "Compare" : "Open"} ${[...chosen].join(" and ")}`;
    refresh.disabled = !client.isConnected;
    shut.hidden = shown.length === 0;
    shut.disabled = !client.isConnected;
    const text = client.isConnected
      ? (message ?? "")
      : "The kernel does not answer: this is the last known state.";
    setText(said, text);
    said.hidden = text === "";
    said.dataset.status = isError ? "failed" : "";
    const key = JSON.stringify([passing, sorting, [...chosen], shown]);
    if (key !== drawn) {
      drawn = key;
      keepingFocus(place, () => place.replaceChildren(table(passing, shown)));
    }
    showRuns(runs);
  }

  /** One run as its dashboard, or two side by side. */
  function showRuns(runs: readonly RunClient[]): void {
    if (runs.length !== openedRuns.length || runs.some((run, i) => run !== openedRuns[i])) {
      opened?.dispose?.();
      openedRuns = runs;
      const [run] = runs;
      opened = run && (runs.length > 1 ? comparePanel(runs) : dashboardPanel(run));
      below.replaceChildren(...(opened ? [opened.element] : []));
    }
    opened?.update();
  }

  function table(listings: readonly RunListing[], shown: readonly string[]): HTMLElement {
    const head = LISTING_COLUMNS.map((column) => heading(column));
    const body = listings.map((listing) => {
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
            ? button(text, () => show([dir]), {
                class: "mulab-link",
                attributes: { "data-key": `open ${dir}`, disabled: !client.isConnected },
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
    });
    return h(
      "table",
      { class: "mulab-table mulab-wide" },
      h("thead", {}, h("tr", {}, h("th", {}, h("span", { class: "mulab-sr", text: "Choose" })), ...head)),
      h("tbody", {}, ...body),
    );
  }

  function heading({ head, isText }: ListingColumn): HTMLElement {
    const isBy = sorting?.head === head;
    const arrow = isBy ? (sorting!.isRising ? " ↑" : " ↓") : "";
    return h(
      "th",
      {
        class: isText ? "" : "mulab-number",
        attributes: {
          scope: "col",
          "aria-sort": isBy ? (sorting!.isRising ? "ascending" : "descending") : "none",
        },
      },
      button(
        `${head}${arrow}`,
        () => {
          sorting = isBy ? { head, isRising: !sorting!.isRising } : { head, isRising: isText ?? false };
          update();
        },
        { class: "mulab-sort", attributes: { "data-key": `sort ${head}` } },
      ),
    );
  }

  /** A third tick replaces the second. */
  function choose(dir: string): void {
    if (!chosen.delete(dir)) {
      if (chosen.size === 2) chosen.delete([...chosen][1]!);
      chosen.add(dir);
    }
    update();
  }

  return { element, update, dispose: () => opened?.dispose?.() };
}

/** Null comes last in either direction. */
function compare(a: string | number | null, b: string | number | null, isRising: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  return isRising ? order : -order;
}
