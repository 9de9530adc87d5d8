// Where the texts of an SVG are, by estimate: enough to see that two of them overlap or that one leaves the picture.

import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";

type Element = DefaultTreeAdapterTypes.Element;
type Node = DefaultTreeAdapterTypes.Node;

/** A matrix as in SVG: x' = a x + c y + e, y' = b x + d y + f. */
type Matrix = readonly [number, number, number, number, number, number];
interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedText {
  readonly text: string;
  /** Its four corners in order. */
  readonly corners: readonly Point[];
}

export interface SvgTexts {
  readonly width: number;
  readonly height: number;
  readonly texts: readonly PlacedText[];
}

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

const times = (m: Matrix, n: Matrix): Matrix => [
  m[0] * n[0] + m[2] * n[1],
  m[1] * n[0] + m[3] * n[1],
  m[0] * n[2] + m[2] * n[3],
  m[1] * n[2] + m[3] * n[3],
  m[0] * n[4] + m[2] * n[5] + m[4],
  m[1] * n[4] + m[3] * n[5] + m[5],
];

const applied = (m: Matrix, { x, y }: Point): Point => ({
  x: m[0] * x + m[2] * y + m[4],
  y: m[1] * x + m[3] * y + m[5],
});

function matrixOf(transform: string): Matrix {
  let matrix = IDENTITY;
  for (const [, name, inside] of transform.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [a = 0, b = 0, c = 0] = inside!.split(/[\s,]+/).map(Number);
    if (name === "translate") matrix = times(matrix, [1, 0, 0, 1, a, b]);
    else if (name === "scale") matrix = times(matrix, [a, 0, 0, inside!.includes(",") ? b : a, 0, 0]);
    else if (name === "rotate") {
      const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
      matrix = times(times(times(matrix, [1, 0, 0, 1, b, c]), [cos, sin, -sin, cos, 0, 0]), [
        1,
        0,
        0,
        1,
        -b,
        -c,
      ]);
    }
  }
  return matrix;
}

/** Width of a letter in parts of the font's size; a little less than it is, so that what overlaps here overlaps on the screen. */
const letterWidth = (letter: string): number =>
  /[iljtfrI.,:;'|!()[\] ·…/]/.test(letter) ? 0.3 : /[mwMW%@—]/.test(letter) ? 0.82 : 0.55;

/** All texts of `svg` with their places in its frame. */
export function textsOf(svg: string): SvgTexts {
  const root = parseFragment(svg).childNodes.find((node) => node.nodeName === "svg") as Element;
  const get = (element: Element, name: string) => element.attrs.find((a) => a.name === name)?.value;
  const texts: PlacedText[] = [];
  const visit = (node: Node, above: Matrix, inherited: number): void => {
    if (!("attrs" in node)) return;
    const opacity = inherited * Number(get(node, "opacity") ?? 1);
    const matrix = times(above, matrixOf(get(node, "transform") ?? ""));
    if (node.tagName === "text") {
      if (opacity > 0) placeText(node, matrix);
      return;
    }
    for (const child of node.childNodes) visit(child, matrix, opacity);
  };
  function placeText(element: Element, matrix: Matrix): void {
    const size = Number.parseFloat(get(element, "font-size") ?? "12");
    const bold = /bold|[6-9]00/.test(get(element, "font-weight") ?? "") ? 1.08 : 1;
    const spans = element.childNodes.filter((child): child is Element => child.nodeName === "tspan");
    const lines = spans.length > 0 ? spans : [element];
    lines.forEach((line, i) => {
      const text = line.childNodes.map((child) => ("value" in child ? child.value : "")).join("");
      if (text.trim() === "") return;
      const width = bold * size * [...text].reduce((sum, letter) => sum + letterWidth(letter), 0);
      const x = Number(get(element, "x") ?? 0);
      const y = Number(get(element, "y") ?? 0) + i * 1.2 * size;
      const anchor = get(element, "text-anchor");
      const left = anchor === "middle" ? x - width / 2 : anchor === "end" ? x - width : x;
      const box = [
        { x: left, y: y - 0.72 * size },
        { x: left + width, y: y - 0.72 * size },
        { x: left + width, y: y + 0.1 * size },
        { x: left, y: y + 0.1 * size },
      ];
      texts.push({ text, corners: box.map((point) => applied(matrix, point)) });
    });
  }
  visit(root, IDENTITY, 1);
  const [, , width, height] = (get(root, "viewBox") ?? get(root, "viewbox") ?? "").split(/\s+/).map(Number);
  return { width: width!, height: height!, texts };
}

/** Pairs of texts that lie on each other by more than `slack` pixels. */
export function overlapping({ texts }: SvgTexts, slack = 1.5): string[] {
  const found: string[] = [];
  // From left to right, so that each is compared only with those that begin before it ends.
  const boxes = texts
    .map((text) => {
      const [xs, ys] = [text.corners.map(({ x }) => x), text.corners.map(({ y }) => y)];
      const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
      return { text, left, right, top, bottom };
    })
    .sort((a, b) => a.left - b.left);
  for (const [i, a] of boxes.entries())
    for (let j = i + 1; j < boxes.length && boxes[j]!.left < a.right; j++) {
      const b = boxes[j]!;
      if (b.top < a.bottom && a.top < b.bottom && depthOf(a.text, b.text) > slack)
        found.push(`“${a.text.text}” on “${b.text.text}”`);
    }
  return found;
}

/** Texts of which more than `slack` pixels are outside the frame. */
export const outside = ({ width, height, texts }: SvgTexts, slack = 2): string[] =>
  texts
    .filter(({ corners }) =>
      corners.some(({ x, y }) => x < -slack || y < -slack || x > width + slack || y > height + slack),
    )
    .map(({ text }) => text);

/** How far two convex boxes reach into each other; 0 or less if they don't (separating axes). */
function depthOf({ corners: a }: PlacedText, { corners: b }: PlacedText): number {
  let depth = Number.POSITIVE_INFINITY;
  for (const box of [a, b])
    for (const [from, to] of [
      [box[0]!, box[1]!],
      [box[1]!, box[2]!],
    ] as const) {
      const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
      const axis = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
      const [p, q] = [a, b].map((corners) => corners.map(({ x, y }) => x * axis.x + y * axis.y));
      depth = Math.min(
        depth,
        Math.min(Math.max(...p!), Math.max(...q!)) - Math.max(Math.min(...p!), Math.min(...q!)),
      );
      if (depth <= 0) return depth;
    }
  return depth;
}
