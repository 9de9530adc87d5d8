// A lasso around the points of a picture, for the mouse. On a keyboard, the ranges beside it do the same (brush.ts).

import type { ModelId } from "../../../src/wire/browser.js";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A smaller movement, in pixels, is a click. */
const STILL = 5;
const SVG = "http://www.w3.org/2000/svg";

/** Whether `point` is inside the closed line through `corners` (even-odd rule). */
export function isInside({ x, y }: Point, corners: readonly Point[]): boolean {
  let isIn = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [a, b] = [corners[i]!, corners[j]!];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) isIn = !isIn;
  }
  return isIn;
}

/** Calls `picked` with the models inside a line drawn in `place`; their marks have data-model. */
export function lasso(place: HTMLElement, picked: (models: ReadonlySet<ModelId>) => void): void {
  let corners: Point[] | undefined;
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("class", "mulab-lasso");

  place.addEventListener("pointerdown", (event) => {
    // A finger scrolls the page; for touch screens there are the ranges.
    if (event.button !== 0 || event.pointerType === "touch" || !place.querySelector("svg")) return;
    corners = [{ x: event.clientX, y: event.clientY }];
  });
  place.addEventListener("pointermove", (event) => {
    if (!corners) return;
    const point = { x: event.clientX, y: event.clientY };
    if (corners.length === 1 && Math.hypot(point.x - corners[0]!.x, point.y - corners[0]!.y) < STILL) return;
    if (corners.length === 1) place.setPointerCapture(event.pointerId);
    corners.push(point);
    draw(corners);
    event.preventDefault();
  });
  place.addEventListener("pointerup", (event) => {
    const drawn = corners;
    end();
    if (!drawn || drawn.length < 3) return;
    event.preventDefault();
    picked(modelsIn(place, drawn));
  });
  place.addEventListener("pointercancel", end);

  function end(): void {
    corners = undefined;
    line.remove();
  }

  /** In the picture's own coordinates, which stay valid if it is redrawn meanwhile. */
  function draw(points: readonly Point[]): void {
    const svg = place.querySelector<SVGSVGElement>("svg")!;
    const toPicture = svg.getScreenCTM()!.inverse();
    const path = points.map(({ x, y }) => {
      const at = new DOMPoint(x, y).matrixTransform(toPicture);
      return `${at.x.toFixed(1)} ${at.y.toFixed(1)}`;
    });
    line.setAttribute("d", `M${path.join("L")}Z`);
    if (line.parentNode !== svg) svg.append(line);
  }
}

function modelsIn(place: HTMLElement, corners: readonly Point[]): ReadonlySet<ModelId> {
  const found = new Set<ModelId>();
  for (const mark of place.querySelectorAll<SVGElement>("[data-model]")) {
    const { left, right, top, bottom } = mark.getBoundingClientRect();
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
    if (isInside(middle, corners)) found.add(Number(mark.dataset.model));
  }
  return found;
}
