// A run of each format. Format 1, kept for ever: written on 2026-11-21 by a tiny evolution with a made-up trainer, with a child that
// broke, a loss that overflowed, an adapter, a private task and an interruption. Whatever mulab becomes, it reads this.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { Event, JournalEvent } from "../../src/core/event.js";
import { decodeLayer, encodeLayer } from "../../src/core/layer-codec.js";
import { readRun } from "../../src/run/folder.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { fileJournal } from "../../src/store/journal.js";

const DIGEST = "821111e52fc614d0ea2ea80f51f3e22e0eb054331f387b365b91afaa414a8bec";
const LAST_HASH = "46d2bc54f6bad4fe437f48e41739a540a212dd21f3f4fe37172c3759c03be405";
const COUNTS = {
  "run-started": 1,
  "root-added": 1,
  "activation-started": 2,
  "generation-started": 5,
  "child-planned": 10,
  "child-validated": 16,
  "child-finished": 8,
  "generation-ended": 4,
  "run-resumed": 1,
  "activation-ended": 2,
  "model-tested": 2,
  "run-ended": 1,
};
const dir = fileURLToPath(new URL("fixtures/journal-format-1", import.meta.url));

async function journalOf(path: string): Promise<JournalEvent[]> {
  const events: JournalEvent[] = [];
  for await (const event of fileJournal(path).read(0)) events.push(event);
  return events;
}

it("a journal of format 1 is read as it was written", async () => {
  const events = await journalOf(join(dir, "events.jsonl"));
  const counts: Record<string, number> = {};
  for (const { event } of events) counts[event.type] = (counts[event.type] ?? 0) + 1;
  expect(counts).toEqual(COUNTS);
  expect(events.at(-1)!.hash).toBe(LAST_HASH);
  const first = events[0]!.event as Extract<Event, { type: "run-started" }>;
  expect(first.tasks.map(({ name, access }) => [name, access])).toEqual([
    ["বাংলা", "public"],
    ["secret", "private"],
  ]);
  const losses = events.flatMap(({ event }) => (event.type === "child-validated" ? [event.loss] : []));
  expect(losses.filter((loss) => !Number.isFinite(loss))).toEqual([Number.POSITIVE_INFINITY]);
  const outcomes = events.flatMap(({ event }) =>
    event.type === "child-finished" ? [event.outcome.result] : [],
  );
  expect([...new Set(outcomes)].sort()).toEqual(["discarded", "failed", "improved"]);
});

it("a journal of format 1 is written to the same bytes again", async () => {
  const path = join(dir, "events.jsonl");
  const other = mkdtempSync(join(tmpdir(), "mulab-test-"));
  try {
    const journal = fileJournal(join(other, "events.jsonl"));
    await journal.append((await journalOf(path)).map(({ event }) => event));
    await journal.close();
    expect(readFileSync(join(other, "events.jsonl")).equals(readFileSync(path))).toBe(true);
  } finally {
    rmSync(other, { recursive: true });
  }
});

it("layers of format 1 are read, and written to the same bytes again", async () => {
  const { store } = await readRun(dir);
  const ids = await store.list();
  expect(ids.length).toBe(16);
  for (const id of ids) {
    const bytes = await store.get(id);
    expect(Buffer.compare(encodeLayer(decodeLayer(bytes)), bytes)).toBe(0);
  }
});

it("a run of format 1 is verified, with the digest that it always had", async () => {
  const report = await verifyRun(dir);
  expect(report.checks.flatMap((check) => check.failures)).toEqual([]);
  expect(report.digest).toBe(DIGEST);
});

it("a run of format 2 is verified whole, run.json and the end of its journal included", async () => {
  const report = await verifyRun(fileURLToPath(new URL("fixtures/journal-format-2", import.meta.url)));
  expect(report.checks.flatMap((check) => check.failures)).toEqual([]);
  expect(report.uncovered).toEqual([]);
  expect(report.digest).toBe("d576e3d9201b2cb22d1faf6a67c602691347e1ec85d80c4ebef26f007433731c");
});
