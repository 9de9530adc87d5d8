// Names and values that a person gave: hyperparameters, options and settings.

import { meant, nearestNumbers } from "../nearest.js";
import { MulabError } from "./error.js";
import { list, quote } from "./phrases.js";

export const hyperparamNotValid = (name: string, value: unknown, values: readonly unknown[]) =>
  new MulabError(
    "hyperparams/not-valid",
    `${name} ${quote(value)} is not one of its valid values (${list(values)})${suggestion(value, values)}.`,
    { found: quote(value), expected: list(values) },
  );

/** "; the nearest: …" if a suggestion makes sense, otherwise "". */
function suggestion(given: unknown, valid: readonly unknown[]): string {
  const numbers = nearestNumbers(given, valid);
  if (numbers !== undefined) return `; the nearest: ${numbers}`;
  const name = meant(String(given), valid.map(String));
  return name === undefined ? "" : `; the nearest: "${name}"`;
}

/** "; did you mean …?" if a suggestion makes sense, otherwise "". */
export function didYouMean(given: string, valid: readonly string[]): string {
  const name = meant(given, valid);
  return name === undefined ? "" : `; did you mean "${name}"?`;
}

/** More valid names than this are not spelled out if a command lists them. */
const MOST_LISTED = 40;

/** `listedBy` is the command that lists them all, if there is one. */
export const unknownName = (
  what: string,
  given: string,
  valid: readonly string[],
  where = "",
  listedBy?: string,
) =>
  new MulabError(
    `${what.replaceAll(" ", "-")}/unknown`,
    `There is no ${what} ${quote(given)}${where && ` ${where}`}${didYouMean(given, valid) || "."}`,
    {
      found: given,
      expected: valid.join(", "),
      remedy: `${listedBy && valid.length > MOST_LISTED ? `\`${listedBy}\` lists them all` : `Valid: ${valid.join(", ")}`}.`,
    },
  );

export const valueNotValid = (what: string, given: unknown, expected: string) =>
  new MulabError("options/not-valid", `${what} is ${quote(given)}, but must be ${expected}.`, {
    found: quote(given),
    expected,
  });

/** `found` as JSON. */
export const experimentNotValid = (path: string, found: string, expected: string) =>
  new MulabError("options/not-valid", `experiment${path} is ${found}, but must be ${expected}.`, {
    found,
    expected,
  });

export const usage = (message: string) => new MulabError("options/usage", message);

/** A setting that a segment can't have of its own. */
export const settingOfRun = (key: string) =>
  new MulabError("options/not-valid", `A segment can't set ${key}, which holds for a whole run.`, {
    found: key,
    expected: "a setting of the method, the training or the budget",
    remedy: key === "iterations" ? "Use --iterations." : "Begin another run for it.",
  });

/** A hyperparameter that a segment's models have from their parents. */
export const settingInherited = (key: string) =>
  new MulabError(
    "options/not-valid",
    `A segment can't set ${key}: children have it from their parents, and mutation steps it.`,
    {
      found: key,
      expected: "a setting of the method, the training or the budget",
      remedy: "Begin another run for it, or set `search` of the method by extend() of the API.",
    },
  );

export const planIsStored = (dir: string, given: string) =>
  new MulabError(
    "options/usage",
    `${dir} holds a sweep, which continues as planned: ${given} would change nothing.`,
    {
      found: given,
      remedy: "Leave it out, or name the experiment to plan another sweep in another folder (--out).",
    },
  );
