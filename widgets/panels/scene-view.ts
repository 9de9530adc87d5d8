// An interactive scene: every mark of a model can be chosen by pointer and keyboard.

import type { Scene } from "../../src/figures/scenes/scene.js";
import type { ModelId } from "../../src/wire/browser.js";
import { h } from "../dom.js";
import { drawScene } from "../draw.js";

export interface SceneView {
  readonly element: HTMLElement;
  /** Draws `make()` if `key` differs from the last one. */
  show(key: string, make: () => Scene): void;
  readonly scene: Scene | undefined;
  readonly svg: SVGSVGElement | undefined;
}

/** `modelOf` returns the model of a mark; by default that of data-model. */
export function sceneView(
  label: string,
  select: (model: ModelId) => void,
  modelOf: (mark: SVGElement) => ModelId | undefined = byModel,
): SceneView {
  const element = h("div", { class: "mulab-scroll", attributes: { role: "group", "aria-label": label } });
  let key: string | undefined;
  let scene: Scene | undefined;
  let svg: SVGSVGElement | undefined;

  const choose = (event: Event): void => {
    let mark = event.target as SVGElement | null;
    for (; mark && mark !== (element as Element); mark = mark.parentElement as SVGElement | null) {
      const model = modelOf(mark);
      if (model === undefined) continue;
      event.preventDefault();
      event.stopPropagation();
      select(model);
      return;
    }
  };
  element.addEventListener("click", choose);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") choose(event);
  });

  return {
    element,
    show(next, make) {
      if (next === key) return;
      const focused = element.contains(document.activeElement) ? document.activeElement : null;
      const name = ["data-model", "data-task"].find((each) => focused?.hasAttribute(each));
      key = next;
      scene = make();
      svg = drawScene(scene);
      svg.querySelectorAll("[role=button]").forEach((node) => {
        node.setAttribute("tabindex", "0");
        node.setAttribute("data-lm-suppress-shortcuts", "");
      });
      element.replaceChildren(svg);
      if (focused && name)
        svg
          .querySelector<SVGElement>(`[role=button][${name}="${CSS.escape(focused.getAttribute(name)!)}"]`)
          ?.focus({ preventScroll: true });
    },
    get scene() {
      return scene;
    },
    get svg() {
      return svg;
    },
  };
}

const byModel = (mark: SVGElement): ModelId | undefined => {
  const model = mark.dataset?.model;
  return model === undefined ? undefined : Number(model);
};
