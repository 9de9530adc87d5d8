// JupyterLab redraws an output whenever its bundle is updated: it empties the place and makes a second view of the same
// model. The second view takes over the panel of the first, so that nothing changes on the screen: tab, zoom and focus stay
// the same.

import type { Panel } from "./client.js";

/** A panel on the page, with all that keeps it up to date. */
export interface Shown {
  readonly panel: Panel;
  readonly forget: readonly (() => void)[];
}

/** A view that shows a panel, or did until another took it over. */
export interface Holder {
  readonly el: HTMLElement;
  shown: Shown | undefined;
  /** Whether it has ever been on the page. */
  wasPlaced: boolean;
}

/** Takes the panel from a view among `holders` whose element was removed from the page without notice. */
export function adopted(holders: Iterable<Holder>): Shown | undefined {
  for (const holder of holders) {
    const { shown } = holder;
    // A cell that was scrolled out of sight is off the page too, but its parts are still attached to each other.
    if (!shown || !holder.wasPlaced || holder.el.parentNode !== null) continue;
    holder.shown = undefined;
    return shown;
  }
  return undefined;
}

/** The part of a panel that has the focus, and when it lost it. */
const focuses = new WeakMap<HTMLElement, { readonly on: HTMLElement; readonly lostAt: number }>();

/** A focus lost longer ago than this, in milliseconds, was not lost by a move. */
const JUST_NOW = 300;

/** Restores the focus that `panel` has just lost, unless something else has it now. */
export function refocus({ element }: Panel): void {
  const focus = focuses.get(element);
  const isFree = document.activeElement === null || document.activeElement === document.body;
  if (!focus || !isFree || performance.now() - focus.lostAt > JUST_NOW) return;
  focus.on.focus({ preventScroll: true });
}

/** Remembers what has the focus in `panel`. */
export function watchFocus({ element }: Panel): () => void {
  const come = (event: FocusEvent) =>
    focuses.set(element, { on: event.target as HTMLElement, lostAt: Number.POSITIVE_INFINITY });
  const go = (event: FocusEvent) => {
    const focus = focuses.get(element);
    if (event.relatedTarget !== null) focuses.delete(element);
    else if (focus) focuses.set(element, { ...focus, lostAt: performance.now() });
  };
  element.addEventListener("focusin", come);
  element.addEventListener("focusout", go);
  return () => {
    element.removeEventListener("focusin", come);
    element.removeEventListener("focusout", go);
  };
}
