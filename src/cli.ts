#!/usr/bin/env node
// The entry point of the command line: reports mistakes, and copes with a reader that closes the output.

import { type Command, CommanderError } from "commander";
import { program } from "./commands/program/index.js";
import { MulabError, systemRefused, writeFailed } from "./core/errors/index.js";
import { guard } from "./terminal/guard.js";

/** Reports a user's mistake in plain words; any other error keeps its stack. */
function report(error: unknown): void {
  // A message may quote text with line ends; indenting its lines keeps them from looking like our own.
  const said = error instanceof MulabError ? error : systemRefused(error);
  if (said) console.error(`mulab: ${said.message.replaceAll("\n", "\n  ")}`);
  else
    console.error(
      "mulab: this is a bug in mulab; the run, if there is one, is kept up to its last event.\n",
      error,
    );
}

/** Turns mistakes into exit codes, and adds which help to read. */
function reportingMistakes(command: Command, path = command.name()): Command {
  command.exitOverride();
  // What the user typed may have line ends too.
  command.configureOutput({
    outputError: (text, write) => write(`${text.trimEnd().replaceAll("\n", "\n  ")}\n`),
  });
  const says = command.commands.length > 0 ? "lists the commands" : "shows its options";
  command.showHelpAfterError(`(${path} --help ${says})`);
  for (const each of command.commands) reportingMistakes(each, `${path} ${each.name()}`);
  return command;
}

// A reader that has seen enough (`mulab tasks | head`) closes the pipe. That is not a mistake: a run is stopped as by
// Ctrl-C.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  report(writeFailed("standard output", error)); // a full disk, most likely
  process.exit(1);
});

// Under --json, the lines for people go to stderr: their reader may be gone while another program still waits for the
// document.
process.stderr.on("error", () => {});

for (const stream of [process.stdout, process.stderr]) guard(stream);

try {
  await reportingMistakes(program()).parseAsync();
} catch (error) {
  // Commander has printed its own message; help and version are not errors.
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    report(error);
    process.exitCode = 1;
  }
}
