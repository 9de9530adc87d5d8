// Quality against size, and the scale factor between them: the slider re-scores the archive at once, in the browser, and
// says which model every task would keep and what it would share.

import { sweep } from "../../../src/analysis/pareto.js";
import { paretoPicture } from "../../../src/figures/scenes/pictures.js";
import { toSvg } from "../../../src/figures/scenes/svg.js";
import { scoringOf } from "../../../src/wire/browser.js";
import { compared, type Panel, type RunClient } from "../../client.js";
import { paretoCsv } from "../../csv.js";
import { h } from "../../dom.js";
import { themeOf } from "../../theme.js";
import { oneRun } from "./one-run.js";
import { severalRuns } from "./several-runs.js";

/** `hasSlider` is false if the page has the slider elsewhere. */
export function paretoPanel(runs: readonly RunClient[], { hasSlider = true } = {}): Panel {
  const [run] = runs;
  const body = runs.length > 1 ? severalRuns(runs, { hasSlider }) : oneRun(run!, { hasSlider });
  const element = h(
    "section",
    { class: "mulab-pareto", attributes: { "aria-label": "Size and quality" } },
    body.element,
  );
  return {
    element,
    update: body.update,
    exports: {
      name: "size-and-quality",
      picture: "pareto",
      svg: () => toSvg(paretoPicture(compared(runs), run!.scale), { colors: themeOf(element) }),
      csv: () =>
        paretoCsv(
          runs.map((each) => ({
            run: each.head!.dir,
            method: each.head!.method.label.curve,
            seed: each.head!.experiment.seed,
            all: sweep(each.state, scoringOf(each.state, each.head!.method)),
          })),
        ),
    },
  };
}
