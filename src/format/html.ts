// HTML by template: every inserted value is text unless this template made it, so a task's name can't become markup by
// oversight.

import { escapeXml, xmlText } from "./xml.js";

/** HTML that is safe to insert into HTML. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

/** HTML from a template; inserted strings are escaped, lists joined, null, undefined and false left out. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((all, text, i) => all + render(parts[i - 1]) + text));
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(render).join("");
  return escapeXml(String(part));
}

/** SVG from our own renderers, inserted unchanged. */
export const svg = (text: string): Html => new Html(text);

/** JSON for a <script type="application/json">: it has no "<" that could end the element, and its texts are cleaned as in HTML. */
export const jsonText = (value: unknown): Html =>
  new Html(
    JSON.stringify(value, (_, each) => (typeof each === "string" ? xmlText(each) : each))
      .replaceAll("<", "\\u003c")
      .replaceAll("\u2028", "\\u2028")
      .replaceAll("\u2029", "\\u2029"),
  );
