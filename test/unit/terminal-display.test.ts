import { Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { afterEach, expect, test, vi } from "vitest";
import { startProgress, stepProgress } from "../../src/analysis/progress.js";
import type { Event } from "../../src/core/event.js";
import type { Experiment } from "../../src/core/experiment.js";
import { applyEvent, emptyState, foldEvents, type State } from "../../src/core/state.js";
import { noInk, progressLines } from "../../src/terminal/lines.js";
import { createDisplay, type DisplayOptions } from "../../src/terminal/terminal.js";
import { sampleRun } from "../support/sample-run.js";

afterEach(() => vi.unstubAllEnvs());
const ESC = "\u001b";

class Screen extends Writable {
  text = "";
  writes = 0;
  columns = 100;
  rows = 40;
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    this.writes += 1;
    done();
  }
}

const run = await sampleRun({ failing: 9 });

function show(options: Partial<DisplayOptions>, events: readonly Event[] = run.events): Screen {
  const screen = new Screen();
  const display = createDisplay({ stream: screen, experiment: run.experiment, ...options });
  let state: State = emptyState;
  for (const event of events) {
    state = applyEvent(state, event);
    display.event(event, state);
  }
  display.end();
  return screen;
}

test("not a terminal: one line per generation, activation and test, no control codes", () => {
  const { text } = show({ isTTY: false });
  const lines = text.trimEnd().split("\n");
  const told = run.events.filter(({ type }) =>
    ["generation-ended", "activation-ended", "model-tested"].includes(type),
  );
  expect(lines).toHaveLength(told.length);
  expect(text).not.toContain(ESC);
  expect(text).not.toContain("\r");
  expect(lines[0]).toMatch(
    /^bangla: iteration 1\/2, generation 1\/2; 4 children, \d kept; best \d+\.\d %; \d+\.\d s; \d+ % done; about .* left$/,
  );
  expect(lines.findLast((line) => line.includes("generation 2/2"))).toMatch(/100 % done$/); // nothing is left to wait for
  expect(text).toMatch(/1 failed/);
  expect(text).toMatch(/^telugu: retains model \d+, validation accuracy \d+\.\d %$/m);
  expect(text).toMatch(/^telugu: model \d+, test accuracy \d+\.\d %$/m);
});

test("a terminal is drawn at most ten times a second, and at the end", () => {
  let now = 0;
  const later: DisplayOptions["later"] = () => () => {};
  const screen = show({
    isTTY: true,
    color: false,
    later,
    now: () => {
      now += 3;
      return now;
    },
  });
  const drawn = screen.text.match(/children/g) ?? [];
  // Every event asks for the time at least once, three fake milliseconds apart.
  expect(drawn.length).toBeGreaterThan(3);
  expect(drawn.length).toBeLessThan((now / 100) * 1.1 + 2);
  expect(stripVTControlCharacters(screen.text)).toContain("100 %");
});

test("what came too soon to draw is drawn a little later", () => {
  const pending: (() => void)[] = [];
  const screen = new Screen();
  const display = createDisplay({
    stream: screen,
    experiment: run.experiment,
    isTTY: true,
    color: false,
    now: () => 5,
    later: (call) => {
      pending.push(call);
      return () => {};
    },
  });
  const upTo = run.events.findIndex(({ type }) => type === "child-validated");
  display.event(run.events[0]!, foldEvents(run.events.slice(0, 1)));
  for (let i = 1; i <= upTo; i++) display.event(run.events[i]!, foldEvents(run.events.slice(0, i + 1)));
  expect(pending).toHaveLength(1);
  const before = screen.text;
  pending[0]!();
  expect(screen.text.slice(before.length)).toContain("validation 1/4");
});

test("NO_COLOR and color: false leave text without colours; otherwise there are some", () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
  const color = /\u001b\[(3[0-9]|1|2)m/;
  const now = () => Date.now();
  vi.stubEnv("TERM", "xterm-256color");
  vi.stubEnv("NO_COLOR", "");
  expect(show({ isTTY: true, now }).text).toMatch(color);
  vi.stubEnv("NO_COLOR", "1");
  expect(show({ isTTY: true, now }).text).not.toMatch(color);
  expect(show({ isTTY: true, color: false, now }).text).not.toMatch(color);
});

test("a dumb terminal gets plain lines", () => {
  vi.stubEnv("TERM", "dumb");
  expect(show({ isTTY: true }).text).not.toContain(ESC);
});

test("a terminal that does not know its size is drawn all the same", () => {
  const screen = new Screen();
  screen.columns = 0;
  screen.rows = 0;
  const display = createDisplay({ stream: screen, experiment: run.experiment, isTTY: true, color: false });
  display.event(run.events[0]!, foldEvents(run.events.slice(0, 1)));
  display.end();
  expect(screen.text).toContain("0/48 children");
});

test("notes stay, and are one line each", () => {
  const screen = new Screen();
  const display = createDisplay({ stream: screen, experiment: run.experiment, isTTY: false });
  display.note("in runs/a\u001b[31m\nreally");
  expect(screen.text).toBe("in runs/a [31m really\n");
});

test("every line fits, whatever the width, the names and the moment", () => {
  const names = [
    "a",
    "b".repeat(60),
    "漢字".repeat(20),
    ...Array.from({ length: 30 }, (_, i) => `task ${i}`),
  ];
  const experiment: Experiment = {
    ...run.experiment,
    tasks: names.map((name) => ({ name, access: "public" as const })),
  };
  let progress = startProgress(run.experiment);
  let state = emptyState;
  for (const event of run.events) {
    state = applyEvent(state, event);
    progress = stepProgress(progress, event, state, run.experiment);
    for (const columns of [20, 40, 80, 100, 200]) {
      const odd = { ...progress, task: names[1]!, best: { a: 0.5 } };
      const wide = { ...progress, task: names[2]! };
      for (const line of [
        ...progressLines(wide, names, columns, noInk),
        ...progressLines(progress, ["bangla", "devanagari", "telugu"], columns, noInk),
        ...progressLines(
          odd,
          experiment.tasks.map(({ name }) => name),
          columns,
          noInk,
        ),
      ])
        expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
  }
});

test("the block says where, how far, how fast, how long and how good", () => {
  let state = emptyState;
  let progress = startProgress(run.experiment);
  const last = run.events.findLastIndex(({ type }) => type === "child-validated");
  for (const event of run.events.slice(0, last)) {
    state = applyEvent(state, event);
    progress = stepProgress(progress, event, state, run.experiment);
  }
  const [where, bar, best] = progressLines(progress, ["bangla", "devanagari", "telugu"], 100);
  expect(where).toBe("telugu  iteration 2/2  generation 2/2  validation 4/4  child 3/4");
  expect(bar).toMatch(/^█+░* {2,}\d+ % {2}\d+\/48 children {2}[\d ]+ examples\/s {2}[\d.]+ s left$/);
  expect(best).toMatch(/^best {2}bangla \d\d\.\d % {2}devanagari \d\d\.\d % {2}telugu \d\d\.\d %$/);
});
