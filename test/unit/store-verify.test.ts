// `mulab verify` on sound runs, and on runs whose files were damaged.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { pretrainedOrigin } from "../../src/core/experiment.js";
import { retainedModels } from "../../src/core/live.js";
import { digestOf } from "../../src/run/digest.js";
import { openRun } from "../../src/run/folder.js";
import { type VerifyReport, verifyRun } from "../../src/run/verify/verify.js";
import { fileStore } from "../../src/store/files.js";
import { broken, copyRun, failures, retellRun, type SoundRun, writeSoundRun } from "../support/sound-run.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment } from "../support/tiny.js";

const folder = temporaryFolders();
let sound: SoundRun;
beforeAll(async () => {
  sound = await writeSoundRun(join(folder(), "sound"), tinyExperiment({ seed: 3 }));
});
const detailOf = ({ checks }: VerifyReport, check: string) =>
  checks.find(({ name }) => name === check)!.detail;
const copy = () => copyRun(sound, join(folder(), "run"));

describe("verifying a sound run", () => {
  it("proves everything and says with counts what it looked at", async () => {
    const report = await verifyRun(sound.dir);
    expect(failures(report)).toBe("");
    expect(report.ok).toBe(true);
    expect(report.digest).toBe(digestOf(sound.events));
    expect(report.writer).toBe(null);
    const details = Object.fromEntries(report.checks.map(({ name, detail }) => [name, detail]));
    expect(Object.keys(details)).toEqual([
      "journal",
      "order",
      "training",
      "search",
      "selection",
      "draws",
      "layers",
      "models",
      "no parent changed",
      "privacy",
    ]);
    expect(details.journal).toBe(`${sound.events.length} events in one unbroken chain of hashes`);
    expect(details.layers).toMatch(/^\d+ layers re-hashed, [\d.]+ kB$/);
    expect(details.models).toMatch(
      /^4 models .* \(0 layers of other models pruned, 0 layers in use by none\)$/,
    );
    expect(details["no parent changed"]).toMatch(/all \d+ shared layers are the very layers of an ancestor/);
    expect(details.privacy).toMatch(/^37 models: .* \(1 private task\)$/);
  });

  it("that was pruned to its retained models proves as much", async () => {
    const dir = copy();
    const run = await openRun(dir);
    const keep = new Set(retainedModels(sound.state).flatMap((model) => model.path.map(({ id }) => id)));
    const dead = (await run.store.list()).filter((id) => !keep.has(id));
    const { layers } = await run.store.remove(dead);
    await run.close();
    expect(layers).toBeGreaterThan(0);
    const report = await verifyRun(dir);
    expect(failures(report)).toBe("");
    expect(detailOf(report, "models")).toContain(`(${layers} layers of other models pruned`);
  });

  it("of either method, with any number of tasks that are private, finds nothing", async () => {
    for (const access of ["public", "private"] as const) {
      const experiment = tinyExperiment({
        tasks: ["a", "b"].map((name) => ({ name, access })),
        generations: 1,
      });
      const method = { ...experiment.method, insertAdapters: true };
      const { dir } = await writeSoundRun(join(folder(), "run"), { ...experiment, method });
      expect(failures(await verifyRun(dir))).toBe("");
    }
  });

  it("that is being written or was interrupted at any event finds nothing, and names the writer", async () => {
    for (const kept of [2, 3, 10, 17, Math.floor(sound.events.length / 2)]) {
      const dir = await retellRun(sound, join(folder(), "run"), sound.events.slice(0, kept));
      const run = await openRun(dir);
      const report = await verifyRun(dir);
      await run.close();
      expect(failures(report)).toBe("");
      expect(report.writer).toBe(process.pid);
    }
  });

  it("that was resumed counts what the resume made void, and has the digest of an uninterrupted one", async () => {
    const boundary = sound.events.findIndex((event) => event.type === "generation-ended") + 1;
    const again = [
      ...sound.events.slice(0, boundary + 4),
      { type: "run-resumed", kept: boundary } as const,
      ...sound.events.slice(boundary),
    ];
    const report = await verifyRun(await retellRun(sound, join(folder(), "run"), again));
    expect(failures(report)).toBe("");
    expect(detailOf(report, "order")).toContain("(1 resume made 4 events void)");
    expect(report.digest).toBe(digestOf(sound.events));
  });
});

describe("verifying a damaged run", () => {
  it("continues after a damaged line and reports all else that is wrong as well", async () => {
    const dir = copy();
    const path = join(dir, "events.jsonl");
    const lines = readFileSync(path, "utf8").split("\n");
    lines[40] = lines[40]!.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
    writeFileSync(path, lines.join("\n"));
    const store = fileStore(join(dir, "layers"));
    const [head, embedding] = [sound.state.models.get(0)!.path.at(-1)!, sound.state.models.get(0)!.path[0]!];
    writeFileSync(store.pathOf(head.id), "damaged");
    rmSync(store.pathOf(embedding.id));
    writeFileSync(join(dir, "layers", "stranger"), "");
    const report = await verifyRun(dir);
    expect(broken(report)).toEqual(["journal", "layers", "models"]);
    expect(failures(report)).toContain("events.jsonl, line 41: the line does not match its hash");
    expect(failures(report)).toMatch(/does not match its name: .* In use by model 0 \(root\)/);
    expect(failures(report)).toContain(
      `model 0 (root) lacks its embedding, layer ${embedding.id.slice(0, 8)}`,
    );
    expect(failures(report)).toContain("stranger in ");
  });

  const changed = (from: string, to: string): string => {
    const dir = copy();
    const path = join(dir, "run.json");
    const before = readFileSync(path, "utf8");
    expect(before).toContain(from);
    writeFileSync(path, before.replace(from, to));
    return dir;
  };

  it.each([
    ["whole", '"seed": 3'],
    ["in what is not its experiment", '  "seed": 3,\n  "versions"'],
  ])("finds run.json exchanged for another run's, %s", async (_, from) => {
    const dir = changed(from, from.replace("3", "4"));
    const found = failures(await verifyRun(dir));
    expect(found).toMatch(/^run\.json is not the file that the run began with: its sha256 is /);
    expect(found).toMatch(/run\.json has seed 4, but the run began with 3$/);
  });

  it("finds a root whose weights were made from a private task's images", async () => {
    const origin = pretrainedOrigin("secret", 12);
    const checkpoint = { kind: "checkpoint", file: "x", sha256: "0".repeat(64), origin };
    const dir = changed('"kind": "random"', JSON.stringify(checkpoint).slice(1, -1));
    const report = await verifyRun(dir);
    expect(broken(report)).toEqual(["order", "privacy"]);
    expect(failures(report)).toMatch(/the root was pretrained on "secret", which is private$/);
  });

  it("refuses a folder that is not a run", async () => {
    await expect(verifyRun(folder())).rejects.toMatchObject({ code: "run/not-a-run" });
  });
});
