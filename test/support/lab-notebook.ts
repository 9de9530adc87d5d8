// Notebook files for tests: nbformat 4.5, written as plain JSON.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

interface NotebookCell {
  readonly source: string;
  readonly type?: "code" | "markdown";
  readonly outputs?: readonly object[];
}

export interface NotebookOptions {
  /** Name of the kernelspec to open it with. */
  readonly kernel: string;
  readonly language: string;
  readonly cells: readonly (string | NotebookCell)[];
  /** Saved widget models, as jupyterlab-manager stores them: id → model. */
  readonly widgets?: Readonly<Record<string, object>>;
}

/** Writes `name` into `folder`; returns its path. */
export function writeNotebook(folder: string, name: string, options: NotebookOptions): string {
  const cells = options.cells.map((cell, index) => {
    const { source, type = "code", outputs = [] } = typeof cell === "string" ? { source: cell } : cell;
    const common = { id: `cell-${index}`, cell_type: type, metadata: {}, source };
    return type === "code" ? { ...common, execution_count: null, outputs } : common;
  });
  const widgetState = {
    "application/vnd.jupyter.widget-state+json": {
      version_major: 2,
      version_minor: 0,
      state: options.widgets,
    },
  };
  const notebook = {
    cells,
    metadata: {
      kernelspec: { name: options.kernel, display_name: options.kernel, language: options.language },
      language_info: { name: options.language },
      ...(options.widgets === undefined ? {} : { widgets: widgetState }),
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(notebook, null, 1));
  return path;
}
