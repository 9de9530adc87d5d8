// Merging two runs: why they can't become one.

import { MulabError } from "./error.js";
import { some } from "./phrases.js";

export const sameRun = (a: string, b: string) =>
  new MulabError("merge/same-run", `${b} has nothing that ${a} does not have already.`, {
    found: "the same run, or an earlier state of it",
    expected: "a run with tasks or activations of its own",
    remedy: "Name two runs that went different ways.",
  });

export const otherRoots = (a: string, b: string, what: string) =>
  new MulabError("merge/other-root", `${a} and ${b} have different roots: ${what}.`, {
    found: what,
    expected: "the same root, byte for byte",
    remedy:
      "Only runs of one root can be merged: forks of a run, or runs that began with the same root file.",
  });

export const otherScoring = (a: string, b: string, found: string, expected: string) =>
  new MulabError("merge/other-scoring", `${b} scores models by ${found}, ${a} by ${expected}.`, {
    found,
    expected,
    remedy: `Extend one of them under the other's score first: \`mulab extend ${b} --tasks … --set scaleFactor=…\`.`,
  });

/** The two systems know `tasks` by different images. */
export const otherImages = (tasks: readonly string[]) =>
  new MulabError("merge/other-images", `Both runs have ${some(tasks)}, but with different images.`, {
    found: "different fingerprints, classes or augmentations",
    expected: "the same images for tasks of one name",
    remedy: "Forget the task in one of the runs (in a fork of it), or begin it under another name.",
  });

export const otherAccess = (tasks: readonly string[]) =>
  new MulabError(
    "merge/other-access",
    `Both runs have ${some(tasks)}, but the tasks that may build on it differ.`,
    {
      found: "different access",
      expected: "the same access for tasks of one name",
      remedy: "Forget the task in one of the runs (in a fork of it).",
    },
  );

export const twoModels = (tasks: readonly string[]) =>
  new MulabError("merge/two-models", `Both runs have a model of their own of ${some(tasks)}.`, {
    found: "two different models of one task",
    expected: "one",
    remedy: "Say whose models count: --prefer first or --prefer second. The other ones are dropped.",
  });

export const forgottenInOne = (dir: string, tasks: readonly string[]) =>
  new MulabError("merge/forgotten", `${dir} has forgotten ${some(tasks)}, which the other run trained.`, {
    found: "a forgotten task",
    expected: "a task that both have or both have forgotten",
    remedy: `A merge would bring it back. Forget it in the other run (in a fork of it), or extend ${dir} by it first.`,
  });

export const momentInMerge = (dir: string) =>
  new MulabError("merge/inside", `${dir} can't be forked at that moment, which is inside a merge.`, {
    found: "a moment of the other system, before both were one",
    expected: "a moment before or after the merge",
    remedy: "Fork the run that was merged, or choose the end of a segment.",
  });
