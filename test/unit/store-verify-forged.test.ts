// `mulab verify` on forged runs, whose chain of hashes is perfect: each breach of a promise is found on its own.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Event } from "../../src/core/event.js";
import type { Layer, Plan } from "../../src/core/model.js";
import { headerHash } from "../../src/run/header.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import {
  broken,
  type Changeable,
  changeable,
  failures,
  ofType,
  retellLayer,
  retellRun,
  type SoundRun,
  writeSoundRun,
} from "../support/sound-run.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment } from "../support/tiny.js";

const folder = temporaryFolders();
let sound: SoundRun;
beforeAll(async () => {
  sound = await writeSoundRun(join(folder(), "sound"), tinyExperiment({ seed: 3 }));
});
const forge = (events: Changeable<Event>[]) => retellRun(sound, join(folder(), "run"), events as Event[]);

/** The improved children: their plans and their new paths. */
function improved(events: Changeable<Event>[]): { plan: Changeable<Plan>; path: Changeable<Layer>[] }[] {
  const plans = new Map(ofType(events, "child-planned").map(({ plan }) => [plan.child, plan]));
  return ofType(events, "child-finished").flatMap(({ child, outcome }) =>
    outcome.result === "improved" ? [{ plan: plans.get(child)!, path: outcome.path }] : [],
  );
}

