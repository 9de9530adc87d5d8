/**
 * Every error of the kernel that a person can cause, in one place: what happened, what was found and expected, and what to do.
 *
 * The kernel shares nothing with src/, so this is a catalogue of its own. Codes are stable; messages are for reading.
 */

import type { Place } from "./compiler/edits.js";

/** A mistake that a person can mend. */
export class KernelError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "KernelError";
  }
}

const kernelError = (code: string, message: string) => new KernelError(`kernel/${code}`, message);

/** A path on one line, so that its name can't forge a line of a message. */
const shown = (path: string): string => path.replace(/\p{Cc}/gu, " ");

// ---- starting and installing

export const noConnectionFile = () =>
  kernelError(
    "no-connection-file",
    "The kernel needs --config-path=FILE, Jupyter's connection file. Jupyter starts the kernel; install it with `mulab kernel install`.",
  );

export const cannotListen = (ip: string, reason: string) =>
  kernelError(
    "cannot-listen",
    `The kernel could not listen on ${ip} (${reason}). Another process may have taken a port of the connection file; restart the kernel.`,
  );

export const notAFolder = (path: string) =>
  kernelError("not-a-folder", `The kernel could not be installed: ${shown(path)} is not a folder.`);

export const notWritable = (path: string) =>
  kernelError(
    "not-writable",
    `The kernel could not be installed: ${shown(path)} is not writable. Use --user, or --prefix with a folder of yours.`,
  );

export const noEnvironment = () =>
  kernelError(
    "no-environment",
    "--sys-prefix means the environment of Jupyter, but no conda or venv is active and no `jupyter` is on the PATH. Activate one, or use --user or --prefix DIR.",
  );

export const noServer = () =>
  kernelError(
    "no-server",
    [
      "No JupyterLab and no Jupyter Notebook was found on the PATH. To get one:",
      "  with conda:   conda env create -f environment.yml && conda activate mulab",
      "  with pip:     pip install jupyterlab",
      "  on Debian:    apt install jupyter-notebook",
      "Then run `mulab lab` again.",
    ].join("\n"),
  );

export const noNotebookFolder = (folder: string) =>
  kernelError("no-folder", `There is no folder ${shown(folder)} to show notebooks of.`);

// ---- questions to a person

export const nobodyToAsk = (caller: string) =>
  kernelError(
    "no-stdin",
    `${caller} found no one to ask: this front end does not take questions. Set the value in the cell instead.`,
  );

// ---- comms

export const commClosed = (id: string, target: string) =>
  kernelError(
    "comm-closed",
    `Comm ${id} (${target}) is closed, so nothing can be sent on it. Open a new one.`,
  );

// ---- magics

/** `meant` is what was probably meant, if anything is near. */
export const unknownMagic = (magic: string, known: readonly string[], meant?: string) =>
  kernelError(
    "unknown-magic",
    `There is no magic ${magic}${meant === undefined ? "." : `; did you mean ${meant}?`} ${known.length === 0 ? "No package has registered any" : `Known are ${known.join(", ")}`}; import the package that brings it, then run the cell again.`,
  );

export const badMagicName = (name: string, sign: string) =>
  kernelError(
    "bad-magic-name",
    `"${name}" cannot name a magic: use letters, digits, _ and -; you type it as ${sign}name.`,
  );

export const magicNeeds = (magic: string, what: string, example: string) =>
  kernelError("magic-needs", `${magic} needs ${what}, such as ${example}.`);

export const unknownName = (name: string) =>
  kernelError("unknown-name", `%doc knows no "${name}". Is it spelled as in the cell that declares it?`);

// ---- modules and the compiler, in the words of Node's own errors

export function noModule(specifier: string, folder: string, isRelative: boolean): Error {
  const message = isRelative
    ? `Cannot find module '${specifier}' from ${folder}. Write the file, or mend the path, and run the cell again.`
    : `Cannot find package '${specifier}' from ${folder}. Install it there (npm install ${specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/")}), and run the cell again; the kernel need not be restarted.`;
  return Object.assign(new Error(message), { code: "ERR_MODULE_NOT_FOUND" });
}

export const badModuleSyntax = (file: string, { line, column }: Place, message: string): Error =>
  new SyntaxError(`${file}:${line + 1}:${column + 1}: ${message}`);

export const moduleAwaits = (file: string): Error =>
  Object.assign(
    new Error(
      `${file} awaits at its top level, or has decorators, so it cannot be required. Use import instead.`,
    ),
    { code: "ERR_REQUIRE_ASYNC_MODULE" },
  );

export const badVariableName = (name: string): Error =>
  new Error(`"${name}" cannot be a variable: use letters, digits and _, not beginning with a digit.`);

export const compilerFailed = (reason: string): Error =>
  new Error(`The TypeScript compiler failed. ${reason}`);

// ---- displays

export const notAnImage = (found: string) =>
  kernelError(
    "not-an-image",
    `image() takes the bytes of a PNG, JPEG, GIF, WebP or SVG; these begin with ${found}. Encode the pixels first, for example with sharp.`,
  );

// ---- subshells

export const noSubshell = (id: string) =>
  kernelError("no-subshell", `There is no subshell ${id}: it was deleted, or belongs to another kernel.`);
