// What of a run's tree is shown and where, computed only when the state, the detail or the choice changes.

import { type Lineage, lineageOf } from "../../src/analysis/children.js";
import {
  type Detail,
  type LineageLayoutOptions,
  layoutBefore,
  layoutLineage,
} from "../../src/figures/scenes/lineage-layout.js";
import type { State } from "../../src/wire/browser.js";
import type { RunClient } from "../client.js";
import { type Geometry, geometryOf } from "./geometry.js";
import { fits } from "./sheet.js";

/** From the most to the least detail. */
const FOLDED: readonly Detail[] = ["all", "kept", "survivors"];

export interface LaidOut {
  /** "auto": as much as fits. */
  detail: Detail | "auto";
  /** The tree of the state that was laid out last. */
  readonly lineage: Lineage;
  /** The shown part, on the page and in files. */
  options(): LineageLayoutOptions;
  /** Where everything is, at the moment that the run shows. */
  layout(): Geometry;
}

/** `widthOf` is the width of the page's stage, in pixels. */
export function laidOut(run: RunClient, widthOf: () => number): LaidOut {
  let lineage = lineageOf(run.state);
  /** The tree of the run as it is now, if another moment is shown. */
  let whole = lineage;
  let geometry: Geometry | undefined;
  let last: { state: State | undefined; key: string } = { state: undefined, key: "" };
  /** The part of a state's tree that fits into `width`, computed without a choice, so that choosing never folds or unfolds it. */
  let fitting: { state: State | undefined; width: number; detail: Detail } = {
    state: undefined,
    width: 0,
    detail: "all",
  };

  /** The most detail that is visible at once on a page of this width. */
  function fittingDetail(): Detail {
    const state = run.back?.whole ?? run.state;
    const width = widthOf();
    if (fitting.state === state && fitting.width === width) return fitting.detail;
    const found = FOLDED.find((each) =>
      fits(geometryOf(whole, layoutLineage(whole, { detail: each })), width),
    );
    fitting = { state, width, detail: found ?? "survivors" };
    return fitting.detail;
  }

  return {
    detail: "auto",
    get lineage() {
      return lineage;
    },
    options() {
      const { state, selected, back } = run;
      const chosen = selected !== null && selected < state.models.length ? [selected] : [];
      return {
        detail: this.detail === "auto" ? fittingDetail() : this.detail,
        focus: [...(back?.extent.retained ?? []), ...chosen],
      };
    },
    layout() {
      const { state, selected } = run;
      if (last.state !== state) {
        lineage = lineageOf(state);
        whole = run.back ? lineageOf(run.back.whole) : lineage;
      }
      const options = this.options();
      const key = `${options.detail}/${selected ?? ""}`;
      if (geometry && last.state === state && last.key === key) return geometry;
      last = { state, key };
      const full = layoutLineage(whole, options);
      geometry = geometryOf(lineage, run.back ? layoutBefore(full, lineage) : full, full);
      return geometry;
    },
  };
}
