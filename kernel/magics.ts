/** The kernel's own magics. Packages add theirs; %lsmagic lists all. */
import { Worker } from "node:worker_threads";
import stringWidth from "string-width";
import type { CellCommand, CommandCall, Commands } from "./commands.js";
import { currentScope } from "./context.js";
import { DISPLAY, escapeHtml, type MimeBundle } from "./display.js";
import { magicNeeds } from "./errors.js";
import { describe, type Variable } from "./variables.js";

export interface MagicHost {
  /** The cells' variables. */
  variables(): Record<string, unknown>;
}

/** Cell magics that show their text as one MIME type. */
const SHOWN: Record<string, readonly [mime: string, what: string]> = {
  html: ["text/html", "HTML"],
  javascript: ["application/javascript", "JavaScript in the page"],
  js: ["application/javascript", "JavaScript in the page"],
  markdown: ["text/markdown", "Markdown"],
  md: ["text/markdown", "Markdown"],
  svg: ["image/svg+xml", "an SVG image"],
  latex: ["text/latex", "LaTeX"],
};

const shown = (bundle: MimeBundle) => ({ [DISPLAY]: () => bundle });

export function registerMagics(commands: Commands, host: MagicHost): void {
  for (const [name, [mime, what]] of Object.entries(SHOWN)) {
    commands.register(name, {
      summary: `${mime === "application/javascript" ? "Runs" : "Shows"} the cell as ${what}`,
      run: ({ body }) => shown({ [mime]: body, "text/plain": body }),
    });
  }
  const time: CellCommand = { summary: "Times code: %time await train() or %%time above a cell", run: timed };
  commands.register("time", time);
  commands.registerLine("time", time);
  commands.register("format", {
    summary: "Formats the cell: run it, and the formatted text takes the cell's place",
    run: formatted,
  });
  commands.registerLine("lsmagic", {
    summary: "Lists all magics",
    run: async () => listed(await commands.all()),
  });
  commands.registerLine("help", {
    summary: "Shows what this kernel offers to cells",
    run: async () => help(await commands.all()),
  });
  commands.registerLine("who", {
    summary: "Lists the variables of all cells by name",
    run: () => console.log(Object.keys(host.variables()).join("  ") || "No variables so far."),
  });
  commands.registerLine("whos", {
    summary: "Lists the variables of all cells with their types and values",
    run: () => whos(Object.entries(host.variables()).map(([name, value]) => describe(name, value))),
  });
}

async function timed({ name, args, body, bodyLine, runCode }: CommandCall): Promise<unknown> {
  const code = body === "" ? args : body;
  if (code.trim() === "") throw magicNeeds(`%${name}`, "code to time", "%time await run.done()");
  const cpu = process.cpuUsage();
  const start = performance.now();
  try {
    return await runCode(code, body === "" ? 0 : bodyLine);
  } finally {
    const wallMs = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    console.log(`CPU time: ${duration((user + system) / 1000)}, wall time: ${duration(wallMs)}`);
  }
}

/** Milliseconds as a person says them. */
function duration(ms: number): string {
  if (ms >= 60_000) return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
  if (ms >= 1000) return `${(ms / 1000).toPrecision(3)} s`;
  return ms >= 1 ? `${ms.toPrecision(3)} ms` : `${(ms * 1000).toPrecision(3)} µs`;
}

/** Formats in a separate thread that ends afterwards: TypeScript's formatter is large, and formatting is rare. */
async function formatted({ body, signal }: CommandCall): Promise<void> {
  const text = await new Promise<string>((resolve, reject) => {
    const worker = new Worker(new URL("./format-worker.js", import.meta.url), { workerData: body });
    worker.once("message", resolve).once("error", reject);
    signal.addEventListener("abort", () => void worker.terminate(), { once: true });
  });
  // Front ends put this in the place of the cell that ran.
  currentScope()?.cell.payload.push({ source: "set_next_input", text, replace: true });
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): MimeBundle => {
  const widths = head.map((name, i) =>
    Math.max(...[name, ...rows.map((row) => row[i]!)].map((cell) => stringWidth(cell))),
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => cell + " ".repeat(widths[i]! - stringWidth(cell))).join("  ");
  const html = (sort: "th" | "td", cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${sort} style="text-align: left">${escapeHtml(cell)}</${sort}>`).join("")}</tr>`;
  return {
    "text/html": `<table><thead>${html("th", head)}</thead><tbody>${rows.map((row) => html("td", row)).join("")}</tbody></table>`,
    "text/plain": [head, ...rows].map((cells) => line(cells).trimEnd()).join("\n"),
  };
};

const listed = (all: readonly [string, string][]) => shown(table(["Magic", "What it does"], all));

function whos(variables: readonly Variable[]): unknown {
  if (variables.length === 0) {
    console.log("No variables so far.");
    return undefined;
  }
  return shown(
    table(
      ["Name", "Type", "Value"],
      variables.map(({ name, type, value }) => [name, type, value]),
    ),
  );
}

function help(all: readonly [string, string][]): unknown {
  const text = [
    "Cells are TypeScript; the last expression is shown. Top-level await works, and all cells share their variables.",
    "",
    "display(value)           shows a value; the handle it returns has update(value)",
    "html`…`  md`…`  svg`…`   markup to show; values put into html and svg are escaped",
    "image(bytes or path)     shows a PNG, JPEG, GIF, WebP, BMP or SVG image",
    "clearOutput(wait)        removes the output of this cell",
    "await input(question)    asks for a line of text; prompt(), confirm() and alert() wait as in a browser",
    "",
    ...all.map(([name, summary]) => `${name.padEnd(24)} ${summary}`),
  ];
  return shown({ "text/plain": text.join("\n") });
}
