// Programmes: the paper's sequence as data, and one system that grows by segments and copies, also after a crash anywhere.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { segmentRows } from "../../src/analysis/segments.js";
import { systemClaims } from "../../src/analysis/system-claims.js";
import { type Programme, replicaSeeds, segmentsOf } from "../../src/core/programme.js";
import { GLYPHS_FOR, isTaskName } from "../../src/data/catalog/catalog.js";
import { programmeOf } from "../../src/experiments/programmes.js";
import { forecastOf } from "../../src/programme/forecast.js";
import { programme } from "../../src/programme/grow.js";
import { stepsOf } from "../../src/programme/programme.js";
import type { ProgrammeEvent, ProgrammeRun } from "../../src/programme/programme-run.js";
import { plannedSteps, progressOf } from "../../src/programme/progress.js";
import { openProgramme, readProgramme, replicaDir, systemDir } from "../../src/programme/stored.js";
import { extend } from "../../src/run/extend.js";
import type { OpenOptions } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { breaking } from "../support/breaking-trainer.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment } from "../support/tiny.js";

const newFolder = temporaryFolders();

describe("the paper's sequence", () => {
  const paper = programmeOf("mu2net");
  const planned = segmentsOf(paper);

  it("has Table 7's segments and tasks", () => {
    expect(planned.map(({ title, system }) => [title, system])).toEqual([
      ["ViT tasks", 3],
      ["ViT tasks, continued", 3],
      ["VTAB-full", 26],
      ["ViT tasks again", 26],
      ["Visual Domain Decathlon", 36],
      ["ViT tasks again", 36],
      ["VTAB-full again", 36],
      ["Characters", 44],
      ["VTAB-1k", 69],
      ["ViT tasks again", 69],
    ]);
    expect(planned.map(({ iterations }) => iterations)).toEqual([5, 5, 2, 1, 2, 1, 1, 2, 2, 1]);
    expect(planned.every(({ tasks }) => tasks.every(({ name }) => isTaskName(name)))).toBe(true);
    expect(planned[4]!.replicas).toEqual({ copies: 3, continued: 1 });
  });

  it("has 8 children and batches of 32 for the ViT tasks, then 32 and 64, at 384 pixels", () => {
    expect(planned.map(({ experiment }) => experiment.children)).toEqual([8, 8, ...Array(8).fill(32)]);
    expect(planned[1]!.experiment.training.batchSize).toBe(32);
    expect(planned[2]!.experiment.training).toEqual({ ...planned[1]!.experiment.training, batchSize: 64 });
    expect(paper.experiment).toMatchObject({ decodedSize: 384, generations: 4, seed: 0 });
    expect(replicaSeeds(paper, 4)).toEqual([1, 2, 3]);
    expect(replicaSeeds(paper, 5)).toEqual([]);
  });

  it("is forecast with the children of every copy", () => {
    const forecast = forecastOf(paper, 2);
    expect(forecast.map(({ children }) => children)).toEqual([
      3 * 5 * 32,
      3 * 5 * 32,
      23 * 2 * 128,
      3 * 128,
      10 * 2 * 128 * 3,
      3 * 128,
      23 * 128,
      8 * 2 * 128,
      25 * 2 * 128,
      3 * 128,
    ]);
    expect(forecast.every(({ seconds }) => seconds > 0)).toBe(true);
  });
});

describe("the laptop's sequence", () => {
  it("has the same segments over at least 20 tasks, whose stand-ins never meet", () => {
    const [ours, papers] = [programmeOf("laptop"), programmeOf("mu2net")].map(segmentsOf);
    expect(ours!.map(({ title }) => title)).toEqual(papers!.map(({ title }) => title));
    expect(ours!.at(-1)!.system).toBeGreaterThanOrEqual(20);
    const names = ours!.flatMap(({ fresh }) => fresh.map(({ name }) => GLYPHS_FOR[name] ?? name));
    expect(new Set(names).size).toBe(names.length);
  });
});

const specs = (...names: string[]) =>
  names.map((name) => ({ name: `glyphs/${name}`, access: "public" as const }));

const tiny: Programme = {
  name: "tiny",
  title: "A tiny programme",
  source: "this test",
  begins: "first",
  experiment: tinyExperiment({ iterations: 1, seed: 4, limit: 20, tasks: specs("thai", "lao") }),
  segments: [
    { title: "more", tasks: specs("lao", "khmer"), iterations: 1, settings: { children: 3 } },
    { title: "copies", tasks: specs("oriya"), iterations: 2, replicas: { copies: 3, continued: 2 } },
    { title: "again", tasks: specs("thai"), iterations: 1 },
  ],
};

