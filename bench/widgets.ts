// The cost of watching: bytes and kernel time of an update, its share of training time, and how fast an archive is
// re-scored. Nothing trains while this runs; the training time is that of the preliminary experiment.

import { writeSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { CommManager } from "../kernel/comm/comm.js";
import { Widgets } from "../kernel/comm/widget.js";
import { SCALES, sweep } from "../src/analysis/pareto.js";
import { rescore, scoringOf } from "../src/analysis/rescore.js";
import { LiveRun } from "../src/notebook/live-run.js";
import { StateDecoder } from "../src/wire/decoder.js";
import { StateEncoder } from "../src/wire/encoder.js";
import { headOf } from "../src/wire/head.js";
import { bigRun } from "../test/support/big-run.js";
import { ReplayedRun } from "../test/support/replayed-run.js";
import { sampleRun } from "../test/support/sample-run.js";

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

function timed(work: () => unknown, times = 15): number {
  const samples = Array.from({ length: times }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return median(samples);
}

/** A comm layer that counts what a real one would send. */
function counting() {
  let bytes = 0;
  const comms = new CommManager({
    publish(_type, content, { buffers = [] }) {
      bytes +=
        Buffer.byteLength(JSON.stringify(content)) +
        buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
    },
    bind: (handler) => handler,
    report: (error) => {
      throw error;
    },
  });
  return { widgets: new Widgets(comms), bytes: () => bytes };
}

const lines: string[] = [];

// An update in the middle of a run of the preliminary experiment's size: 192 children, four validations each.
{
  const run = await sampleRun({ iterations: 2, generations: 4, children: 8 });
  const replay = new ReplayedRun(run);
  const { widgets, bytes } = counting();
  const live = new LiveRun(replay, (state) => widgets.create(state));
  const times: number[] = [];
  const sizes: number[] = [];
  for (let i = 0; i < run.events.length - 3; i++) {
    replay.advance(1);
    const before = bytes();
    const began = performance.now();
    live.flush();
    times.push(performance.now() - began);
    sizes.push(bytes() - before);
  }
  const trainMs = run.events.reduce((sum, event) => sum + (event.clock?.trainMs ?? 0), 0);
  const perSecond = Math.min(10, (1000 * times.length) / trainMs);
  lines.push(
    `an update of a run with 192 children: median ${median(sizes)} bytes, ${median(times).toFixed(2)} ms of kernel time`,
    `at ${perSecond.toFixed(1)} updates a second: ${((median(times) * perSecond) / 10).toFixed(2)} % of one core (target: under 2 %)`,
    `all of it, sent whole: ${wholeSize(run.state)} bytes`,
  );
}

// Ten thousand children.
{
  const { state, experiment } = await bigRun(10_000);
  const encoder = new StateEncoder();
  encoder.update(state);
  const models = state.models.draft();
  models.set(9_999, { ...models.get(9_999)!, steps: 50 });
  const changed = [{ ...state, models: models.done() }, state];
  let i = 0;
  const one = timed(() => encoder.update(changed[i++ % 2]!));
  const attributes: Record<string, unknown> = {
    head: headOf("runs/a", experiment),
    ...new StateEncoder().update(state),
  };
  const decode = timed(() => new StateDecoder().read((key) => attributes[key] as never), 5);
  const scoring = { ...scoringOf(state, experiment.method), scaleFactor: 0.3 };
  lines.push(
    `10,000 children: ${one.toFixed(2)} ms to encode an update, ${wholeSize(state)} bytes whole, ${decode.toFixed(0)} ms to read whole`,
    `10,000 children: ${timed(() => rescore(state, scoring)).toFixed(1)} ms to re-score, ${timed(() => sweep(state, scoring), 3).toFixed(0)} ms for ${SCALES.length} scale factors`,
  );
}

function wholeSize(state: Parameters<StateEncoder["update"]>[0]): number {
  return Object.values(new StateEncoder().update(state)).reduce<number>(
    (sum, value) => sum + (ArrayBuffer.isView(value) ? value.byteLength : JSON.stringify(value).length),
    0,
  );
}

writeSync(1, `${lines.join("\n")}\n`);
