#!/usr/bin/env node
// The command line's door: how a mistake is reported, and what happens when nobody reads the output any more.

import { type Command, CommanderError } from "commander";
import { program } from "./commands/program.js";
import { MulabError, writeFailed } from "./core/errors.js";
import { guard } from "./terminal/guard.js";

/** Reports a mistake in plain words; what is not the user's mistake keeps its stack. */
function report(error: unknown): void {
  // What a message quotes may have line ends: those lines are set in, so that none passes for one of ours.
  if (error instanceof MulabError) console.error(`mulab: ${error.message.replaceAll("\n", "\n  ")}`);
  else
    console.error(
      "mulab: something went wrong that should not have; the run, if any, is kept up to its last event.\n",
      error,
    );
}

/** A mistake ends in an exit code, and says which help to ask for. */
function reportingMistakes(command: Command, path = command.name()): Command {
  command.exitOverride();
  // What was typed may have line ends too.
  command.configureOutput({
    outputError: (text, write) => write(`${text.trimEnd().replaceAll("\n", "\n  ")}\n`),
  });
  const says = command.commands.length > 0 ? "lists the commands" : "says what it takes";
  command.showHelpAfterError(`(${path} --help ${says})`);
  for (const each of command.commands) reportingMistakes(each, `${path} ${each.name()}`);
  return command;
}

// A reader that has seen enough (`mulab tasks | head`) closes the pipe: that is not a mistake, and a run is kept as at Ctrl-C.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  report(writeFailed("standard output", error)); // a full disk, most likely
  process.exit(1);
});

// Under --json the lines for people go there: their reader may have gone while another still waits for the document.
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
