// The still picture beside a widget: its PNG is of the same state as its SVG, also if the run changes while it is drawn.

import { expect, it } from "vitest";
import { foldEvents } from "../../src/core/state.js";
import { Still } from "../../src/notebook/still.js";
import { picturedSample } from "../support/pictures/pictured.js";
import { sampleRun } from "../support/sample-run.js";

const run = await sampleRun({ iterations: 1, generations: 2, children: 4 });

it("has the PNG of the newest state, although the run changed while a PNG was drawn", async () => {
  const events = run.events.slice(0, 12);
  const before = picturedSample({ ...run, events, state: foldEvents(events) }, "first");
  const after = picturedSample(run, "first");
  let now = before;
  const still = new Still("lineage", () => [now]);
  const drawn = still.render();
  now = after;
  expect(await drawn).toBe(true);
  const bundle = still.bundle("w");
  expect(bundle["image/png"]).toBeDefined();
  expect(await still.render()).toBe(false);
});
