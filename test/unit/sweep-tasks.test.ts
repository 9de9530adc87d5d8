import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { withTasks } from "../../src/commands/benchmark-tasks.js";
import { characters } from "../../src/experiments/characters.js";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();
afterEach(() => vi.unstubAllEnvs());

/** The tasks and what was said, on a machine without any data. */
async function withNothing(budget: "paper" | "laptop") {
  const empty = newFolder();
  vi.stubEnv("MULAB_DATA", join(empty, "data"));
  vi.stubEnv("XDG_CACHE_HOME", join(empty, "cache"));
  let said = "";
  const stream = new Writable({
    write(chunk, _, done) {
      said += chunk;
      done();
    },
  });
  const { tasks } = await withTasks(characters({ budget }), stream);
  return { names: tasks.map(({ name }) => name), said };
}

describe("the tasks of the characters benchmark", () => {
  it("at paper budget are stood in for where they are not on disk, and it is said by what", async () => {
    const { names, said } = await withNothing("paper");
    expect(names).toHaveLength(8);
    for (const name of names) expect(name).toMatch(/^glyphs\//);
    expect(said).toContain(`emnist/digits: ${names[0]}`);
  });

  it("at other budgets are those that were chosen for it", async () => {
    const { names, said } = await withNothing("laptop");
    expect(names).toEqual(characters({ budget: "laptop" }).tasks.map(({ name }) => name));
    expect(said).toBe("");
  });
});
