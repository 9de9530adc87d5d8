// A run as a cell's value, and what the lines below a cell's run say there is.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { Film } from "../../src/figures/film.js";
import { figureLine, filmLine, remember, tableLine } from "../../src/notebook/cells/show.js";
import { renderRun } from "../../src/notebook/runs.js";
import { open } from "../../src/run/open.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const DISPLAY = Symbol.for("Jupyter.display");

test("a run is shown by its results, and its own tables are among those that are named", async () => {
  const dir = await mkdtemp(join(tmpdir(), "mulab-run-"));
  const experiment = tinyExperiment({ iterations: 1 });
  const tasks = experiment.tasks.map(({ name, access }) => tinyTask(name, access));
  const run = await open(dir, experiment, { tasks, trainer: fakeTrainer });
  await run.done();
  const text = renderRun(run)?.["text/plain"];
  expect(text).toMatch(/, seed \d+: ended, \d+ models\n/);
  expect(text).toContain(`: model ${run.state.retained[tasks[0]!.name]}, validation `);
  expect(text).toContain(dir);
  expect(renderRun({ ...run })).toBeUndefined();

  remember("tiny", run);
  await expect(tableLine({ args: "resuls tiny" })).rejects.toThrow('did you mean "results"? Valid: ');
  await expect(figureLine({ args: "lineag tiny" })).rejects.toThrow(
    'did you mean "lineage"? Valid: progress, ',
  );
  const said = vi.spyOn(console, "log").mockImplementation(() => {});
  expect(await figureLine({ args: "curves tiny" })).toHaveProperty("$schema");
  const film = (await filmLine({ args: "tiny lineage,pareto" })) as Film;
  expect(said.mock.calls).toEqual([
    [`Make it again: mulab figure curves ${dir}`],
    [`Make it again: mulab film ${dir} --views lineage,pareto`],
  ]);
  said.mockRestore();
  const shown = film[Symbol.for("Jupyter.display") as keyof Film] as () => Record<string, string>;
  expect(Buffer.from(shown()["image/gif"]!, "base64").toString("latin1", 0, 6)).toBe("GIF89a");
  const order: unknown[] = [];
  const layer = Symbol.for("mulab.comms");
  const told = vi.spyOn(console, "log").mockImplementation((line) => void order.push(line));
  Object.assign(globalThis, {
    [layer]: {
      display: (value: { [DISPLAY]: () => object }) => order.push(Object.keys(value[DISPLAY]())),
    },
  });
  for (const args of ["curves tiny", "flow tiny"]) expect(await figureLine({ args })).toBeUndefined();
  Reflect.deleteProperty(globalThis, layer);
  told.mockRestore();
  expect(order).toEqual([
    expect.arrayContaining(["application/vnd.vegalite.v5+json", "image/svg+xml"]),
    `Make it again: mulab figure curves ${dir}`,
    expect.arrayContaining(["image/svg+xml"]),
    `Make it again: mulab figure flow ${dir}`,
  ]);
  await expect(filmLine({ args: "linage tiny" })).rejects.toThrow('did you mean "lineage"');
  await rm(dir, { recursive: true, force: true });
});
