// Predictions as a table: one row per image, the likeliest class first.

import { formatPercent } from "../format/numbers.js";
import { type Column, type TableView, view } from "../format/table.js";
import type { Prediction } from "./predict.js";

const ORDINALS = ["1st", "2nd", "3rd"];

/** The classes of `predictions` as labels; their texts have the probability too. */
export function predictionView(predictions: readonly Prediction[]): TableView {
  const places = Math.max(0, ...predictions.map(({ top }) => top.length));
  return view(predictions, [
    { head: "image", value: ({ image }) => image },
    ...Array.from(
      { length: places },
      (_, i): Column<Prediction> => ({
        head: ORDINALS[i] ?? `${i + 1}th`,
        value: ({ top }) => top[i]?.label,
        text: ({ top }) => (top[i] ? `${top[i].label}  ${formatPercent(top[i].probability)}` : ""),
      }),
    ),
  ]);
}
