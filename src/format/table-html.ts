// A table as HTML: in a report, whose style sheet knows its classes, and in a notebook, where only styles of elements survive
// and colours are the page's own. Wide tables scroll in place while their first column stays in sight.

import { type Html, html, svg } from "./html.js";
import { type TableView, withFootnotes } from "./table.js";

/** Letters of a cell that stays on one line. */
const SHORT = 24;

interface Look {
  readonly box: Html;
  readonly table: Html;
  readonly first: (isShort: boolean) => Html | false;
  readonly cell: (isNumber: boolean, isShort: boolean) => Html | false;
  readonly note: Html;
}

const attribute = (name: string, value: string): Html => svg(` ${name}="${value}"`);

const REPORT: Look = {
  box: attribute("class", "wide"),
  table: svg(""),
  first: () => false,
  cell: (isNumber, isShort) => {
    const names = [...(isNumber ? ["n"] : []), ...(isShort ? ["nowrap"] : [])];
    return names.length > 0 && attribute("class", names.join(" "));
  },
  note: attribute("class", "kicker"),
};

// The ground of JupyterLab and Notebook 7, of VS Code, of anything else: what scrolls must not be seen through the first column.
const GROUND = "var(--jp-layout-color0,var(--vscode-editor-background,Canvas))";
const NOTEBOOK: Look = {
  box: attribute("style", "overflow-x:auto;max-width:100%"),
  table: attribute("style", "margin-left:0;font-variant-numeric:tabular-nums"),
  first: (isShort) =>
    attribute(
      "style",
      `text-align:left;position:sticky;left:0;z-index:1;background:${GROUND};${isShort ? "white-space:nowrap" : "min-width:12em"}`,
    ),
  cell: (isNumber, isShort) =>
    attribute("style", `text-align:${isNumber ? "right" : "left"}${isShort ? ";white-space:nowrap" : ""}`),
  note: attribute("style", "max-width:60em;opacity:.75"),
};

/** For a report; `id` is that of its box. */
export const reportTable = (view: TableView, id: string): Html =>
  tableHtml(view, REPORT, attribute("id", id));

/** For the output of a cell, with `notes` below it. */
export const notebookTable = (view: TableView, notes: readonly string[]): Html =>
  html`${tableHtml(view, NOTEBOOK)}${notes.map((note) => html`<p${NOTEBOOK.note}>${note}</p>`)}`;

function tableHtml(view: TableView, look: Look, id: Html | false = false): Html {
  const { head, quantities, footnotes, note } = view;
  const { cells, texts } = withFootnotes(view);
  const isNumber = (column: number) => quantities[column]!.isNumber || column === footnotes;
  const th = (text: string, column: number) => {
    const { unit } = quantities[column]!;
    const style =
      column === 0 ? look.first(text.length <= SHORT) : look.cell(isNumber(column), text.length <= SHORT);
    return html`<th scope="col"${style}${unit && html` title="in CSV and JSON: ${unit}"`}>${text}</th>`;
  };
  const td = (text: string, column: number) =>
    column === 0
      ? html`<th scope="row"${look.first(text.length <= SHORT)}>${text}</th>`
      : html`<td${look.cell(isNumber(column), text.length <= SHORT)}>${text}</td>`;
  return html`<div${look.box}${id}><table${look.table}><thead><tr>${head.map(th)}</tr></thead>
<tbody>${cells.map((row) => html`<tr>${row.map(td)}</tr>`)}</tbody></table></div>
${texts.length > 0 && html`<ol${look.note}>${texts.map((text) => html`<li>${text}</li>`)}</ol>`}${note && html`<p${look.note}>${note}</p>`}`;
}
