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
