// Commands that make files and tables of runs and sweeps.

import { type Command, Option } from "commander";
import { command } from "./call.js";
import { json, wholeNumber } from "./options.js";

export function addResults(mulab: Command): void {
  mulab
    .command("report")
    .description("write the report of a run or a sweep as one HTML file")
    .argument("<path>", "its folder, or the file of a stored sweep")
    .option("--out <file>", "file to write (default: report.html in the folder)")
    .action(command(() => import("../report.js"), "reportCommand"));
  const source = (command: Command): Command =>
    command
      .argument("[name]", "its name; without one, all names are listed")
      .argument("[path]", "folder of a run or a sweep, or file of a stored sweep")
      .option("--variants <names>", "comma-separated: show only these variants, or the network of this one")
      .option("--repetition <n>", "the repetition that a picture shows (default: the best)", wholeNumber(0))
      .option("--against <variant>", "the variant that differences are relative to (default: munet-s1)");
  source(mulab.command("table").description("print a table of a run or a sweep, beside the papers' numbers"))
    .option("--csv", "as CSV")
    .option("--markdown", "as Markdown")
    .option("--html", "as a page")
    .option(...json)
    .action(command(() => import("../table.js"), "tableCommand"));
  source(mulab.command("figure").description("write a figure of a run or a sweep to a file"))
    .option("--out <file>", "file to write: .svg, .png, .csv, .json or .html (default: <name>.svg)")
    .addOption(new Option("--theme <name>", "its ground").choices(["light", "dark"]).default("light"))
    .action(command(() => import("../figure.js"), "figureCommand"));
  mulab
    .command("film")
    .description(
      "replay a run from its journal as an animated GIF: lineage, architecture, transfer, size and quality",
    )
    .argument("<dir>")
    .option("--out <file>", "file to write: .gif (default: film.gif, or none with --stills)")
    .option("--stills <dir>", "folder for every frame as a PNG")
    .option(
      "--views <names>",
      "comma-separated: some of lineage, architecture, transfer, pareto (default: all)",
    )
    .option("--frames <n>", "most frames, up to 240 (default: 90)", wholeNumber(1))
    .addOption(new Option("--theme <name>", "its ground").choices(["light", "dark"]).default("light"))
    .option(...json)
    .action(command(() => import("../film.js"), "filmCommand"));
}
