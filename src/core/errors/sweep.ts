// Sweeps, and what figures and tables need of their source.

import { MulabError } from "./error.js";

export const pointNotEnded = (what: string) =>
  new MulabError("sweep/not-ended", `${what} has not ended, so it is not a point of a sweep yet.`, {
    remedy: "Let it end first: `mulab resume` continues it.",
  });

export const pointWithoutModel = (what: string, task: string) =>
  new MulabError("sweep/no-model", `${what} has no model for task "${task}": all its children failed.`, {
    remedy: "Its report gives the reasons; run the variant again with another seed.",
  });

export const notASweep = (path: string, found: string) =>
  new MulabError("sweep/not-a-sweep", `${path} is not a sweep: ${found}.`, {
    found,
    remedy: "Name a folder that `mulab sweep` made, or a file that its --export wrote.",
  });

export const damagedSweep = (file: string, found: string, expected: string) =>
  new MulabError("sweep/damaged", `${file}: ${found}; expected ${expected}.`, {
    found,
    expected,
    remedy: "Restore the file from a copy; nothing was changed.",
  });

export const differentPlan = (dir: string, what: string) =>
  new MulabError("sweep/different-plan", `${dir} holds a sweep with another plan: ${what}.`, {
    found: what,
    remedy: `Continue it as it is with \`mulab resume ${dir}\`, or name another folder.`,
  });

export const figureNeeds = (name: string, needs: string, found: string) =>
  new MulabError("figure/needs", `"${name}" needs ${needs}, but this is ${found}.`, {
    found,
    expected: needs,
    remedy: "`mulab figure` and `mulab table` list what each one needs.",
  });
