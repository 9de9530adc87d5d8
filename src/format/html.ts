// HTML by template: whatever is put in is text unless it is HTML made by the same template, so a task's name can't be
// markup by oversight.

import { escapeXml, xmlText } from "./xml.js";

/** HTML that is safe to put into HTML. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

/** HTML from a template; strings in it are escaped, lists joined, null, undefined and false left out. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((all, text, i) => all + render(parts[i - 1]) + text));
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(render).join("");
  return escapeXml(String(part));
}

/** SVG of our own renderers, taken as it is. */
export const svg = (text: string): Html => new Html(text);

/** JSON that can be put in a <script type="application/json">: no "<" that could end it; its texts as they would be in HTML. */
export const jsonText = (value: unknown): Html =>
  new Html(
    JSON.stringify(value, (_, each) => (typeof each === "string" ? xmlText(each) : each))
      .replaceAll("<", "\\u003c")
      .replaceAll("\u2028", "\\u2028")
      .replaceAll("\u2029", "\\u2029"),
  );
