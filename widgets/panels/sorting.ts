// Sorts a table by any column: its headings are buttons, and a second click reverses the order. Missing values
// come last in either direction.

import { button, h } from "../dom.js";

type Key = string | number | null;

interface SortedColumn<Row> {
  readonly title: string;
  readonly value: (row: Row) => Key;
  /** Text rises at first, numbers fall. */
  readonly isText?: boolean | undefined;
}

export interface Sorting {
  /** Changes whenever the order does. */
  readonly state: unknown;
  /** `rows` in the chosen order; unchanged until an order is chosen, or if its column is gone. */
  order<Row>(rows: readonly Row[], columns: readonly SortedColumn<Row>[]): readonly Row[];
  heading(column: Omit<SortedColumn<never>, "value">): HTMLElement;
}

/** `changed` is called after each choice. */
export function sorting(changed: () => void): Sorting {
  let by: { readonly title: string; readonly isRising: boolean } | undefined;
  return {
    get state() {
      return by;
    },
    order(rows, columns) {
      const column = columns.find(({ title }) => title === by?.title);
      if (!by || !column) return rows;
      const { isRising } = by;
      return [...rows].sort((a, b) => compare(column.value(a), column.value(b), isRising));
    },
    heading({ title, isText = false }) {
      const isBy = by?.title === title;
      const isRising = isBy && by!.isRising;
      const choose = () => {
        by = { title, isRising: isBy ? !isRising : isText };
        changed();
      };
      return h(
        "th",
        {
          class: isText ? "" : "mulab-number",
          attributes: {
            scope: "col",
            "aria-sort": isBy ? (isRising ? "ascending" : "descending") : "none",
          },
        },
        button(`${title}${isBy ? (isRising ? " ↑" : " ↓") : ""}`, choose, {
          class: "mulab-sort",
          attributes: { "data-key": `sort ${title}` },
        }),
      );
    },
  };
}

function compare(a: Key, b: Key, isRising: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  return isRising ? order : -order;
}
