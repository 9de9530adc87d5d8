/** Declarations of what a cell has without importing anything. The kernel's executor sets the values. */

export const GLOBALS = `
/** What stays on the page after display(); update() replaces it in place. */
interface DisplayHandle {
  readonly id: string;
  update(value: unknown): void;
}
/** Shows a value under this cell: tables, charts, HTML, widgets, or its text. */
declare function display(value: unknown, options?: { id?: string }): DisplayHandle;
/** Removes the output of this cell; with wait, only when new output arrives. */
declare function clearOutput(wait?: boolean): void;
/** Asks the person at the notebook for a line of text. */
declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;
`;
