// Comparisons with and without a donor task.

import { MulabError } from "./error.js";

export const causeNeedsEarlier = (task: string, donor: string, segment: number) =>
  new MulabError(
    "cause/not-a-donor",
    `"${donor}" can't have caused anything in segment ${segment}, which trains "${task}": it is neither in that segment nor in the run before it.`,
    {
      found: donor,
      expected: "a task that was there when the segment began, or that it trains too",
      remedy: "Name another task to leave out, or a later segment that trains this one again (--segment).",
    },
  );

export const otherCause = (dir: string) =>
  new MulabError("cause/other", `${dir} holds another comparison, or one with other options.`, {
    found: "another plan in its cause.json",
    remedy: "Repeat the command as it was given, or name another folder with --out.",
  });

export const damagedCause = (file: string, found: string) =>
  new MulabError("cause/damaged", `${file} can't be read: ${found}.`, {
    found,
    expected: "what mulab wrote",
    remedy:
      "Restore the file from a copy, or remove its folder and begin again; the run itself is not part of it.",
  });
