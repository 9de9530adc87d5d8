// One table as a page of its own, in the look of the report.

import { html } from "../format/html.js";
import type { TableView } from "../format/table.js";
import { reportTable } from "../format/table-html.js";
import { page } from "./page.js";
import { footer } from "./sections.js";

/** The table `name`, which shows what `title` says, as one HTML file. */
export const tablePage = (name: string, title: string, view: TableView): string =>
  page(
    `${name}: ${title}`,
    html`<header><p class="kicker">mulab table ${name}</p><h1>${title[0]!.toUpperCase()}${title.slice(1)}</h1></header>
<main>${reportTable(view, `table-${name}`)}</main>
${footer}`,
    0,
  );
