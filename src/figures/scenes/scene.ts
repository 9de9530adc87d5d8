// A picture as plain data: a few kinds of shapes, painted by role, with titles for people and data for scripts. A scene is
// made once and drawn anywhere: as an SVG string (./svg) in reports and exports, as DOM in the widgets. Only the renderers
// assemble SVG or HTML, so a task's name can never be anything but text.

import { elide, elideTo } from "../../format/names.js";
import type { Paint } from "./palette.js";

interface Shape {
  /** Classes for styles and scripts; never user text. */
  readonly class?: string;
  /** What the pointer shows and a screen reader says. */
  readonly title?: string;
  /** Data for scripts, as data-* attributes; the keys are code, the values may be user text. */
  readonly data?: Readonly<Record<string, string | number>>;
  readonly fill?: Paint | "none";
  readonly stroke?: Paint | "none";
  readonly strokeWidth?: number;
  /** Dashes as in SVG: "3 2". */
  readonly dash?: string;
  /** In [0, 1]. */
  readonly opacity?: number;
}

export interface Group extends Shape {
  readonly kind: "group";
  readonly x?: number;
  readonly y?: number;
  /** Makes the group a single item for keyboards and screen readers, which announce `title`. */
  readonly role?: "img" | "button" | "list" | "listitem";
  readonly children: readonly Mark[];
}

interface Circle extends Shape {
  readonly kind: "circle";
  readonly x: number;
  readonly y: number;
  readonly r: number;
}

interface Rect extends Shape {
  readonly kind: "rect";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Radius of the corners. */
  readonly r?: number;
}

interface Path extends Shape {
  readonly kind: "path";
  /** SVG path commands. */
  readonly d: string;
}

interface Text extends Shape {
  readonly kind: "text";
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size?: number;
  readonly weight?: "normal" | "bold";
  readonly anchor?: "start" | "middle" | "end";
  /** Degrees, about (x, y). */
  readonly rotate?: number;
}

export type Mark = Group | Circle | Rect | Path | Text;

/** A whole picture. Lengths in pixels; y grows downwards. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** What the picture is, in a few words. */
  readonly title: string;
  /** What it shows, for people who can't see it. */
  readonly description: string;
  readonly children: readonly Mark[];
}

/** A number for a path or an attribute: at most two decimals, so that scenes are small and easy to compare. */
export const px = (value: number): string => String(Math.round(value * 100) / 100 + 0);

/** `text` in at most `most` characters, ending in an ellipsis if it was cut. */
export const clip = (text: string, most: number): string => {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`;
};

/** Estimated width of `text` in a sans-serif of `size` pixels, erring on the wide side; scenes can't measure. */
export const textWidth = (text: string, size: number, weight: "normal" | "bold" = "normal"): number =>
  [...text].length * size * (weight === "bold" ? 0.67 : 0.58);

/** `text` cut in its middle to at most `width` pixels, by the same estimate. */
export function fitName(text: string, width: number, size: number, weight: "normal" | "bold"): string {
  const widthOf = (all: string) =>
    [...all].reduce(
      (sum, letter) => sum + textWidth(letter, size, weight) * (/[mwMW@%=<>+~_]/.test(letter) ? 1.45 : 1),
      0,
    );
  return elideTo(text, (cut) => widthOf(cut) <= width) || elide(text, 3);
}

/** All marks of a scene, groups before their children. */
export function* marksOf(marks: readonly Mark[]): Generator<Mark> {
  for (const mark of marks) {
    yield mark;
    if (mark.kind === "group") yield* marksOf(mark.children);
  }
}
