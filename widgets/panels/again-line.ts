// Below a figure: the command and the cell that make it again, each with a button that copies it, or selects it if the page
// may not use the clipboard.

import { type Again, viewAgain } from "../../src/figures/scenes/again.js";
import type { PictureName } from "../../src/figures/scenes/pictures.js";
import type { RunClient } from "../client.js";
import { button, h, setText } from "../dom.js";

export interface AgainLine {
  readonly element: HTMLElement;
  /** Shows how to make the picture `name` of `runs`; empty if no command does. */
  show(name: PictureName | undefined, runs: readonly RunClient[]): void;
}

export function againLine(): AgainLine {
  const shell = copyable("Make it again", "command");
  const cell = copyable("in a cell", "cell");
  const note = h("span", { class: "mulab-muted" });
  const element = h(
    "div",
    { class: "mulab-again", attributes: { role: "group", "aria-label": "How this figure is made again" } },
    shell.element,
    cell.element,
    note,
  );
  return {
    element,
    show(name, runs) {
      const dirs = runs.flatMap(({ head }) => head?.dir ?? []);
      const again: Again = name === undefined || dirs.length < runs.length ? NOTHING : viewAgain(name, dirs);
      element.hidden = again.shell === null && again.cell === null;
      shell.show(again.shell);
      cell.show(again.cell);
      const isOther = runs.some(({ scale, moment }) => scale !== null || moment !== null);
      setText(note, isOther ? "as the run is now, under its own scale factor" : "");
    },
  };
}

const NOTHING: Again = { shell: null, cell: null };

/** A text with a button; `kind` names it for screen readers. */
function copyable(label: string, kind: string) {
  const text = h("code", { class: "mulab-command" });
  const said = h("span", { class: "mulab-muted", attributes: { role: "status" } });
  const copy = button("Copy", () => void copied(), {
    class: "mulab-button mulab-quiet",
    attributes: { "aria-label": `Copy the ${kind} that makes this figure again` },
  });
  const element = h(
    "span",
    { class: "mulab-copyable" },
    h("span", { class: "mulab-muted", text: label }),
    text,
    copy,
    said,
  );

  async function copied(): Promise<void> {
    const isCopied = await toClipboard(text.textContent ?? "");
    if (!isCopied) getSelection()?.selectAllChildren(text);
    setText(said, isCopied ? "copied" : "selected: copy it with the keyboard");
  }

  return {
    element,
    show(value: string | null) {
      element.hidden = value === null;
      if (text.textContent === (value ?? "")) return;
      setText(text, value ?? "");
      setText(said, "");
    },
  };
}

/** Writes to the clipboard, and returns whether the page may do that. */
async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
