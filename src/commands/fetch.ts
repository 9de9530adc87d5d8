// `mulab fetch`: downloads the published files of tasks into the cache, once and checked.

import { valueNotValid } from "../core/errors.js";
import { taskNamed } from "../data/catalog.js";
import { defaultPlaces } from "../data/locate.js";
import { obtain } from "../data/obtain.js";
import { dataProgress } from "./data-progress.js";

export async function fetchCommand(names: readonly string[]): Promise<void> {
  for (const task of names.map(taskNamed)) {
    const { name } = task;
    if (task.kind === "generated")
      throw valueNotValid(
        "The task to fetch",
        name,
        "a published task; this one is drawn when a run asks for it",
      );
    const progress = dataProgress(process.stdout);
    try {
      const sources = await obtain(task, {
        places: defaultPlaces(),
        fetch: "everything",
        onBytes: (done, total) => progress.show({ task: name, doing: "downloading", done, total }),
      });
      progress.end();
      const files = [...sources.values()].flatMap((source) =>
        source.kind === "pinned" ? source.files.map(({ path }) => path) : source.files,
      );
      process.stdout.write(`${name}: ${[...new Set(files)].join(", ")}\n`);
    } finally {
      progress.end();
    }
  }
}
