// `mulab fetch`: downloads the published files of tasks into the cache and checks them; files that are already there are
// checked too.

import { valueNotValid } from "../core/errors/index.js";
import { taskNamed } from "../data/catalog/catalog.js";
import { defaultPlaces, verifyFile } from "../data/locate.js";
import { obtain, type SetSource } from "../data/obtain.js";
import { dataProgress } from "./data-progress.js";

export async function fetchCommand(names: readonly string[]): Promise<void> {
  for (const task of names.map(taskNamed)) {
    const { name } = task;
    if (task.kind === "generated")
      throw valueNotValid(
        "The task to fetch",
        name,
        "a published task; this one is drawn when a run needs it",
      );
    const progress = dataProgress(process.stdout);
    try {
      const sources = await obtain(task, {
        places: defaultPlaces(),
        fetch: "everything",
        onBytes: (done, total) => progress.show({ task: name, doing: "downloading", done, total }),
      });
      progress.end();
      await verifyAll([...sources.values()]);
      const files = [...sources.values()].flatMap((source) =>
        source.kind === "pinned" ? source.files.map(({ path }) => path) : source.files,
      );
      process.stdout.write(`${name}: ${[...new Set(files)].join(", ")}\n`);
    } finally {
      progress.end();
    }
  }
}

/** Throws data/bad-file or data/checksum if a pinned file is not the published one. */
async function verifyAll(sources: readonly SetSource[]): Promise<void> {
  const found = sources.flatMap((source) => (source.kind === "pinned" ? source.files : []));
  const onDisk = new Map(found.filter(({ bytes }) => !bytes).map(({ path, file }) => [path, file]));
  for (const [path, file] of onDisk) await verifyFile(path, file);
}
