// The journal of a run.

import { MulabError } from "./error.js";
import { some } from "./phrases.js";

export const eventNotValid = (path: string, found: string, expected: string) =>
  new MulabError("journal/not-valid-event", `${path} is ${found}; expected ${expected}.`, {
    found,
    expected,
  });

export const damagedJournal = (file: string, line: number, found: string) =>
  new MulabError(
    "journal/damaged",
    `${file}, line ${line}: ${found}. Only the last line of a journal may be torn, so this line was changed after it was written.`,
    {
      found,
      remedy:
        "Restore the file from a copy. If there is none, `mulab repair` makes a new run of what can still be proved. Nothing was changed.",
    },
  );

export const journalCut = (file: string, found: number, expected: number) =>
  new MulabError(
    "journal/cut",
    `${file} has ${found} events, but the run's journal had ${expected} before: it was emptied, cut, rolled back or replaced.`,
    {
      found: `${found} events`,
      expected: `${expected} events`,
      remedy:
        "Restore it from a copy. If there is none, `mulab repair` makes a new run of what can still be proved. Nothing was changed.",
    },
  );

/** `layers` names layers that the journal does not mention, such as "3f9a12c4, trained on bangla". */
export const journalWithoutLayers = (file: string, layers: readonly string[]) =>
  new MulabError(
    "journal/cut",
    `${file} does not mention ${layers.length === 1 ? "a layer that is" : `${layers.length} layers that are`} beside it (${some(layers)}): it was emptied, cut or rolled back.`,
    {
      remedy:
        "Restore it from a copy. If there is none, `mulab repair` makes a new run of what can still be proved; to start over, name another folder. Nothing was changed.",
    },
  );

export const journalMoved = (file: string) =>
  new MulabError(
    "journal/moved",
    `${file} was changed by another process while it was being written. Nothing more was written.`,
    { remedy: "`mulab verify` shows whether it is sound." },
  );