describe("verifying a forged run", () => {
  it("finds a model whose layer's bytes were trained on a private task, though the journal conceals it", async () => {
    const events = changeable(sound.events);
    const { path, plan } = improved(events).findLast(({ plan }) => plan.task === "two")!;
    const at = plan.positions.findIndex(({ source }) => source.how !== "share");
    const honest = path[at]!.history;
    const retold = await retellLayer(sound.dir, path[at]!, [{ task: "secret", steps: 6 }, ...honest]);
    path[at] = { ...retold, history: honest };
    const report = await verifyRun(await forge(events));
    expect(broken(report)).toEqual(expect.arrayContaining(["models", "privacy"]));
    expect(failures(report)).toMatch(
      /model \d+ \(two\) uses \w+, layer [0-9a-f]{8}, which was trained on "secret"/,
    );
    expect(failures(report)).toMatch(/was trained by secret ×6, .*, not by/);
  });

  it("finds the users of a task that was private", async () => {
    const events = changeable(sound.events);
    ofType(events, "run-started")[0]!.tasks[0]!.access = "private";
    const report = await verifyRun(await forge(events));
    expect(broken(report)).toEqual(["order", "privacy"]);
    expect(failures(report)).toMatch(/model \d+ \(two\) descends from model \d+ \(one\), which is private/);
    expect(failures(report)).toMatch(/seed \d+ belongs to the private task "one"/);
  });

  it("finds a task that the journal calls public and run.json private", async () => {
    const events = changeable(sound.events);
    ofType(events, "run-started")[0]!.tasks.find(({ name }) => name === "secret")!.access = "public";
    const report = await verifyRun(await forge(events));
    expect(broken(report)).toContain("order");
    expect(failures(report)).toContain(
      'run.json has the tasks "one" (public), "secret" (private), "two" (public), but the run began with "one" (public), "secret" (public), "two" (public)',
    );
  });

  it("finds run.json without its method, so that nothing could be checked against it, whatever hash it has", async () => {
    const dir = await forge(changeable(sound.events));
    const header = JSON.parse(readFileSync(join(dir, "run.json"), "utf8"));
    for (const experiment of [{ name: "tiny" }, { ...header.experiment, method: undefined }]) {
      const text = `${JSON.stringify({ ...header, experiment }, null, 2)}\n`;
      const events = changeable(sound.events);
      ofType(events, "run-started")[0]!.header = headerHash(new TextEncoder().encode(text));
      const stripped = await forge(events);
      writeFileSync(join(stripped, "run.json"), text);
      const report = await verifyRun(stripped);
      expect(broken(report)).toEqual(["order"]);
      expect(failures(report)).toMatch(/run\.json's experiment\S* is missing; expected/);
    }
  });

  it("finds a clone whose bytes forget who trained its source", async () => {
    const events = changeable(sound.events);
    const forgetful = ({ source }: Changeable<Plan>["positions"][number]) =>
      source.how === "clone" && source.layer.history.length > 0;
    const { plan, path } = improved(events).find(({ plan }) => plan.positions.some(forgetful))!;
    const at = plan.positions.findIndex(forgetful);
    path[at] = await retellLayer(sound.dir, path[at]!, [{ task: plan.task, steps: 1 }]);
    const report = await verifyRun(await forge(events));
    expect(broken(report)).toEqual(expect.arrayContaining(["no parent changed", "privacy"]));
    expect(failures(report)).toMatch(/whose bytes forget that .* trained its source/);
  });

  it("finds a shared layer that is not the ancestor's", async () => {
    const events = changeable(sound.events);
    const { plan, path } = improved(events)[0]!;
    const at = plan.positions.findIndex(({ source }) => source.how === "share");
    path[at]!.id = path.at(-1)!.id;
    const report = await verifyRun(await forge(events));
    expect(broken(report)).toContain("no parent changed");
    expect(failures(report)).toMatch(
      /model \d+ \(one\) shares layer [0-9a-f]{8} as \w+, but has [0-9a-f]{8} there/,
    );
  });

  it.each(["share", "clone"] as const)("finds a plan to %s a layer which no ancestor has", async (how) => {
    const events = changeable(sound.events);
    const sources = ofType(events, "child-planned").flatMap(({ plan }) =>
      plan.positions.map((p) => p.source),
    );
    const source = sources.find((s) => s.how === how) as { layer: Changeable<Layer> };
    source.layer.history = [{ task: "two", steps: 1 }];
    const report = await verifyRun(await forge(events));
    expect(broken(report)).toContain("no parent changed");
    expect(failures(report)).toMatch(new RegExp(`${how}s layer [0-9a-f]{8} as \\w+, which no ancestor has`));
  });

  it("finds steps that no validation saw", async () => {
    const events = changeable(sound.events);
    for (const event of ofType(events, "child-validated")) event.steps += 1;
    const report = await verifyRun(await forge(events));
    expect(broken(report)).toEqual(["training", "no parent changed"]);
    expect(failures(report)).toMatch(/were trained for \d+ steps, but its best version for \d+/);
    expect(failures(report)).toMatch(/after cycle 0 it is 3 steps, not 4/);
  });
});

describe("verifying a run whose children change their image size", () => {
  let resized: SoundRun;
  beforeAll(async () => {
    const { method, root } = tinyExperiment();
    const search = { ...method.search, imageSize: [16, 32, 48] };
    const experiment = tinyExperiment({ seed: 5, root, method: { ...method, search } });
    resized = await writeSoundRun(join(folder(), "resized"), experiment);
  });
  const retell = (events: Changeable<Event>[]) =>
    retellRun(resized, join(folder(), "run"), events as Event[]);

  it("finds nothing in a sound one", async () => {
    const sizes = resized.state.models.map(({ shape }) => shape.imageSize);
    expect(new Set(sizes).size).toBeGreaterThan(1);
    expect(failures(await verifyRun(resized.dir))).toBe("");
  });

  it("finds a position embedding which the root never had", async () => {
    const events = changeable(resized.events);
    ofType(events, "root-added")[0]!.posembeds = [];
    const report = await verifyRun(await retell(events));
    expect(broken(report)).toEqual(["search", "draws", "no parent changed"]);
    expect(failures(report)).toMatch(/layer [0-9a-f]{8} as posembed_input, which no ancestor has/);
  });

  it("finds one that somebody trained, and one that is for no grid of patches", async () => {
    const events = changeable(resized.events);
    const [first, second] = ofType(events, "root-added")[0]!.posembeds!;
    first!.history = [{ task: "secret", steps: 3 }];
    second!.paramCount += 16;
    const report = await verifyRun(await retell(events));
    expect(broken(report)).toEqual(expect.arrayContaining(["order", "models", "no parent changed"]));
    expect(failures(report)).toContain(
      "posembed_input with 32 parameters is not a resized position embedding",
    );
    expect(failures(report)).toContain(
      "posembed_input with 176 parameters is not a resized position embedding",
    );
  });

  it("finds one that is gone, as a child may still begin with it", async () => {
    const events = changeable(resized.events);
    const first = ofType(events, "root-added")[0]!.posembeds![0]!;
    first.id = first.id.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) as typeof first.id;
    const report = await verifyRun(await retell(events));
    expect(broken(report)).toContain("models");
    expect(failures(report)).toMatch(/model 0 \(root\) lacks its posembed_input/);
  });
});

type Change = (events: Changeable<Event>[]) => void;
const remove = (events: Changeable<Event>[], type: Event["type"]) =>
  events.splice(
    events.findIndex((event) => event.type === type),
    1,
  );

