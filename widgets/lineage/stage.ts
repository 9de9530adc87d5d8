// The stage of the lineage: two canvases, one for the tree and one for marks, so that hovering never redraws the tree; and
// their mouse input: drag, wheel, click.

import type { Lineage } from "../../src/analysis/children.js";
import type { ModelId } from "../../src/wire/browser.js";
import { h, setText } from "../dom.js";
import { type Geometry, nodeAt } from "./geometry.js";
import { paintLineage } from "./paint.js";
import { paintMarks } from "./paint-marks.js";
import { type Follows, fitTo, heightOf, pan, reveal, type Sheet, sightOf, zoom } from "./sheet.js";
import type { Look } from "./strokes.js";

export interface StageOptions {
  /** Name and help for screen readers. */
  readonly label: string;
  /** The tooltip of a model. */
  readonly describe: (id: ModelId) => string;
  readonly select: (id: ModelId | null) => void;
  /** Adapts to a possible change of the stage's width. */
  readonly resized: () => void;
}

/** Pixels around a node that belong to it. */
const REACH = 11;

export class LineageStage {
  readonly element: HTMLElement;
  /** Takes the focus and the keyboard. */
  readonly front: HTMLCanvasElement;
  geometry: Geometry | undefined;
  readonly #tree = h("canvas", { attributes: { "aria-hidden": "true" } });
  readonly #tip = h("div", { class: "mulab-tip", attributes: { hidden: true, "aria-hidden": "true" } });
  readonly #sheet: Sheet = { x: 0, y: 0, scale: 1, width: 0, height: 0, follows: "newest" };
  readonly #resized: ResizeObserver;
  #lineage: Lineage | undefined;
  #look: Look | undefined;
  #selected: ModelId | null = null;
  #found: ReadonlySet<ModelId> = new Set();
  #hover = -1;
  #frame = 0;
  #isByHand = false;
  #drag: { x: number; y: number; moved: boolean } | undefined;

  constructor(readonly options: StageOptions) {
    this.front = h("canvas", {
      class: "mulab-marks",
      attributes: {
        tabindex: 0,
        role: "application",
        "aria-roledescription": "tree of models",
        "aria-label": options.label,
        "data-lm-suppress-shortcuts": true,
      },
      on: {
        pointerdown: (event: PointerEvent) => this.#grab(event),
        pointermove: (event: PointerEvent) => (this.#drag ? this.#pull(event) : this.#point(event)),
        pointerup: (event: PointerEvent) => this.#letGo(event),
        pointerleave: () => this.#leave(),
      },
    });
    this.front.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.element = h("div", { class: "mulab-stage" }, this.#tree, this.front, this.#tip);
    this.#resized = new ResizeObserver(() => {
      options.resized();
      this.#redraw();
    });
    this.#resized.observe(this.element);
  }

  /** Shows another tree, or the same one with something else chosen or found. */
  show(
    lineage: Lineage,
    geometry: Geometry,
    selected: ModelId | null,
    found: ReadonlySet<ModelId> | null,
  ): void {
    const isNew = geometry !== this.geometry;
    const isChosen = selected !== this.#selected;
    // A model that was chosen with the pointer stays under it, even if its ancestors unfold.
    const held = isChosen && this.#isByHand && selected !== null ? this.#placeOf(selected) : undefined;
    if (isNew) this.#hover = -1;
    this.geometry = geometry;
    this.#lineage = lineage;
    this.#selected = selected;
    this.#found = found ?? new Set();
    this.element.dataset.searching = String(found !== null);
    if (held && isNew) this.#sheet.follows = undefined;
    const isResized = this.#resize(isNew);
    if (held) this.#hold(selected!, held);
    else if (isChosen || isResized) this.#reveal();
    this.soon();
  }

  /** Width of the stage, in pixels. */
  get width(): number {
    return Math.round(this.element.clientWidth) || 800;
  }

  #placeOf(id: ModelId): { x: number; y: number } | undefined {
    const index = this.geometry?.indexOf.get(id);
    if (index === undefined) return undefined;
    const { x, y, scale, scaleY } = sightOf(this.#sheet);
    return { x: (this.geometry!.x[index]! - x) * scale, y: (this.geometry!.y[index]! - y) * scaleY };
  }

  /** Moves the sheet so that model `id` stays at its pixel. */
  #hold(id: ModelId, was: { x: number; y: number }): void {
    const now = this.#placeOf(id);
    if (!now) return;
    const { scale, scaleY } = sightOf(this.#sheet);
    this.#sheet.x += (now.x - was.x) / scale;
    this.#sheet.y += (now.y - was.y) / scaleY;
  }

