// `mulab verify` on long runs: milliseconds per 1,000 children, and the cost of four times the children, for which a ratio
// of about 4 is linear. The fake trainer's layers are a few kilobytes, so that this measures the walk and the replay, not
// hashing.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyRun } from "../src/run/verify/verify.js";
import { writeSoundRun } from "../test/support/sound-run.js";
import { tinyExperiment } from "../test/support/tiny.js";

const REPEATS = 3;
const folder = mkdtempSync(join(tmpdir(), "mulab-bench-"));
const times: number[] = [];
try {
  for (const iterations of [4, 16]) {
    const dir = join(folder, String(iterations));
    const experiment = tinyExperiment({ seed: 1, iterations, generations: 10, children: 8 });
    const { state } = await writeSoundRun(dir, experiment);
    const children = state.models.length - 1;
    const took: number[] = [];
    for (let i = 0; i < REPEATS; i++) {
      const began = performance.now();
      const { ok } = await verifyRun(dir);
      took.push(performance.now() - began);
      if (!ok) throw new Error("a sound run does not verify");
    }
    const best = Math.min(...took);
    times.push(best);
    console.log(
      `${children} children: ${best.toFixed(0)} ms, ${((1000 * best) / children).toFixed(0)} ms per 1,000 children`,
    );
  }
  console.log(`four times the children cost ${(times[1]! / times[0]!).toFixed(1)} times as much`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
