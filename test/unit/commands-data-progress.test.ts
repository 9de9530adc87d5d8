// What is seen while data is fetched: a bar on a terminal, plain lines wherever nothing can be drawn over.

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { dataProgress } from "../../src/commands/data-progress.js";

beforeEach(() => void vi.stubEnv("TERM", "xterm"));
afterEach(() => vi.unstubAllEnvs());

function shown(stream: { isTTY: boolean; columns?: number }): string {
  let text = "";
  const write = (part: string) => {
    text += part;
    return true;
  };
  const progress = dataProgress({ ...stream, write } as unknown as NodeJS.WriteStream);
  for (const done of [10, 20]) progress.show({ task: "glyphs/bengali", doing: "drawing", done, total: 20 });
  progress.end();
  return text;
}

const LINE = "drawing glyphs/bengali (20 images)";

it("a bar on a terminal, one that does not know its width too", () => {
  for (const columns of [80, 40, 0]) {
    const text = shown({ isTTY: true, columns });
    expect(text).toContain("drawing glyphs/bengali");
    expect(text).toContain("100 %");
  }
});

it("one line per task elsewhere, and on a terminal that can't move its cursor", () => {
  expect(shown({ isTTY: false })).toBe(`${LINE}\n`);
  vi.stubEnv("TERM", "dumb");
  expect(shown({ isTTY: true, columns: 80 })).toBe(`${LINE}\n`);
});
