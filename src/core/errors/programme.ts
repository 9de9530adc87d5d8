// Programmes: their folder and plan.

import { MulabError } from "./error.js";

export const notAProgramme = (dir: string, file: string) =>
  new MulabError("programme/not-a-programme", `${dir} is not a programme: it has no ${file}.`, {
    found: `no ${file}`,
    remedy: "Name a folder that `mulab programme` made, or a programme to begin one.",
  });

export const damagedProgramme = (file: string, found: string, expected: string) =>
  new MulabError("programme/damaged", `${file}: ${found}; expected ${expected}.`, {
    found,
    expected,
    remedy: "Restore the file from a copy; nothing was changed.",
  });

export const differentProgramme = (dir: string, name: string) =>
  new MulabError(
    "programme/different",
    `${dir} holds another programme, ${name}, or this one with other options.`,
    {
      found: name,
      remedy: `Continue it as planned with \`mulab programme ${dir}\`, or name another folder with --out.`,
    },
  );

export const notOfProgramme = (
  dir: string,
  segment: number,
  found = "one without a title",
  planned = "no further one",
) =>
  new MulabError(
    "programme/other-segment",
    `Segment ${segment} of ${dir} is ${found}, but its programme has ${planned} there.`,
    {
      found,
      expected: planned,
      remedy: `Let the run go its own way with \`mulab extend ${dir} …\`, or put back the folder as the programme left it.`,
    },
  );
