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
/** Asks and waits, as in a browser: the answer, or the initial value if it is empty. */
declare function prompt(message?: string, initial?: string): string | null;
/** Asks a question of yes or no, and waits. */
declare function confirm(message?: string): boolean;
/** Shows a message and waits until it is confirmed. */
declare function alert(message?: string): void;
/** What html, md, svg and image return: markup or an image that shows itself. */
interface Shown {
  readonly text: string;
}
/** HTML to show. Values put into it are escaped; other html values are not. */
declare function html(strings: TemplateStringsArray | string, ...values: unknown[]): Shown;
/** Markdown to show. */
declare function md(strings: TemplateStringsArray | string, ...values: unknown[]): Shown;
/** An SVG image to show. Values put into it are escaped; other svg values are not. */
declare function svg(strings: TemplateStringsArray | string, ...values: unknown[]): Shown;
/** A PNG, JPEG, GIF, WebP, BMP or SVG image from its bytes or its file. */
declare function image(source: Uint8Array | ArrayBuffer | string): Shown;
`;
