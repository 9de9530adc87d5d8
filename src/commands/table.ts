// `mulab table`: a table of a run or a sweep, for people, for spreadsheets, for programs.

import { csvOfTable } from "../figures/export.js";
import { TABLES, tableOf, tableView } from "../figures/tables/index.js";
import { markdownTable, plainTable } from "../format/table-text.js";
import { textTable } from "../format/terminal-table.js";
import { tablePage } from "../report/table.js";
import { printJson, widthOf } from "./output.js";
import { listing, optionsOf, type SourceFlags, sourceAt } from "./source.js";

interface TableFlags extends SourceFlags {
  readonly csv?: boolean;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly html?: boolean;
}

export async function tableCommand(
  name: string | undefined,
  path: string | undefined,
  flags: TableFlags,
): Promise<void> {
  if (name === undefined) {
    if (flags.json) return printJson(flags, TABLES);
    process.stdout.write(
      `${textTable(["table", "of", "in the papers", "what it shows"], listing(TABLES), undefined, widthOf(process.stdout))}\n`,
    );
    return;
  }
  const definition = tableOf(name);
  const source = definition.of === "nothing" ? { points: [] } : await sourceAt(path, name, flags);
  const view = tableView(name, source, optionsOf(flags, source));
  if (flags.json) printJson(flags, view.rows);
  else if (flags.csv) process.stdout.write(csvOfTable(view));
  else if (flags.html) process.stdout.write(tablePage(name, definition.title, view));
  else
    process.stdout.write(
      `${flags.markdown ? markdownTable(view) : plainTable(view, widthOf(process.stdout))}\n`,
    );
}