async function grow(dir: string, options: OpenOptions = {}): Promise<string[]> {
  const done: string[] = [];
  for await (const { title, replica, start } of stepsOf(dir, await openProgramme(dir, tiny))) {
    await (await start({ trainer: fakeTrainer, ...options })).done();
    done.push(replica === undefined ? title : `${title} ${replica}`);
  }
  return done;
}

const digests = async (dir: string): Promise<string[]> =>
  Promise.all(
    [systemDir(dir), replicaDir(dir, 2, 1), replicaDir(dir, 2, 3)].map(
      async (each) => (await readRun(each)).digest,
    ),
  );

describe("a system that grows by a programme", () => {
  it("takes every segment once, with copies of one, and is whole", async () => {
    const dir = join(newFolder(), "tiny");
    expect(await grow(dir)).toEqual(["first", "more", "copies", "copies 1", "copies 3", "again"]);
    expect(await grow(dir)).toEqual([]);
    expect(await readProgramme(dir)).toEqual(tiny);
    for (const each of [systemDir(dir), replicaDir(dir, 2, 1), replicaDir(dir, 2, 3)])
      expect(await verifyRun(each)).toMatchObject({ ok: true });
    const seeds = await Promise.all(
      [systemDir(dir), replicaDir(dir, 2, 1), replicaDir(dir, 2, 3)].map(async (each) =>
        (await readRun(each)).state.changes.map(({ settings }) => settings.seed),
      ),
    );
    expect(seeds).toEqual([
      [undefined, 6],
      [undefined, 5],
      [undefined, 7],
    ]);

    const { experiment, events } = await readRun(systemDir(dir));
    const rows = segmentRows(experiment, events, 2);
    expect(
      rows.map(({ title, fresh, activations, tasks }) => [title, fresh.length, activations, tasks]),
    ).toEqual([
      [experiment.title, 2, 2, 2],
      ["more", 1, 2, 3],
      ["copies", 1, 2, 4],
      ["again", 0, 1, 4],
    ]);
    // No forgetting: what a segment leaves alone is bit for bit what it was.
    for (const [i, row] of rows.slice(1).entries())
      for (const [task, accuracy] of Object.entries(rows[i]!.accuracies))
        if (!row.activated.includes(task)) expect(row.accuracies[task]).toBe(accuracy);
    const claims = systemClaims(await readRun(systemDir(dir)), 2);
    expect(claims.map(({ verdict }) => verdict)).toEqual([
      "holds",
      rows.at(-1)!.activatedShare < rows[0]!.activatedShare ? "holds" : "does not hold",
      "not decided by this run", // too few tasks
      "holds",
    ]);
    expect(claims[0]!.ours).toBeGreaterThan(0);
    expect(claims[3]!.ours).toBe(0);
    for (const row of rows) expect(row.addedParams).toBeCloseTo(row.systemParams / row.tasks, 6);
  });

  it("comes to the same bytes wherever it was cut short", async () => {
    const whole = join(newFolder(), "whole");
    await grow(whole);
    const expected = await digests(whole);
    const dir = join(newFolder(), "broken");
    let crashes = 0;
    for (let left = 1; crashes < 40; left = (left % 3) + 1)
      try {
        await grow(dir, { trainer: breaking(left) });
        break;
      } catch (error) {
        if (!(error instanceof Error && error.message.includes("power cut"))) throw error;
        crashes += 1;
      }
    expect(crashes).toBeGreaterThan(3);
    expect(await digests(dir)).toEqual(expected);
  });

  it("stops where somebody else has let the system grow, instead of taking that for a segment", async () => {
    const dir = join(newFolder(), "tiny");
    for await (const { start } of stepsOf(dir, await openProgramme(dir, tiny))) {
      await (await start({ trainer: fakeTrainer })).done();
      break;
    }
    const own = { tasks: ["glyphs/thai"], iterations: 1 };
    await (await extend(systemDir(dir), own, { trainer: fakeTrainer })).done();
    await expect(grow(dir)).rejects.toMatchObject({ code: "programme/other-segment" });
  });

  it("refuses another plan, a folder with other files, and a damaged plan", async () => {
    const dir = join(newFolder(), "tiny");
    await openProgramme(dir, tiny);
    await expect(openProgramme(dir, { ...tiny, title: "Another" })).rejects.toMatchObject({
      code: "programme/different",
    });
    const full = newFolder();
    writeFileSync(join(full, "notes.txt"), "");
    await expect(openProgramme(full, tiny)).rejects.toMatchObject({ code: "run/folder-not-empty" });
    await expect(readProgramme(full)).rejects.toMatchObject({ code: "programme/not-a-programme" });
    const torn = join(newFolder(), "torn");
    mkdirSync(torn);
    for (const [text, code] of [
      ['{"format":1,"programme":', "programme/damaged"],
      [
        JSON.stringify({ format: 1, programme: { ...tiny, segments: [{ title: "x" }] } }),
        "programme/damaged",
      ],
      [JSON.stringify({ format: 2, programme: tiny }), "run/newer-format"],
    ] as const) {
      writeFileSync(join(torn, "programme.json"), text);
      await expect(readProgramme(torn)).rejects.toMatchObject({ code });
    }
  });
});

