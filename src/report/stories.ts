// Where the models of a run come from: the ancestor story of each task's model.

import { storyOf, storyText } from "../analysis/story.js";
import { survivorsOf } from "../analysis/survivors.js";
import type { State } from "../core/state.js";
import { type Html, html } from "../format/html.js";

/** Most stories shown directly; further ones are folded. */
const MOST = 4;

/** The section with the stories of all retained models; null if there are none. */
export function storiesSection(state: State): Html | null {
  const stories = survivorsOf(state).map(({ id }) => storyText(storyOf(state, id)));
  if (stories.length === 0) return null;
  const told = stories.slice(0, MOST).map((text) => html`<p>${text}</p>`);
  const rest = stories.slice(MOST).map((text) => html`<p>${text}</p>`);
  return html`<section aria-labelledby="stories"><h2 id="stories">Where the models come from</h2>
${told}
${rest.length > 0 && html`<details><summary>${rest.length} more</summary>${rest}</details>`}</section>`;
}
