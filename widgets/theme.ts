// The look of all panels: one style sheet on the page, colours from src/figures/scenes/palette as CSS variables, light or
// dark like the page. JupyterLab sets an attribute of the body, other pages may set data-theme; otherwise the system
// decides.

import { paintCss, paletteCss, TASK_PAINTS, type Theme } from "../src/figures/scenes/palette.js";
import { STYLE } from "./style.js";

const SHEET = "mulab-style";

/** The page's present theme, light or dark. */
export function pageTheme(): Theme {
  const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
  if (jpThemeLight !== undefined) return jpThemeLight === "false" ? "dark" : "light";
  if (vscodeThemeKind !== undefined) return vscodeThemeKind.includes("dark") ? "dark" : "light";
  const said = document.documentElement.dataset.theme ?? document.body.dataset.theme;
  if (said === "light" || said === "dark") return said;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function addStyle(): void {
  if (document.getElementById(SHEET)) return;
  const sheet = document.createElement("style");
  sheet.id = SHEET;
  sheet.textContent = [
    ...(["light", "dark"] as const).map(
      (theme) => `.mulab[data-theme=${theme}]{${paletteCss(theme, TASK_PAINTS)}}`,
    ),
    paintCss(TASK_PAINTS).replace(/^|(?<=\})(?=\.)/gm, ".mulab "),
    STYLE,
  ].join("\n");
  document.head.append(sheet);
}

/** Gives `element` the page's theme and follows it; calls `changed` after a change. Returns a function that stops this. */
export function themed(element: HTMLElement, changed: () => void): () => void {
  addStyle();
  const follow = () => {
    const theme = pageTheme();
    if (element.dataset.theme === theme) return;
    element.dataset.theme = theme;
    changed();
  };
  element.dataset.theme = pageTheme();
  const observer = new MutationObserver(follow);
  const attributeFilter = ["data-jp-theme-light", "data-vscode-theme-kind", "data-theme"];
  observer.observe(document.body, { attributes: true, attributeFilter });
  observer.observe(document.documentElement, { attributes: true, attributeFilter });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", follow);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", follow);
  };
}

/** The theme of `element`. */
export const themeOf = (element: Element): Theme =>
  element.closest<HTMLElement>("[data-theme].mulab")?.dataset.theme === "dark" ? "dark" : "light";
