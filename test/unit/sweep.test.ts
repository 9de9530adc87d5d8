import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { engineMissing, privateRoot, rootMissing, writeFailed } from "../../src/core/errors/index.js";
import type { TaskSpec } from "../../src/core/experiment.js";
import type { Trainer } from "../../src/core/seams.js";
import { variantName } from "../../src/core/variant.js";
import {
  exportSweep,
  readSweep,
  type SweepOptions,
  type SweepRequest,
  sweep,
} from "../../src/sweep/sweep.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyTask } from "../support/tiny.js";
import { tinyMunet, tinyOptions, tinyRequest } from "../support/tiny-sweep.js";

const newFolder = temporaryFolders();
const newDir = () => join(newFolder(), "sweep");

async function whole(dir: string, request: SweepRequest = tinyRequest(), options: SweepOptions = {}) {
  const running = await sweep(dir, request, tinyOptions(options));
  await running.done();
  return running;
}

/** A trainer that breaks in runs whose method trains adapters in every slot. */
const breaking: NonNullable<SweepOptions["trainer"]> = (given): Trainer => {
  const trainer = fakeTrainer(given);
  if (!("adapterSlots" in given.method)) return trainer;
  return {
    ...trainer,
    // biome-ignore lint/correctness/useYield: it breaks before the first cycle
    async *trainGeneration() {
      throw new Error("the engine fell over");
    },
  };
};