  fit(to: Follows): void {
    fitTo(this.#sheet, this.geometry!, to);
    this.#redraw();
  }

  zoom(factor: number): void {
    zoom(this.#sheet, this.geometry!, factor, this.#sheet.width / 2, 0);
    this.#redraw();
  }

  /** Draws with the next frame. */
  soon(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  dispose(): void {
    this.#resized.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  #redraw(): void {
    if (!this.geometry) return;
    if (this.#resize()) this.#reveal(); // the chosen model stays in sight when the details take up room beside it
    this.soon();
  }

  #reveal(): void {
    const index = this.#selected === null ? undefined : this.geometry!.indexOf.get(this.#selected);
    if (index !== undefined) reveal(this.#sheet, this.geometry!, index);
  }

  /** Whether the width has changed. `isNew` says that the tree has. */
  #resize(isNew = false): boolean {
    const sheet = this.#sheet;
    const { width } = this;
    const ratio = window.devicePixelRatio || 1;
    const isWider = sheet.width !== width;
    sheet.width = width;
    // First, because the height follows from the scale.
    if ((isNew || isWider) && sheet.follows) fitTo(sheet, this.geometry!, sheet.follows);
    const height = heightOf(this.geometry!, sheet.scale);
    if (!isWider && sheet.height === height && this.#tree.width === Math.round(width * ratio)) return false;
    sheet.height = height;
    this.element.style.height = `${height}px`;
    for (const canvas of [this.#tree, this.front]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      canvas.getContext("2d")!.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    return isWider;
  }

  #draw(): void {
    this.#frame = 0;
    if (!this.geometry || !this.#lineage) return;
    this.#look = lookOf(this.element);
    paintLineage(
      this.#tree.getContext("2d")!,
      this.geometry,
      this.#lineage,
      sightOf(this.#sheet),
      this.#look,
    );
    this.#drawMarks();
  }

  #drawMarks(): void {
    const g = this.geometry;
    if (!g || !this.#look) return;
    const selected = this.#selected === null ? -1 : (g.indexOf.get(this.#selected) ?? -1);
    const found = new Set([...this.#found].flatMap((id) => g.indexOf.get(id) ?? []));
    const pointed = { hover: this.#hover, selected, found };
    paintMarks(this.front.getContext("2d")!, g, this.#lineage!, sightOf(this.#sheet), this.#look, pointed);
  }

  // ---- pointer and wheel

  #place(event: MouseEvent): { x: number; y: number; index: number } {
    const box = this.front.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    return { x, y, index: this.geometry ? nodeAt(this.geometry, sightOf(this.#sheet), x, y, REACH) : -1 };
  }

  #grab(event: PointerEvent): void {
    this.front.setPointerCapture(event.pointerId);
    this.#drag = { x: event.clientX, y: event.clientY, moved: false };
  }

  #pull(event: PointerEvent): void {
    const [dx, dy] = [event.clientX - this.#drag!.x, event.clientY - this.#drag!.y];
    if (!this.geometry || (!this.#drag!.moved && Math.hypot(dx, dy) < 4)) return;
    this.#drag = { x: event.clientX, y: event.clientY, moved: true };
    this.#tip.hidden = true;
    this.front.style.cursor = "grabbing";
    pan(this.#sheet, this.geometry, -dx, -dy);
    this.soon();
  }

  #letGo(event: PointerEvent): void {
    const wasDragged = this.#drag?.moved;
    this.#drag = undefined;
    if (wasDragged) return;
    const { index } = this.#place(event);
    this.#isByHand = true;
    this.options.select(index < 0 ? null : this.geometry!.id[index]!);
    this.#isByHand = false;
  }

  #point(event: PointerEvent): void {
    const { index, x, y } = this.#place(event);
    if (index !== this.#hover) {
      this.#hover = index;
      this.#drawMarks();
    }
    this.front.style.cursor = index < 0 ? "grab" : "pointer";
    this.#tip.hidden = index < 0;
    if (index < 0) return;
    const { width, height } = this.#sheet;
    setText(this.#tip, this.options.describe(this.geometry!.id[index]!));
    this.#tip.style.left = `${Math.min(x + 14, Math.max(0, width - 250))}px`;
    this.#tip.style.top = `${y > height - 90 ? Math.max(0, y - 80) : y + 16}px`;
  }

  #leave(): void {
    this.#hover = -1;
    this.#tip.hidden = true;
    this.#drawMarks();
  }

  #wheel(event: WheelEvent): void {
    if (!this.geometry) return;
    const isZoom = event.ctrlKey || event.metaKey;
    // Without a modifier key the notebook scrolls; horizontal scrolling moves the tree.
    if (!isZoom && Math.abs(event.deltaX) <= Math.abs(event.deltaY) && !event.shiftKey) return;
    event.preventDefault();
    const { x, y } = this.#place(event);
    if (isZoom) zoom(this.#sheet, this.geometry, Math.exp(-event.deltaY / 300), x, y);
    else pan(this.#sheet, this.geometry, event.deltaX || event.deltaY, 0);
    this.#redraw();
  }
}

/** The colours and the font that `element` has now. */
function lookOf(element: HTMLElement): Look {
  const style = getComputedStyle(element);
  const known = new Map<string, string>();
  const color = (paint: string): string => {
    const found = known.get(paint) ?? style.getPropertyValue(`--mulab-${paint}`).trim();
    known.set(paint, found);
    return found;
  };
  return { color, font: style.fontFamily || "sans-serif" };
}
