// The places of scale factors on a slider, with small factors as far apart as large ones.

import { h } from "../dom.js";

/** From slider position 0…100 to scale factor 0.01…1, in round numbers. */
export const scaleOf = (position: number): number => Number((10 ** (-2 + position / 50)).toPrecision(2));

export const positionOf = (scale: number): number => Math.round(50 * (Math.log10(Math.max(0.01, scale)) + 2));

/** Moves over positions in 0…100; JupyterLab's keys don't reach it. */
export const scaleSlider = (label: string, input: () => void, value?: number): HTMLInputElement =>
  h("input", {
    class: "mulab-slider",
    attributes: {
      type: "range",
      min: 0,
      max: 100,
      step: 1,
      value,
      "aria-label": label,
      "data-lm-suppress-shortcuts": true,
    },
    on: { input },
  });
