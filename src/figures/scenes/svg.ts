// Scenes as SVG text. All text passes through one escape; colours are either written out (for a file) or left to the page's
// style sheet (./palette paintCss), which follows the light or dark theme.

import { escapeXml } from "../../format/xml.js";
import { colorOf, type Paint, type Theme } from "./palette.js";
import { type Group, type Mark, px, type Scene } from "./scene.js";

export interface SvgOptions {
  /** Whether colours are written out for one theme, or left to the style sheet. */
  readonly colors: Theme | "css";
  /** Prefix of the ids in the file, so that several can be in one page. */
  readonly id?: string;
}

type Attributes = Record<string, string | number | undefined>;

const attributes = (values: Attributes): string =>
  Object.entries(values)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}="${escapeXml(String(value))}"`))
    .join("");

/** `scene` as an SVG document. */
export function toSvg(scene: Scene, { colors, id = "scene" }: SvgOptions): string {
  const root = attributes({
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${px(scene.width)} ${px(scene.height)}`,
    width: px(scene.width),
    height: px(scene.height),
    role: "group",
    "aria-labelledby": `${id}-title ${id}-desc`,
    "font-family": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif",
    class: "mulab-scene",
  });
  const head =
    `<title id="${escapeXml(id)}-title">${escapeXml(scene.title)}</title>` +
    `<desc id="${escapeXml(id)}-desc">${escapeXml(scene.description)}</desc>`;
  const ground =
    colors === "css"
      ? ""
      : `<rect${attributes({ width: px(scene.width), height: px(scene.height), fill: colorOf("surface", colors) })}/>`;
  return `<svg${root}>${head}${ground}${scene.children.map((mark) => draw(mark, colors)).join("")}</svg>`;
}

function draw(mark: Mark, colors: SvgOptions["colors"]): string {
  const common = appearance(mark, colors);
  const title = mark.title === undefined ? "" : `<title>${escapeXml(mark.title)}</title>`;
  const element = (tag: string, own: Attributes, content = "") =>
    `<${tag}${attributes({ ...own, ...common })}>${title}${content}</${tag}>`;
  switch (mark.kind) {
    case "group":
      return element("g", groupAttributes(mark), mark.children.map((child) => draw(child, colors)).join(""));
    case "circle":
      return element("circle", { cx: px(mark.x), cy: px(mark.y), r: px(mark.r) });
    case "rect":
      return element("rect", {
        x: px(mark.x),
        y: px(mark.y),
        width: px(mark.width),
        height: px(mark.height),
        rx: mark.r === undefined ? undefined : px(mark.r),
      });
    case "path":
      return element("path", { d: mark.d });
    case "text":
      return element(
        "text",
        {
          x: px(mark.x),
          y: px(mark.y),
          "font-size": mark.size ?? 12,
          "font-weight": mark.weight === "bold" ? 600 : undefined,
          "text-anchor": mark.anchor === "start" ? undefined : mark.anchor,
          "paint-order": mark.stroke === undefined ? undefined : "stroke", // a halo, not an outline
          transform: mark.rotate ? `rotate(${px(mark.rotate)} ${px(mark.x)} ${px(mark.y)})` : undefined,
        },
        escapeXml(mark.text),
      );
  }
}

const groupAttributes = ({ x = 0, y = 0, role, title }: Group): Attributes => ({
  transform: x || y ? `translate(${px(x)} ${px(y)})` : undefined,
  role,
  "aria-label": role === undefined ? undefined : title,
});

/** Paint, class and data; SVG's default paint is a black fill, so every visible mark sets its own. */
function appearance(mark: Mark, colors: SvgOptions["colors"]): Attributes {
  const { fill, stroke } = mark;
  const classes = [mark.class];
  const paint = (property: "fill" | "stroke", value: Paint | "none" | undefined) => {
    if (value === undefined || value === "none") return value;
    if (colors !== "css") return colorOf(value, colors);
    classes.push(`${property[0]}-${value}`);
    return undefined;
  };
  const painted = { fill: paint("fill", fill), stroke: paint("stroke", stroke) };
  const data = Object.entries(mark.data ?? {}).map(([key, value]) => [`data-${key}`, value]);
  return {
    class: classes.filter(Boolean).join(" ") || undefined,
    ...painted,
    "stroke-width": mark.strokeWidth,
    "stroke-dasharray": mark.dash,
    opacity: mark.opacity,
    ...Object.fromEntries(data),
  };
}
