// Evolver cells and `watch` in a notebook.

import { MulabError } from "./error.js";
import { withStop } from "./phrases.js";

/** `value` is quoted as the cell has it. */
export const cellValueNotValid = (what: string, value: unknown, expected: string) =>
  new MulabError(
    "cells/not-valid",
    withStop(`${what} is ${JSON.stringify(value)}, but must be ${expected}`),
    {
      found: JSON.stringify(value),
      expected,
    },
  );

export const cellNotKeys = () =>
  new MulabError(
    "cells/not-valid",
    "An evolver cell is lines of `key: value`, such as `experiment: preliminary`.",
  );

/** `names` are the available experiments. */
export const cellWithoutExperiment = (magic: string, names: readonly string[]) =>
  new MulabError("cells/not-valid", `${magic} has no experiment to evolve.`, {
    expected: `one of ${names.join(", ")}`,
    remedy: `The experiments are ${names.join(", ")}. Write a line such as \`experiment: ${names[0]}\` below it; Tab completes its other keys.`,
  });

/** `found` is what the YAML parser says. */
export const cellNotYaml = (found: string) => new MulabError("cells/not-yaml", `${found}.`, { found });

export const noComm = () =>
  new MulabError("kernel/no-comm", "watch() found no widget kernel, so it prints text.", {
    remedy: 'Choose the "TypeScript (mulab)" kernel for live charts.',
  });
