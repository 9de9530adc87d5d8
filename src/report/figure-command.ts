// Below a figure of a report: the command that makes it again, to be copied. Without a script it is a field whose text the Tab
// key selects; with it there is a button too.

import { figureAgain } from "../figures/scenes/again.js";
import { type Html, html } from "../format/html.js";

/** Of the run or sweep at `path`; nothing where that is not known. */
export function figureCommand(
  name: string,
  path: string | undefined,
  of: "run" | "sweep" = "run",
): Html | null {
  if (path === undefined) return null;
  const { shell } = figureAgain(name, path, of);
  return html`<p class="again"><label>Make it again <input readonly size="${Math.min(90, Math.max(20, [...shell!].length + 2))}" value="${shell}"></label> <button type="button" class="copy" hidden>Copy</button> <span role="status"></span></p>`;
}
