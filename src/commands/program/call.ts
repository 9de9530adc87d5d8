// A command's file is loaded when the command is called.

import { meanwhile } from "../../terminal/guard.js";

/** Function `name` of a file as an action; the file is loaded when the command is called, so that no command waits for what others need. */
export const command =
  <Name extends string>(load: () => Promise<Record<Name, (...args: never[]) => unknown>>, name: Name) =>
  async (...args: unknown[]): Promise<void> => {
    meanwhile(process.stderr, "starting …");
    const { [name]: run } = await load();
    const done = meanwhile(process.stderr, "working …");
    try {
      await run(...(args as never[]));
    } finally {
      done();
    }
  };
