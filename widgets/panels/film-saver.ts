// Beside the slider over a run's moments: saves the view as a video, from the first moment to now.

import { momentText, Retrospect } from "../../src/analysis/moments.js";
import { colorOf, type Theme } from "../../src/figures/scenes/palette.js";
import { momentScene, type PictureName } from "../../src/figures/scenes/pictures.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import type { State } from "../../src/wire/browser.js";
import { button, h, setText } from "../dom.js";
import { endingOf, type FilmPicture, recordFilm, videoType } from "../film-recorder.js";
import type { PastClient } from "../looking-back.js";
import { themeOf } from "../theme.js";
import { save } from "./export-menu.js";

const FILMED = ["lineage", "architecture", "transfer", "pareto"] as const;
type Filmed = (typeof FILMED)[number];

const filmedView = (name: PictureName | undefined): Filmed | undefined =>
  FILMED.find((known) => known === name);

export interface FilmSaver {
  readonly element: HTMLElement;
  /** Offers the film of the picture `name`, if there is one. */
  show(name: PictureName | undefined): void;
  stop(): void;
}

export function filmSaver(past: PastClient): FilmSaver {
  let view: Filmed | undefined;
  let recording: AbortController | undefined;
  const type = videoType();
  const start = button("Save film", () => void (recording ? recording.abort() : record()), {
    class: "mulab-button mulab-quiet",
  });
  const said = h("span", { class: "mulab-muted", attributes: { role: "status" } });
  const element = h("span", { class: "mulab-tools" }, start, said);

  async function record(): Promise<void> {
    const controller = new AbortController();
    recording = controller;
    setText(start, "Cancel");
    const name = view!;
    const theme = themeOf(element);
    const pictures = picturesOf(past, name, theme);
    try {
      const film = await recordFilm(pictures, {
        type: type!,
        ground: colorOf("surface", theme),
        ink: colorOf("ink", theme),
        signal: controller.signal,
        onPicture: (number) => setText(said, `recording ${number} of ${pictures.length}`),
      });
      if (film) save(`${name}-film.${endingOf(type!)}`, film, element);
      setText(said, film ? "saved" : "");
    } catch (error) {
      setText(said, `The browser could not record it: ${error instanceof Error ? error.message : error}`);
    } finally {
      recording = undefined;
      setText(start, "Save film");
    }
  }

  return {
    element,
    show(name) {
      view = filmedView(name);
      element.hidden = recording === undefined && (view === undefined || type === undefined);
    },
    stop: () => recording?.abort(),
  };
}

/** Most pictures of a film; a longer run shows every nth moment, and now. */
const MOST = 240;

/** The view `name` of `past` at its moments and now, each made when it is asked for; undefined while there is nothing to see. */
function picturesOf(past: PastClient, name: Filmed, theme: Theme): (() => FilmPicture | undefined)[] {
  const head = past.head!;
  const whole = past.back?.whole ?? past.state;
  const retrospect = new Retrospect(whole, head.method);
  const { extent, moments } = retrospect;
  const picture = (state: State, caption: string): FilmPicture | undefined => {
    const scene = momentScene(name, { head, state }, { whole, extent, width: 640 });
    return (
      scene && { svg: toSvg(scene, { colors: theme }), width: scene.width, height: scene.height, caption }
    );
  };
  const nth = Math.ceil(moments.length / MOST);
  return [
    ...moments
      .filter((_, i) => i % nth === 0)
      .map((moment) => () => {
        const state = retrospect.at(moment);
        return picture(state, momentText(moment, state, head.experiment));
      }),
    () => picture(whole, "now"),
  ];
}
