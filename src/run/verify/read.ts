// What `verify` reads of a run: its events, the bytes after the last one, and its layers, each with any faults.

import { hasCode, MulabError } from "../../core/errors/index.js";
import type { Event } from "../../core/event.js";
import { hasOnlyNumbers, type LayerSummary, summarizeLayer } from "../../core/layer-codec.js";
import type { LayerId } from "../../core/model.js";
import type { RunReader } from "../folder.js";
import { isTip } from "../tip.js";
import { n, named, short } from "./rules.js";
import type { Walk } from "./walk.js";

/** All events up to the first damaged line, and the hash of the last one. */
export async function readEvents(
  run: RunReader,
): Promise<{ events: Event[]; failures: readonly string[]; seal: string }> {
  const events: Event[] = [];
  let hasCome = run.tip === null;
  let seal = "";
  try {
    for await (const event of run.journal.read(0)) {
      events.push(event.event);
      hasCome ||= isTip(run, event);
      seal = event.hash;
    }
  } catch (error) {
    if (!hasCode(error, "journal/damaged")) throw error;
    return { events, failures: [error.message], seal };
  }
  const failures = [
    ...(run.tipDamage === undefined ? [] : [run.tipDamage]),
    ...(hasCome
      ? []
      : [
          `it is not the journal that had ${n(run.tip!.events, "event")} by tip.json: it was emptied, cut, rolled back or replaced`,
        ]),
  ];
  return { events, failures, seal };
}

/** What follows the last complete line: nothing, a line that is being written or that a crash tore, or foreign bytes. */
export async function tailOf(
  { journal }: RunReader,
  isWritten: boolean,
): Promise<{ note: string; failures: string[] }> {
  const tail = await journal.tail();
  if (!tail) return { note: "", failures: [] };
  const what = `${n(tail.bytes, "byte")} after the last whole line`;
  if (isWritten) return { note: ` (and ${what}, which is being written)`, failures: [] };
  if (tail.isTorn)
    return {
      note: ` (and ${what}: the beginning of a line that a crash tore, which counts for nothing)`,
      failures: [],
    };
  return {
    note: "",
    failures: [
      `${what} are not the beginning of a line: something else than mulab wrote them, or the line before lost its end`,
    ],
  };
}

/** Hashes every layer file and reads its header. */
export async function readLayers({ store }: RunReader, walk: Walk) {
  const files = new Set<LayerId>();
  const summaries = new Map<LayerId, LayerSummary>();
  const failures: string[] = [];
  let bytes = 0;
  for (const id of await store.list()) {
    try {
      const content = await store.get(id);
      files.add(id);
      bytes += content.length;
      summaries.set(id, summarizeLayer(content, `Layer ${short(id)}`));
      if (!hasOnlyNumbers(content)) failures.push(`Layer ${short(id)} holds weights that are not numbers`);
    } catch (error) {
      if (!(error instanceof MulabError)) throw error;
      if (hasCode(error, "store/missing-layer")) continue; // removed just now; the check of the models shows whether it is needed
      files.add(id);
      const users = walk.models.filter((model) => model.path?.some((layer) => layer.id === id));
      failures.push(
        `${error.message} ${users.length > 0 ? `In use by ${users.map(named).join(", ")}.` : "No model uses it."}`,
      );
    }
  }
  for (const stranger of await store.strangers()) failures.push(`${stranger} in ${store.dir} is not a layer`);
  return { files, summaries, bytes, failures };
}
