// Layers, each a file named by the hash of its bytes; and files that the system refuses to read or write.

import { MulabError } from "./error.js";
import { reason, short } from "./phrases.js";

const LAYER_REMEDY =
  "Restore the file from a copy; `mulab verify` lists the models that use it, and `mulab repair` makes a new run of what can still be proved";

export const corruptLayer = (id: string, where: string, found: string) =>
  new MulabError(
    "store/corrupt-layer",
    `Layer ${short(id)} in ${where} does not match its name: its bytes hash to ${short(found)}.`,
    {
      found,
      expected: id,
      remedy: `${LAYER_REMEDY}.`,
    },
  );

export const missingLayer = (id: string, where: string) =>
  new MulabError("store/missing-layer", `Layer ${short(id)} is not in ${where}.`, {
    expected: id,
    remedy: `${LAYER_REMEDY}.`,
  });

export const malformedLayer = (where: string, found: string) =>
  new MulabError("store/malformed-layer", `${where} is not a layer of mulab: ${found}.`, { found });

export const layerMismatch = (name: string, found: string, expected: string) =>
  new MulabError("store/layer-mismatch", `Layer ${name} has ${found}, but the model needs ${expected}.`, {
    found,
    expected,
  });

export const readFailed = (path: string, cause: unknown) =>
  new MulabError("store/read-failed", `Can't read ${path}: ${reason(cause)}.`, { cause });

/** What the system refused where no command expected it; null for errors of any other kind. */
export function systemRefused(error: unknown): MulabError | null {
  if (!(error instanceof Error)) return null;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined || path === undefined) return null;
  return new MulabError("system/refused", `The system could not ${syscall} ${path}: ${reason(error)}.`, {
    remedy: "Check the disk and your permissions, then run the command again.",
    cause: error,
  });
}

/** Why a file can't be written, what to do, and whether every other file on this machine would fail too. */
const WRITE_FAILURES: Readonly<Record<string, { why: string; remedy: string; fatal?: true }>> = {
  ENOSPC: {
    why: "the disk is full",
    remedy: "Free some space and `mulab resume` the run; nothing written before is lost.",
    fatal: true,
  },
  EDQUOT: {
    why: "the disk quota is used up",
    remedy: "Free some space and `mulab resume` the run; nothing written before is lost.",
    fatal: true,
  },
  EACCES: {
    why: "you may not write there",
    remedy: "Choose another folder with --out, or change its permissions.",
    fatal: true,
  },
  EPERM: {
    why: "you may not write there",
    remedy: "Choose another folder with --out, or change its permissions.",
    fatal: true,
  },
  EROFS: { why: "the file system is read-only", remedy: "Choose another folder with --out.", fatal: true },
  EEXIST: { why: "a file of that name is in the way", remedy: "Choose another folder with --out." },
  EISDIR: { why: "a folder of that name is in the way", remedy: "Choose another name with --out." },
  ENOTDIR: { why: "a file is where a folder should be", remedy: "Choose another folder with --out." },
  ENOENT: { why: "no folder can be made there", remedy: "Choose another folder with --out." },
};

export const writeFailed = (path: string, cause: NodeJS.ErrnoException) => {
  const known = WRITE_FAILURES[cause.code ?? ""];
  return new MulabError(
    `store/${(cause.code ?? "write-failed").toLowerCase()}`,
    `Can't write ${path}: ${known?.why ?? reason(cause)}.`,
    { remedy: known?.remedy, fatal: known?.fatal, cause },
  );
};

/** `found` and `expected` include their articles. */
export const notOurs = (path: string, found: string, expected: string) =>
  new MulabError("store/not-ours", `${path} is ${found}, not ${expected}, and was not replaced.`, {
    found,
    expected,
    // Nobody is sent to remove a device or a folder.
    remedy:
      found === "another file"
        ? "Remove it, or choose another name with --out."
        : "Choose another name with --out.",
  });