const disorders: [string, RegExp, Change][] = [
  ["a beginning that is missing", /event 1 \(root-added\): a run begins with run-started/, (e) => e.shift()],
  ["a second root", /there is a root already/, (e) => e.splice(2, 0, e[1]!)],
  [
    "a seed of the same task",
    /is not a retained model of another task/,
    (e) => {
      ofType(e, "activation-started").at(-1)!.seeds.push(ofType(e, "activation-ended")[2]!.retained!);
    },
  ],
  [
    "a seed that is listed twice",
    /a seed is listed twice/,
    (e) => ofType(e, "activation-started")[1]!.seeds.push(0),
  ],
  [
    "an unknown parent",
    /model 99 is neither seed nor candidate/,
    (e) => {
      ofType(e, "child-planned")[0]!.plan.parent = 99;
    },
  ],
  [
    "a child with a number that is taken",
    /the next model is 2, not 1/,
    (e) => {
      ofType(e, "child-planned")[1]!.plan.child = 1;
    },
  ],
  [
    "a child of another task",
    /task "two" is not active/,
    (e) => {
      ofType(e, "child-planned")[0]!.plan.task = "two";
    },
  ],
  ["a validation that is missing", /its next cycle is 0/, (e) => remove(e, "child-validated")],
  ["a child without an end", /has no end/, (e) => remove(e, "child-finished")],
  [
    "a child that ends twice",
    /is not an unfinished child of this generation/,
    (e) => {
      const at = e.findIndex(({ type }) => type === "generation-ended");
      e.splice(at, 0, ofType(e, "child-finished")[0]!);
    },
  ],
  [
    "a generation out of order",
    /it is generation 0/,
    (e) => {
      ofType(e, "generation-ended")[0]!.generation = 1;
    },
  ],
  [
    "a winner that was not a candidate",
    /model 0 is not a candidate/,
    (e) => {
      ofType(e, "activation-ended")[0]!.retained = 0;
    },
  ],
  [
    "a winner that was taken away",
    /it retains none of its candidates/,
    (e) => {
      ofType(e, "activation-ended")[0]!.retained = null;
    },
  ],
  [
    "a second test of a model",
    /model \d+ was tested before/,
    (e) => {
      const at = e.findIndex(({ type }) => type === "model-tested");
      e.splice(at, 0, e[at]!);
    },
  ],
  [
    "a root that somebody trained",
    /the root's embedding was trained in the run/,
    (e) => {
      ofType(e, "root-added")[0]!.path[0]!.history = [{ task: "one", steps: 3 }];
    },
  ],
  [
    "another experiment than run.json's",
    /run.json has the experiment "tiny", the journal "other"/,
    (e) => {
      ofType(e, "run-started")[0]!.experiment = "other";
    },
  ],
  [
    "a score that its validations don't give",
    /the score of model \d+ is 0\.\d+/,
    (e) => {
      const scored = ofType(e, "child-finished").find(({ outcome }) => outcome.result === "improved")!;
      (scored.outcome as { score: number }).score = 1;
    },
  ],
  [
    "a child that did not reach its parent's score and was kept",
    /model \d+ has 0\.99 to beat/,
    (e) => {
      const kept = improved(e).find(({ plan }) => plan.reference !== null)!;
      kept.plan.reference = 0.99;
    },
  ],
  [
    "a child of another task's model with something to beat",
    /only a parent of the same task is to be beaten/,
    (e) => {
      ofType(e, "child-planned")[0]!.plan.reference = 0;
    },
  ],
  [
    "an iteration out of order",
    /it is iteration 1 of "one"/,
    (e) => {
      ofType(e, "activation-started").findLast(({ task }) => task === "one")!.iteration = 0;
    },
  ],
  [
    "hyperparameters that the shape does not have",
    /its shape has adapterDim 32, its hyperparameters 64/,
    (e) => {
      ofType(e, "child-planned")[0]!.plan.hyperparams.adapterDim = 64;
    },
  ],
  [
    "a child of another backbone",
    /its backbone is tiny, but not the root's/,
    (e) => {
      ofType(e, "child-planned")[0]!.plan.shape.backbone.heads = 4;
    },
  ],
  ["an activation that does not end", /has not ended/, (e) => remove(e, "activation-ended")],
  [
    "a test of a model that was not retained",
    /model 0 is not retained/,
    (e) => {
      ofType(e, "model-tested")[0]!.model = 0;
    },
  ],
  ["events after the end", /it comes after the end of the run/, (e) => e.push({ type: "run-ended" })],
  [
    "a resume that keeps more than there was",
    /it keeps 9999 events of/,
    (e) => e.push({ type: "run-resumed", kept: 9999 }),
  ],
  [
    "layers that the shape does not have",
    /its layers are .*, but its shape has/,
    (e) => {
      ofType(e, "root-added")[0]!.shape.blocks = 2;
    },
  ],
];

describe("verifying a journal out of order", () => {
  it.each(disorders)("finds %s", async (_, message, change) => {
    const events = changeable(sound.events);
    change(events);
    const report = await verifyRun(await forge(events));
    expect(report.ok).toBe(false);
    expect(failures(report)).toMatch(message);
  });
});
