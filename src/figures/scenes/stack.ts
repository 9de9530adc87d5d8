// Combines several scenes: one below the other, or side by side.

import type { Mark, Scene } from "./scene.js";

const GAP = 22;
const HEAD = 26;

/** `scene` with its title above it. */
export const titled = (scene: Scene): Scene => ({
  ...scene,
  height: HEAD + scene.height,
  children: [
    { kind: "text", x: 12, y: 18, text: scene.title, size: 13, weight: "bold", fill: "ink" },
    { kind: "group", y: HEAD, children: scene.children },
  ],
});

/** `scenes` one below the other. */
export const stack = (title: string, scenes: readonly Scene[]): Scene => {
  let y = -GAP;
  const children = scenes.map((scene): Mark => {
    const top = y + GAP;
    y = top + scene.height;
    return { kind: "group", y: top, children: scene.children };
  });
  return {
    ...whole(title, scenes),
    width: most(scenes.map(({ width }) => width)),
    height: Math.max(1, y),
    children,
  };
};

/** `scenes` from left to right. */
export const beside = (title: string, scenes: readonly Scene[]): Scene => {
  let x = -GAP;
  const children = scenes.map((scene): Mark => {
    const left = x + GAP;
    x = left + scene.width;
    return { kind: "group", x: left, children: scene.children };
  });
  return {
    ...whole(title, scenes),
    width: Math.max(1, x),
    height: most(scenes.map(({ height }) => height)),
    children,
  };
};

const most = (lengths: readonly number[]): number => Math.max(1, ...lengths);

const whole = (title: string, scenes: readonly Scene[]) => ({
  title,
  description: scenes.map((scene) => `${scene.title}: ${scene.description}`).join(" "),
});
