// The run as a film: a slider over its moments, a button that plays them, and the moment in words. Arrow keys step, Home
// and End go to the first moment and to now, the space bar plays and pauses.

import { momentText } from "../../src/analysis/moments.js";
import type { PictureName } from "../../src/figures/scenes/pictures.js";
import type { Panel, RunClient } from "../client.js";
import { button, h, setAttributes, setText } from "../dom.js";
import { lookingBack, type PastClient } from "../looking-back.js";
import { filmSaver } from "./film-saver.js";

/** Duration of a moment in milliseconds, as in films (src/figures/film). */
const MOMENT_MS = 350;

export interface Scrubber extends Panel {
  stop(): void;
  /** Offers to save the film of the picture `name`. */
  offer(name: PictureName | undefined): void;
}

/** The slider alone: `move` receives the number of the wanted moment, `toggle` is called for the space bar. */
function momentSlider(move: (index: number) => void, toggle: () => void): HTMLInputElement {
  const slider = h("input", {
    class: "mulab-slider",
    attributes: {
      type: "range",
      min: 0,
      step: 1,
      "aria-label": "Moment of the run",
      "data-lm-suppress-shortcuts": true,
    },
    on: { input: () => move(slider.valueAsNumber) },
  });
  slider.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    toggle();
    event.preventDefault();
    event.stopPropagation();
  });
  return slider;
}

export function scrubber(past: PastClient): Scrubber {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const move = (wanted: number) => {
    go(wanted);
    stop(); // now, not with the next frame: the next key counts from where the slider is
  };
  const slider = momentSlider(move, () => toggle());
  const play = button("Play", () => toggle(), { class: "mulab-button mulab-play" });
  const now = button("Now", () => leave(), {
    class: "mulab-button mulab-quiet",
    title: "Back to the run as it is now",
  });
  const saver = filmSaver(past);
  const said = h("output", { class: "mulab-moment" });
  const element = h(
    "div",
    {
      class: "mulab-tools mulab-scrubber",
      attributes: { role: "group", "aria-label": "The run as a film" },
    },
    play,
    slider,
    now,
    said,
    saver.element,
  );

  /** Shows the moment with number `index`; the number after the last is now. */
  function go(index: number): void {
    past.visit(index < past.moments.length ? index : null);
  }

  function toggle(): void {
    if (timer !== undefined) {
      stop();
      return;
    }
    if (past.moment === null) go(0);
    timer = setTimeout(step, MOMENT_MS);
    update();
  }

  function step(): void {
    const next = (past.moment ?? past.moments.length) + 1;
    go(next);
    timer = next < past.moments.length ? setTimeout(step, MOMENT_MS) : undefined;
    update();
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    update();
  }

  function leave(): void {
    stop();
    past.visit(null);
  }

  function update(): void {
    const { moments, moment, head } = past;
    element.hidden = moments.length < 2 || !head;
    if (!head) return;
    const text =
      moment === null
        ? past.status === "running"
          ? "now, while the run continues"
          : "now"
        : momentText(moments[moment]!, past.state, head.experiment);
    const place = moment ?? moments.length;
    slider.max = String(moments.length);
    if (slider.valueAsNumber !== place) slider.value = String(place);
    setAttributes(slider, { "aria-valuetext": text });
    setText(said, text);
    setText(play, timer === undefined ? "Play" : "Pause film");
    now.disabled = moment === null;
  }

  function dispose(): void {
    clearTimeout(timer);
    saver.stop();
  }

  return { element, update, stop, offer: saver.show, dispose };
}

/** The panel that `make` makes of a run, below a slider over its moments. */
export function filmed(run: RunClient, make: (past: PastClient) => Panel): Panel {
  const past = lookingBack(run);
  const panel = make(past);
  const film = scrubber(past);
  return {
    ...panel,
    element: h("div", { class: "mulab-filmed" }, film.element, panel.element),
    update() {
      film.update();
      film.offer(panel.exports?.picture);
      panel.update();
    },
    dispose() {
      film.dispose?.();
      panel.dispose?.();
    },
  };
}
