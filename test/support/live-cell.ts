// What cells of the widget tests load: watch(), and a run that a timer replays, so that no test waits for a training.

import { watch } from "../../src/notebook/notebook.js";
import { ReplayedRun } from "./replayed-run.js";
import { sampleRun } from "./sample-run.js";

export { watch };

/** A run of 96 children that takes about `seconds`; pausing and stopping hold it. */
export async function demo(seconds: number): Promise<ReplayedRun> {
  const recorded = await sampleRun({ iterations: 2, generations: 2, children: 8 });
  const run = new ReplayedRun(recorded);
  const tick = setInterval(
    () => {
      if (run.status === "running") run.advance(1);
      if (run.status === "ended" || run.status === "stopped") clearInterval(tick);
    },
    (1000 * seconds) / recorded.events.length,
  );
  return run;
}
