// What is stored beside a widget in the notebook's file, for viewers that can't show widgets: text, SVG and, for viewers
// that strip SVG (GitHub, untrusted notebooks), a PNG once the run has settled.

import { pngOf } from "../figures/png.js";
import { againText, viewAgain } from "../figures/scenes/again.js";
import type { PicturedRun } from "../figures/scenes/pictured-run.js";
import { type PictureName, pictureScene } from "../figures/scenes/pictures.js";
import { clip, type Scene } from "../figures/scenes/scene.js";
import { stack } from "../figures/scenes/stack.js";
import { toSvg } from "../figures/scenes/svg.js";
import { VIEW_MIME } from "../wire/schema.js";
import type { MimeBundle } from "./layer.js";
import { textOfRun } from "./text.js";

/** Largest picture, in bytes, that is stored; a notebook must stay small. */
const MOST_BYTES = 300_000;

/** A run that changes faster than a PNG is drawn is drawn so many times; it is drawn again when it settles. */
const MOST_TRIES = 5;

/** Below every still picture, because its viewer may not know that there is more; and how it is made again. */
function footOf(again: string): Scene {
  const lines = [
    "A still picture. Where mulab's widgets are installed (npx mulab lab) this view is live.",
    ...(again === "" ? [] : [`Make it again: ${again}`]),
  ];
  return {
    width: 640,
    height: 6 + 16 * lines.length,
    title: "A still picture",
    description: "Live views need JupyterLab or Notebook 7 with mulab's widgets.",
    children: lines.map((text, i) => ({
      kind: "text",
      x: 12,
      y: 10 + 16 * i,
      text: clip(text, LETTERS),
      size: 11,
      fill: "muted",
    })),
  };
}

/** Letters of a line below a picture; a longer command is whole in the text beside the picture. */
const LETTERS = 110;

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
      "text/plain": this.#text(),
      ...(svg !== undefined && svg.length <= MOST_BYTES && { "image/svg+xml": svg }),
      ...(png !== undefined && { "image/png": png }),
    };
  }

  /**
   * Draws the PNG of the present state, and returns whether it is new. While a PNG is drawn the run can change, and the bundle
   * has no PNG of another state, so the newer state is drawn too.
   */
  async render(): Promise<boolean> {
    let isNew = false;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const svg = this.#svg();
      if (svg === undefined || this.#rendered?.svg === svg) return isNew;
      const png = await pngOf(svg, MOST_BYTES);
      if (png === undefined) return isNew;
      this.#rendered = { svg, png };
      isNew = true;
    }
    return isNew;
  }

  #again(): string {
    const dirs = this.#runs().map(({ head }) => head.dir);
    return againText(viewAgain(this.#picture, dirs));
  }

  #text(): string {
    const again = this.#again();
    const told = this.#runs().map(textOfRun);
    return [...told, ...(again === "" ? [] : [`Make it again: ${again}`])].join("\n\n");
  }

  #svg(): string | undefined {
    const scene = pictureScene(this.#picture, this.#runs());
    // No wider than the page that it is shown in.
    return (
      scene &&
      toSvg(stack(scene.title, [scene, footOf(this.#again())]), { colors: "light", id: "mulab" }).replace(
        "<svg ",
        FITTING,
      )
    );
  }
}