describe("a sweep", () => {
  it("runs every point of its plan, and its folder is read as what it returned", async () => {
    const dir = newDir();
    const ran = await whole(dir);
    expect(ran.status).toBe("ended");
    expect(ran.points.map(({ variant, repetition }) => `${variantName(variant)} ${repetition}`)).toEqual([
      "munet-s0.3 0",
      "munet-s1 0",
      "multi-head 0",
      "adapters-8 0",
      "munet-s0.3 1",
      "munet-s1 1",
      "multi-head 1",
      "adapters-8 1",
    ]);
    const read = await readSweep(dir);
    expect(read.points).toEqual(ran.points);
    expect([read.plan, read.failures]).toEqual([ran.plan, []]);
  });

  it("spends the same budget of examples on every variant", async () => {
    const { points } = await whole(newDir());
    expect(new Set(points.map(({ cost }) => cost.examples)).size).toBe(1);
    // 2 tasks x 1 iteration x 2 generations x 2 children x 2 cycles x 3 batches of 8 (24 images train)
    expect(points[0]!.cost.examples).toBe(2 * 1 * 2 * 2 * 2 * 3 * 8);
  });

  it("tells of each point when it begins and when it is durable, and the end last", async () => {
    const dir = newDir();
    const told: string[] = [];
    const durable: Promise<number>[] = [];
    await whole(dir, tinyRequest({ repetitions: 1 }), {
      onEvent: (event) => {
        if (event.type === "run-event") return;
        told.push(event.type);
        if (event.type === "point-ended") durable.push(readSweep(dir).then(({ points }) => points.length));
      },
    });
    expect(told).toEqual([
      ...Array.from({ length: 4 }, () => ["point-started", "point-ended"]).flat(),
      "settled",
    ]);
    for (const [i, count] of (await Promise.all(durable)).entries()) expect(count).toBeGreaterThan(i);
  });

  it("is iterated over point by point, those that are there first", async () => {
    const dir = newDir();
    await whole(dir, tinyRequest(), { only: ["munet-s1"] });
    const seen: string[] = [];
    for await (const point of await sweep(dir, undefined, tinyOptions()))
      seen.push(`${variantName(point.variant)} ${point.repetition}`);
    expect(seen.slice(0, 2)).toEqual(["munet-s1 0", "munet-s1 1"]);
    expect(new Set(seen).size).toBe(8);
  });

  it("loads the tasks of a repetition once for all its points", async () => {
    const seeds: number[] = [];
    const { load } = tinyOptions();
    await whole(newDir(), tinyRequest(), {
      load: (of) => {
        seeds.push(of.seed);
        return load!(of);
      },
    });
    expect(seeds).toHaveLength(2);
    expect(new Set(seeds).size).toBe(2);
  });

  it("trains an experiment of the user's on that one's images, and keeps what each was trained on", async () => {
    const own = tinyMunet();
    const custom = {
      three: { ...own, tasks: [...own.tasks, { name: "three", access: "public" as const }] },
      few: { ...own, limit: 5 },
      plain: own,
    };
    const load: SweepOptions["load"] = async ({ tasks, limit }) =>
      tasks.map(({ name, access }) => ({
        ...tinyTask(name, access),
        ...(limit === 5 && { fingerprint: "5".repeat(64) }),
      }));
    const request = { experiment: own, scaleFactors: [1], repetitions: 1, custom };
    const { points, data } = await whole(newDir(), request, { load });
    expect(points.map(({ tasks }) => tasks.length)).toEqual([2, 3, 2, 2]);
    expect(Object.keys(data)).toEqual(["0", "few_r0"]);
    expect(data.few_r0).toEqual({ one: "5".repeat(64), two: "5".repeat(64) });
    // "plain" came last and has no third task; what is known of that one stays.
    expect(Object.keys(data[0]!)).toEqual(["one", "two", "three"]);
  });

  it("stops at once and continues where it stopped", async () => {
    const dir = newDir();
    const stopped = await sweep(
      dir,
      tinyRequest(),
      tinyOptions({
        onEvent: (event, running) => {
          if (event.type === "run-event" && running.points.length === 3) void running.stop();
        },
      }),
    );
    await stopped.done();
    expect([stopped.status, stopped.points.length]).toEqual(["stopped", 3]);
    const resumed = await whole(dir);
    const other = await whole(newDir());
    expect(resumed.points.map(({ digest }) => digest)).toEqual(other.points.map(({ digest }) => digest));
  });

  it("waits between points while paused", async () => {
    const running = await sweep(
      newDir(),
      tinyRequest({ repetitions: 1 }),
      tinyOptions({
        onEvent: (event, self) => {
          if (event.type === "point-ended" && self.points.length === 1) self.pause();
        },
      }),
    );
    await new Promise<void>((resolve) => {
      running.subscribe((event) => {
        if (event.type === "point-ended") resolve();
      });
    });
    expect(running.status).toBe("paused");
    running.resume();
    await running.done();
    expect([running.status, running.points.length]).toEqual(["ended", 4]);
  });

  it("runs only what is asked for, and the rest another time", async () => {
    const dir = newDir();
    const first = await whole(dir, tinyRequest(), { only: ["multi-head", "munet-s1_r1"] });
    expect(first.points).toHaveLength(3);
    expect((await whole(dir)).points).toHaveLength(8);
  });

  it("keeps no run folders where none are wanted, and all points", async () => {
    const dir = newDir();
    await whole(dir, tinyRequest(), { only: ["multi-head"] });
    expect(await readdir(join(dir, "points"))).toHaveLength(2);
    const { points } = await whole(dir, tinyRequest(), { keepRuns: false });
    expect(points).toHaveLength(8);
    expect(await readdir(join(dir, "points"))).toEqual([]);
  });

  it("records a point that breaks, continues, and tries it again when it is opened next", async () => {
    const dir = newDir();
    const broken = await whole(dir, tinyRequest(), { trainer: breaking });
    expect([broken.status, broken.points.length]).toEqual(["ended", 6]);
    expect(broken.failures).toEqual(
      [0, 1].map((repetition) => ({
        name: `adapters-8_r${repetition}`,
        variant: { method: "adapters", dim: 8 },
        repetition,
        code: "unexpected",
        message: "the engine fell over",
      })),
    );
    const mended = await whole(dir);
    expect([mended.points.length, mended.failures]).toEqual([8, []]);
  });

  it("ends where the disk is full, blames no point, and continues when there is space again", async () => {
    const dir = newDir();
    let points = 0;
    const full: NonNullable<SweepOptions["trainer"]> = (given) => {
      points += 1;
      if (points < 4) return fakeTrainer(given);
      throw writeFailed("layers", Object.assign(new Error("no space"), { code: "ENOSPC" }));
    };
    const stuck = await sweep(dir, tinyRequest(), tinyOptions({ trainer: full }));
    await expect(stuck.done()).rejects.toMatchObject({ code: "store/enospc" });
    expect([stuck.status, stuck.points.length, stuck.failures]).toEqual(["failed", 3, []]);
    expect((await whole(dir)).points).toHaveLength(8);
  });

  it("ends where no point could be trained, for want of an engine or a root, and blames none", async () => {
    const file = "no-such-root.npz";
    for (const [code, mend] of [
      ["engine/missing", () => engineMissing("onnx (cuda)", "Use --device cpu.")],
      ["root/missing", () => rootMissing(file, ["/roots"])],
      ["access/private-root", () => privateRoot(file, "secret")],
    ] as const) {
      let tried = 0;
      const trainer: NonNullable<SweepOptions["trainer"]> = () => {
        tried += 1;
        throw mend();
      };
      const stuck = await sweep(newDir(), tinyRequest(), tinyOptions({ trainer }));
      await expect(stuck.done()).rejects.toMatchObject({ code });
      expect([tried, stuck.failures]).toEqual([1, []]);
    }
  });

  it("that has ended is opened again where its images are gone", async () => {
    const dir = newDir();
    const request = tinyRequest({ repetitions: 1 });
    await whole(dir, request);
    const load = () => Promise.reject(new Error("no such data"));
    const again = await whole(dir, request, { load });
    expect([again.status, again.points.length]).toEqual(["ended", 4]);
    expect(again.progress.secondsLeft).toBe(0);
  });

  it("is distinguished from another plan's, in words, and nothing is changed", async () => {
    const dir = newDir();
    await whole(dir, tinyRequest(), { only: ["multi-head"] });
    const before = await readFile(join(dir, "sweep.json"));
    await expect(sweep(dir, tinyRequest({ repetitions: 5 }), tinyOptions())).rejects.toThrow(
      "its repetitions is 2, not 5",
    );
    await expect(sweep(dir, tinyRequest({ scaleFactors: [1] }), tinyOptions())).rejects.toThrow(
      "it also has munet-s0.3",
    );
    await expect(sweep(dir, tinyRequest({ scaleFactors: [0.3, 0.5, 1] }), tinyOptions())).rejects.toThrow(
      "it has no munet-s0.5",
    );
    await expect(
      sweep(dir, tinyRequest({ experiment: tinyMunet({ children: 3 }) }), tinyOptions()),
    ).rejects.toThrow("of munet-s0.3 its children is 2, not 3");
    const { training } = tinyMunet();
    await expect(
      sweep(
        dir,
        tinyRequest({ experiment: tinyMunet({ training: { ...training, cycles: 9 } }) }),
        tinyOptions(),
      ),
    ).rejects.toThrow("its training.cycles is 2, not 9");
    expect(await readFile(join(dir, "sweep.json"))).toEqual(before);
  });

  it("has one writer", async () => {
    const dir = newDir();
    const first = await sweep(dir, tinyRequest(), tinyOptions());
    await expect(sweep(dir, tinyRequest(), tinyOptions())).rejects.toMatchObject({ code: "run/locked" });
    await first.stop();
    expect((await whole(dir)).points).toHaveLength(8);
  });

  it("is not begun in a folder with other files, nor where its data is missing", async () => {
    const used = newFolder();
    await writeFile(join(used, "notes.txt"), "mine");
    await expect(sweep(used, tinyRequest(), tinyOptions())).rejects.toMatchObject({
      code: "run/folder-not-empty",
    });
    const dir = newDir();
    const load = () => Promise.reject(new Error("no such data"));
    await expect(sweep(dir, tinyRequest(), tinyOptions({ load }))).rejects.toThrow("no such data");
    await expect(readdir(dir)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("is not gone on with on other data: its points would be no pairs", async () => {
    const dir = newDir();
    await whole(dir, tinyRequest(), { only: ["multi-head"] });
    const load = async ({ tasks }: { tasks: readonly TaskSpec[] }) =>
      tasks.map(({ name, access }) => ({ ...tinyTask(name, access), fingerprint: "f".repeat(64) }));
    const other = await sweep(dir, undefined, tinyOptions({ load }));
    await expect(other.done()).rejects.toMatchObject({ code: "run/data-changed" });
    expect([other.status, other.points.length]).toEqual(["failed", 2]);
    expect((await whole(dir)).points).toHaveLength(8);
  });

  it("without a plan needs a folder that has one", async () => {
    await expect(sweep(newFolder(), undefined, tinyOptions())).rejects.toMatchObject({
      code: "sweep/not-a-sweep",
    });
  });
});

describe("a stored sweep", () => {
  it.each(["sweep.json", "sweep.json.gz"])("in one file says what the folder says: %s", async (name) => {
    const dir = newDir();
    await whole(dir, tinyRequest({ repetitions: 1 }));
    const read = await readSweep(dir);
    const file = join(newFolder(), "sweeps", name);
    await exportSweep(read, file);
    expect(await readSweep(file)).toEqual(read);
  });

  it("that is damaged is refused with the place, and no run is lost by it", async () => {
    const dir = newDir();
    const { points } = await whole(dir, tinyRequest({ repetitions: 1 }));
    const results = join(dir, "results.json");
    const text = await readFile(results, "utf8");
    await writeFile(results, text.replace('"seed":7', '"seed":-7'));
    await expect(readSweep(dir)).rejects.toThrow(/results\.json: points\[0\]\.seed is -7/);
    await writeFile(results, text.slice(0, -20));
    await expect(sweep(dir, undefined, tinyOptions())).rejects.toMatchObject({ code: "sweep/damaged" });
    // Without the results everything is there still: the runs say them again.
    await rm(results);
    const again = await whole(dir, tinyRequest({ repetitions: 1 }));
    expect(again.points.map(({ digest }) => digest)).toEqual(points.map(({ digest }) => digest));
  });

  it("of a later format, or that is none, is refused", async () => {
    const dir = newFolder();
    await mkdir(join(dir, "later"));
    await writeFile(join(dir, "later", "sweep.json"), '{"format":99}');
    await expect(readSweep(join(dir, "later"))).rejects.toMatchObject({ code: "run/newer-format" });
    await expect(readSweep(dir)).rejects.toMatchObject({ code: "sweep/not-a-sweep" });
    await expect(readSweep(join(dir, "nothing"))).rejects.toMatchObject({ code: "sweep/not-a-sweep" });
    await writeFile(join(dir, "bomb.json.gz"), Buffer.from([0x1f, 0x8b, 1, 2, 3]));
    await expect(readSweep(join(dir, "bomb.json.gz"))).rejects.toMatchObject({ code: "sweep/damaged" });
  });

  it("may be read while it is written", async () => {
    const dir = newDir();
    const copy = newFolder();
    const running = await sweep(dir, tinyRequest({ repetitions: 1 }), tinyOptions());
    for await (const _ of running) {
      const read = await readSweep(dir);
      expect(read.points.length).toBeGreaterThan(0);
    }
    await cp(dir, copy, { recursive: true });
    expect((await readSweep(copy)).points).toHaveLength(4);
  });
});
