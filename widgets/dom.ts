// Functions that make DOM. Text only ever becomes text nodes and attributes, so a task's name can't become markup.

type Child = Node | string | null | undefined | false;

export interface Props {
  readonly class?: string;
  readonly text?: string;
  readonly title?: string;
  readonly style?: Readonly<Record<string, string>>;
  /** Other attributes; undefined and false leave one out. */
  readonly attributes?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly on?: Readonly<Record<string, (event: never) => void>>;
}

/** Control characters, and those that change the direction of the text that follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the regex searches for them
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** `text` with every invisible character made visible, so that no name can rearrange the words around it. */
export const plain = (text: string): string => text.replace(UNSEEN, "\ufffd");

/** A new HTML element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (props.class) element.className = props.class;
  if (props.text !== undefined) element.textContent = plain(props.text);
  if (props.title !== undefined) element.title = plain(props.title);
  for (const [name, value] of Object.entries(props.style ?? {})) element.style.setProperty(name, value);
  setAttributes(element, props.attributes ?? {});
  for (const [type, listener] of Object.entries(props.on ?? {}))
    element.addEventListener(type, listener as EventListener);
  for (const child of children) if (child) element.append(typeof child === "string" ? plain(child) : child);
  return element;
}

export function setAttributes(
  element: Element,
  attributes: Readonly<Record<string, string | number | boolean | undefined>>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else
      element.setAttribute(
        name,
        value === true ? "" : name === "aria-label" ? plain(String(value)) : String(value),
      );
  }
}

/** Letters at the end of a name that are always shown, and the length from which a name is cut at all. */
const TAIL = 14;
const LONG = 22;

/** A name on one line, cut in its middle if there is no room, because names of one family differ at the end. */
export function nameText(name: string): HTMLElement {
  const letters = [...plain(name)];
  if (letters.length < LONG) return h("span", { class: "mulab-task", text: name, title: name });
  return h(
    "span",
    // A right-to-left name ends on the left.
    { class: "mulab-task mulab-cut", title: name, attributes: { dir: "auto" } },
    h("span", { text: letters.slice(0, -TAIL).join("") }),
    h("span", { text: letters.slice(-TAIL).join("") }),
  );
}

/** Sets text only if it differs, so that nothing flickers and screen readers do not read it twice. */
export function setText(element: Element, text: string): void {
  const seen = plain(text);
  if (element.textContent !== seen) element.textContent = seen;
}

/** Redraws `place` by `draw`. The element in it that had the focus gets it again, found by its data-key; if it is gone, what `otherwise` finds gets it. A focus elsewhere is left alone. */
export function keepingFocus(
  place: HTMLElement,
  draw: () => void,
  otherwise?: () => HTMLElement | null,
): void {
  const focused = place.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  const key = focused?.dataset.key;
  draw();
  if (!focused || place.contains(focused)) return;
  const same = key === undefined ? null : place.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  (same ?? otherwise?.())?.focus({ preventScroll: true });
}

/** A button whose name screen readers announce too. */
export const button = (label: string, act: () => void, more: Props = {}): HTMLButtonElement =>
  h("button", {
    text: label,
    ...more,
    attributes: { type: "button", ...more.attributes },
    on: { click: act },
  });
