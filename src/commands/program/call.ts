// Calls a command's file, which is loaded only then, so that no command waits for what others need.

import { meanwhile } from "../../terminal/guard.js";

/** Function `name` of a file as an action. The terminal shows that the command is starting, then that it is working. */
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