/** Grows `tiny` in `dir` by programme(), which `act` may stop; returns what was told. */
async function growing(
  dir: string,
  act: (event: ProgrammeEvent, growing: ProgrammeRun) => void = () => {},
): Promise<{ run: ProgrammeRun; told: string[] }> {
  const told: string[] = [];
  const run = await programme(dir, tiny, {
    trainer: fakeTrainer,
    onEvent: (event, growing) => {
      if (event.type === "step-started" || event.type === "step-ended")
        told.push(`${event.type} ${event.step.title}${event.step.replica ?? ""}`);
      act(event, growing);
    },
  });
  await run.done();
  return { run, told };
}

describe("a programme as one thing to watch", () => {
  it("tells of every step, comes to the command's bytes, and its system is one run throughout", async () => {
    const home = newFolder();
    await grow(join(home, "steps"));
    const seen: number[] = [];
    const { run, told } = await growing(join(home, "one"), (event, { system }) => {
      if (event.type === "run-event" && event.step.replica === undefined) {
        expect(system.state.models.length).toBeGreaterThanOrEqual(event.state.models.length);
        seen.push(event.state.models.length);
      }
    });
    expect(await digests(join(home, "one"))).toEqual(await digests(join(home, "steps")));
    expect(told).toEqual(
      ["first", "more", "copies", "copies1", "copies3", "again"].flatMap((step) => [
        `step-started ${step}`,
        `step-ended ${step}`,
      ]),
    );
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(run.status).toBe("ended");
    expect(run.progress).toMatchObject({ stepsDone: 6, childrenDone: 0, secondsLeft: 0 });
    expect(run.system.state.ended).toBe(true);
    const again = await programme(join(home, "one"), tiny, { trainer: fakeTrainer });
    expect((await again.done()).digest).toBe((await digests(join(home, "one")))[0]);
    expect(again.progress.stepsDone).toBe(6);
    await expect(
      programme(join(home, "one"), { ...tiny, segments: tiny.segments.slice(1) }),
    ).rejects.toMatchObject({ code: "programme/different" });
  });

  it.each(["more", "copies1", "again"])("stopped during %s, it continues to the same bytes", async (at) => {
    const home = newFolder();
    await grow(join(home, "whole"));
    const dir = join(home, "stopped");
    const { run } = await growing(dir, (event, growing) => {
      if (event.type !== "run-event" || event.event.type !== "child-finished") return;
      if (`${event.step.title}${event.step.replica ?? ""}` === at) void growing.stop();
    });
    expect(run.status).toBe("stopped");
    const { run: rest, told } = await growing(dir);
    expect(told[0]).toBe(`step-started ${at}`);
    expect(rest.status).toBe("ended");
    expect(await digests(dir)).toEqual(await digests(join(home, "whole")));
  });

  it("that fails says so, and done() rejects with the reason", async () => {
    const run = await programme(join(newFolder(), "broken"), tiny, { trainer: breaking(2) });
    await expect(run.done()).rejects.toThrow("power cut");
    expect(run.status).toBe("failed");
  });

  it("forecasts what is left by its own pace", () => {
    const steps = plannedSteps(tiny, 2);
    expect(steps.map(({ title, replica }) => [title, replica])).toEqual([
      ["first", undefined],
      ["more", undefined],
      ["copies", undefined],
      ["copies", 1],
      ["copies", 3],
      ["again", undefined],
    ]);
    const even = steps.map((step) => ({ ...step, children: 10, seconds: 100 }));
    const fresh = { begun: { step: 0, childrenDone: 0 }, seconds: 0 };
    expect(progressOf(even, 0, 0, fresh).secondsLeft).toBe(600);
    // Half a step in 100 s, where the forecast was 50 s: everything takes twice as long.
    expect(progressOf(even, 0, 5, { ...fresh, seconds: 100 }).secondsLeft).toBe(1100);
    const later = { begun: { step: 3, childrenDone: 5 }, seconds: 50 };
    expect(progressOf(even, 4, 0, later).secondsLeft).toBe(200);
    expect(progressOf(even, 6, 0, later).secondsLeft).toBe(0);
  });
});
