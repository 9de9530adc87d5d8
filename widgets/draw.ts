// Scenes (src/figures/scenes/scene) as SVG elements. Paints become classes, so that the page's theme colours them.

import { type Mark, px, type Scene } from "../src/figures/scenes/scene.js";
import { plain, setAttributes } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";

/** A new SVG element that shows `scene`. */
export function drawScene(scene: Scene): SVGSVGElement {
  const root = document.createElementNS(SVG, "svg");
  setAttributes(root, {
    viewBox: `0 0 ${px(scene.width)} ${px(scene.height)}`,
    width: px(scene.width),
    height: px(scene.height),
    role: "group",
    "aria-label": `${scene.title}. ${scene.description}`,
    class: "mulab-scene",
  });
  root.append(...scene.children.map(draw));
  return root;
}

function draw(mark: Mark): SVGElement {
  const element = document.createElementNS(SVG, mark.kind === "group" ? "g" : mark.kind);
  const attributes: Record<string, string | number | undefined> = {
    "stroke-width": mark.strokeWidth,
    "stroke-dasharray": mark.dash,
    opacity: mark.opacity,
  };
  const classes = [mark.class];
  for (const property of ["fill", "stroke"] as const) {
    const paint = mark[property];
    if (paint === "none") attributes[property] = paint;
    else if (paint !== undefined) classes.push(`${property[0]}-${paint}`);
  }
  if (mark.title !== undefined) {
    const title = document.createElementNS(SVG, "title");
    title.textContent = plain(mark.title);
    element.append(title);
  }
  for (const [key, value] of Object.entries(mark.data ?? {})) attributes[`data-${key}`] = value;
  switch (mark.kind) {
    case "group":
      if (mark.x || mark.y) attributes.transform = `translate(${px(mark.x ?? 0)} ${px(mark.y ?? 0)})`;
      attributes.role = mark.role;
      if (mark.role !== undefined) attributes["aria-label"] = mark.title;
      element.append(...mark.children.map(draw));
      break;
    case "circle":
      Object.assign(attributes, { cx: px(mark.x), cy: px(mark.y), r: px(mark.r) });
      break;
    case "rect":
      Object.assign(attributes, {
        x: px(mark.x),
        y: px(mark.y),
        width: px(mark.width),
        height: px(mark.height),
        rx: mark.r === undefined ? undefined : px(mark.r),
      });
      break;
    case "path":
      attributes.d = mark.d;
      break;
    case "text":
      Object.assign(attributes, {
        x: px(mark.x),
        y: px(mark.y),
        "font-size": mark.size ?? 12,
        "font-weight": mark.weight === "bold" ? 600 : undefined,
        "text-anchor": mark.anchor === "start" ? undefined : mark.anchor,
        "paint-order": mark.stroke === undefined ? undefined : "stroke",
        transform: mark.rotate ? `rotate(${px(mark.rotate)} ${px(mark.x)} ${px(mark.y)})` : undefined,
      });
      element.append(plain(mark.text));
      break;
  }
  attributes.class = classes.filter(Boolean).join(" ") || undefined;
  setAttributes(element, attributes);
  return element;
}
