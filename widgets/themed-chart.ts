// A chart in a notebook that follows the page's theme. A spec has its colours written out, so that it can be drawn anywhere;
// here they are replaced by the theme's before the front end's own Vega-Lite renderer draws it.

import { Panel } from "@lumino/widgets";
import { inTheme } from "../src/figures/scenes/palette.js";
import { CHART_MIME, VEGA_LITE_MIME } from "../src/wire/browser.js";
import type { MimeModel, Renderer, RenderMime } from "./jupyterlab.js";
import { pageTheme, themed } from "./theme.js";

/** Ranks before the front end's own renderer of Vega-Lite. */
const RANK = -20;

/** Makes charts of `rendermime` follow the theme. */
export function followTheme(rendermime: RenderMime): void {
  const createRenderer = () => new ThemedChart(rendermime);
  rendermime.addFactory({ safe: true, mimeTypes: [CHART_MIME], createRenderer }, RANK);
}

class ThemedChart extends Panel implements Renderer {
  readonly #rendermime: RenderMime;
  readonly #unthemed: () => void;
  #model: MimeModel | undefined;
  #chart: Renderer | undefined;

  constructor(rendermime: RenderMime) {
    super();
    this.#rendermime = rendermime;
    this.addClass("mulab-chart");
    this.#unthemed = themed(this.node, () => this.#draw().catch(console.error));
  }

  async renderModel(model: MimeModel): Promise<void> {
    this.#model = model;
    await this.#draw();
  }

  override dispose(): void {
    this.#unthemed();
    super.dispose();
  }

  async #draw(): Promise<void> {
    const model = this.#model;
    if (!model) return;
    const { [CHART_MIME]: _, ...data } = model.data;
    const { metadata, trusted } = model;
    const spec = data[VEGA_LITE_MIME];
    const shown =
      spec === undefined
        ? data
        : { ...data, [VEGA_LITE_MIME]: JSON.parse(inTheme(JSON.stringify(spec), pageTheme())) };
    const mime = this.#rendermime.preferredMimeType(shown, trusted ? "any" : "ensure");
    if (mime === undefined) return;
    const chart = this.#rendermime.createRenderer(mime);
    await chart.renderModel({ data: shown, metadata, trusted, setData: () => {} });
    this.#chart?.dispose();
    this.#chart = chart;
    this.addWidget(chart);
  }
}
