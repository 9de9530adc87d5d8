// `%merge A B FOLDER`: two runs of one root become one.

import { mergeCommand } from "../../commands/merge.js";
import { usage } from "../../core/errors/index.js";
import type { Call } from "./call.js";
import { folderOf } from "./show.js";

export async function mergeLine({ args }: Pick<Call, "args">): Promise<void> {
  const [first, second, out, prefer, ...more] = args.split(/\s+/).filter(Boolean);
  const isKnown = prefer === undefined || prefer === "first" || prefer === "second";
  if (first === undefined || second === undefined || out === undefined || !isKnown || more.length > 0)
    throw usage(
      "Name two runs of one root and a new folder, as in %merge first second runs/both; add first or second to say whose model counts where both trained a task.",
    );
  await mergeCommand(folderOf(first), folderOf(second), { out, ...(prefer && { prefer }) });
}
