// What is stored beside a widget in the notebook's file, for viewers that can't show widgets: text, SVG and, for viewers
// that strip SVG (GitHub, untrusted notebooks), a PNG once the run has settled.

import { pngOf } from "../figures/png.js";
import type { PicturedRun } from "../figures/scenes/pictured-run.js";
import { type PictureName, pictureScene } from "../figures/scenes/pictures.js";
import type { Scene } from "../figures/scenes/scene.js";
import { stack } from "../figures/scenes/stack.js";
import { toSvg } from "../figures/scenes/svg.js";
import { VIEW_MIME } from "../wire/schema.js";
import type { MimeBundle } from "./layer.js";
import { textOfRun } from "./text.js";

/** Largest picture, in bytes, that is stored; a notebook must stay small. */
const MOST_BYTES = 300_000;

/** Shown below every still picture, because its viewer may not know that there is more. */
const REASON: Scene = {
  width: 640,
  height: 22,
  title: "A still picture",
  description: "Live views need JupyterLab or Notebook 7 with mulab's widgets.",
  children: [
    {
      kind: "text",
      x: 12,
      y: 10,
      text: "A still picture. Where mulab's widgets are installed (npx mulab lab) this view is live.",
      size: 11,
      fill: "muted",
    },
  ],
};

const FITTING = '<svg style="max-width: 100%; height: auto" ';

/** The still picture of one widget. */
export class Still {
  readonly #picture: PictureName;
  readonly #runs: () => readonly PicturedRun[];
  #rendered: { readonly svg: string; readonly png: string } | undefined;

  constructor(picture: PictureName, runs: () => readonly PicturedRun[]) {
    this.#picture = picture;
    this.#runs = runs;
  }

  /** What the notebook stores beside the widget model `modelId`: its id for our own renderer, and text and pictures of the present runs; the PNG only if `render` has drawn exactly this picture. */
  bundle(modelId: string): MimeBundle {
    const svg = this.#svg();
    const rendered = this.#rendered;
    const png = rendered?.svg === svg ? rendered?.png : undefined;
    return {
      [VIEW_MIME]: { model_id: modelId },
      "text/plain": this.#runs().map(textOfRun).join("\n\n"),
      ...(svg !== undefined && svg.length <= MOST_BYTES && { "image/svg+xml": svg }),
      ...(png !== undefined && { "image/png": png }),
    };
  }

  /** Draws the PNG of the present state, and returns whether it is new. */
  async render(): Promise<boolean> {
    const svg = this.#svg();
    if (svg === undefined || this.#rendered?.svg === svg) return false;
    const png = await pngOf(svg, MOST_BYTES);
    if (png === undefined) return false;
    this.#rendered = { svg, png };
    return true;
  }

  #svg(): string | undefined {
    const scene = pictureScene(this.#picture, this.#runs());
    // No wider than the page that it is shown in.
    return (
      scene &&
      toSvg(stack(scene.title, [scene, REASON]), { colors: "light", id: "mulab" }).replace("<svg ", FITTING)
    );
  }
}
