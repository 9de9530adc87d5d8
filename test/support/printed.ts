// What commands print during a test, kept off the terminal.

import { afterEach, beforeEach, vi } from "vitest";

/** Catches what the tests of a file print: standard output as `text`, standard error unread. */
export function catchPrinted(): { readonly text: string; clear(): void } {
  let text = "";
  beforeEach(() => {
    text = "";
    vi.spyOn(process.stdout, "write").mockImplementation((more) => {
      text += more;
      return true;
    });
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
  });
  afterEach(() => vi.restoreAllMocks());
  return {
    get text() {
      return text;
    },
    clear() {
      text = "";
    },
  };
}
