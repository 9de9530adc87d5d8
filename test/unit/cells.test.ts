import { describe, expect, it } from "vitest";
import { foldEvents } from "../../src/core/state.js";
import { limited } from "../../src/engine/limits.js";
import { BUDGET_NAMES } from "../../src/experiments/index.js";
import { preliminary } from "../../src/experiments/preliminary.js";
import { programmeOf } from "../../src/experiments/programmes.js";
import { type CellKind, completeCell, inspectCell } from "../../src/notebook/cells/complete.js";
import { parseExtendCell } from "../../src/notebook/cells/extend-cell.js";
import { FIELDS, SWEEP_FIELDS, settingFields } from "../../src/notebook/cells/fields.js";
import { registerMagics } from "../../src/notebook/cells/magics.js";
import { parseEvolveCell } from "../../src/notebook/cells/parse.js";
import { parseProgrammeCell } from "../../src/notebook/cells/programme-cell.js";
import { CellError } from "../../src/notebook/cells/yaml-cell.js";
import { taskRecord, tinyTask } from "../support/tiny.js";

const parse = (text: string, isSweep = false) => parseEvolveCell(text, 1, isSweep);
const mistake = (text: string, isSweep = false): CellError => {
  try {
    parse(text, isSweep);
  } catch (error) {
    if (error instanceof CellError) return error;
    throw error;
  }
  throw new Error("no mistake was found");
};

describe("an evolver cell", () => {
  it("holds an experiment as a few lines", () => {
    const { experiment, out, wait } = parse(
      "experiment: preliminary\ntasks: [glyphs/thai, glyphs/lao:private]\nseed: 7\nbudget: smoke\nset:\n  children: 4\n  learningRate: 0.1\nout: runs/x\nwait: false\n",
    );
    expect(experiment).toMatchObject({
      seed: 7,
      budget: "smoke",
      children: 4,
      tasks: [
        { name: "glyphs/thai", access: "public" },
        { name: "glyphs/lao", access: "private" },
      ],
      method: { defaults: { learningRate: 0.1 } },
    });
    expect([out, wait]).toEqual(["runs/x", false]);
  });

  it("says what training may take of the machine, in units of people", () => {
    const cell = parse("threads: 2\nmemory: 0.5\n");
    expect(limited(cell)).toEqual({ threads: 2, maxBytes: 500_000_000 });
    expect(limited(parse("experiment: preliminary"))).toEqual({});
  });

  it("has standards for all keys that it leaves out", () => {
    expect(parse("seed: 0").experiment).toMatchObject({ name: "preliminary", seed: 0, budget: "paper" });
  });

  it.each(["", "\n# nothing yet\n"])("without a key asks for an experiment, and names them: %j", (body) => {
    expect(() => parse(body)).toThrow(/no experiment.*The experiments are preliminary, .*`experiment: /s);
  });

  it.each([
    ["experment: preliminary", 'did you mean "experiment"', { line: 1, column: 0, length: 9 }],
    ["seed: 1\nbudget: papr", 'did you mean "paper"', { line: 2, column: 8, length: 4 }],
    ["tasks: [glyphs/thay]", '"glyphs/thai"', { line: 1, column: 7, length: 13 }],
    ["set:\n  childen: 4", '"children"', { line: 2, column: 2, length: 10 }],
    ["set:\n  learningRate: 0.03", "0.02 and 0.05", { line: 2, column: 2, length: 18 }],
    ["seed: x", "a whole number from 0", { line: 1, column: 6, length: 1 }],
    ["memory: much", "a number above 0", { line: 1, column: 8, length: 4 }],
    ["threads: 0", "a whole number from 1", { line: 1, column: 9, length: 1 }],
    ["seed: [1", "", { line: 1, column: 8, length: 1 }],
    ["set: 5", "settings, each on a line below it", { line: 1, column: 5, length: 1 }],
    ["set:\n  - children", "settings, each on a line below it", { line: 2, column: 2, length: 10 }],
    ["tasks: []", "that is not empty", { line: 1, column: 7, length: 2 }],
    ["out: {a: 1}", "a path", { line: 1, column: 5, length: 6 }],
  ])("with a mistake says what is wrong, and where: %j", (text, words, place) => {
    const error = mistake(text);
    expect(error.message).toContain(words);
    expect(error.cellPlace).toEqual(place);
  });

  it("takes a key with nothing behind it for one that is not there, and names no line but the cell's", () => {
    const empty = parse("out:\nroot:\ntasks:\nset:\nseed:\n");
    expect(empty).toMatchObject({ namesTasks: false, experiment: { seed: 0 } });
    expect([empty.out, empty.root]).toEqual([undefined, undefined]);
    expect(mistake("seed: 1\nseed: 2").message).toBe("Map keys must be unique.");
  });

  it("as a sweep lists what is varied, each value checked", () => {
    expect(parse("over:\n  seed: [0, 1]\n  scaleFactor: [0.3, 1]", true).over).toEqual([
      ["seed", ["0", "1"]],
      ["scaleFactor", ["0.3", "1"]],
    ]);
    expect(mistake("over:\n  scaleFactor: [0.3, 2]", true).message).toContain("at most 1");
  });
});

describe("a sweep's variants in a cell", () => {
  const grid = (lines: string) => parse(`experiment: characters\nbudget: smoke\n${lines}`, true).variants;

  it("is what the library takes", () => {
    expect(
      grid("scaleFactors: [0.3, 1]\nrepetitions: 2\nablate: adapters\nbaselines: [full, adapters-8]"),
    ).toEqual({
      scaleFactors: [0.3, 1],
      repetitions: 2,
      ablate: ["adapters"],
      baselines: ["full", "adapters-8"],
    });
    expect(grid("baselines: all")).toEqual({ baselines: ["all"] });
    expect(grid("")).toEqual({});
  });

  it.each([
    ["scaleFactors: [0.3, 1.5]", "above 0, at most 1", { line: 3, column: 14, length: 10 }],
    ["repetitions: 0", "a whole number from 1 to 1000", { line: 3, column: 13, length: 1 }],
    ["ablate: [adaptors]", 'did you mean "adapters"', { line: 3, column: 8, length: 10 }],
    ["baselines: ful", 'did you mean "full"', { line: 3, column: 11, length: 3 }],
  ])("with a mistake says what is wrong, and where: %j", (line, words, place) => {
    const error = mistake(`experiment: characters\nbudget: smoke\n${line}`, true);
    expect(error.message).toContain(words);
    expect(error.cellPlace).toEqual(place);
  });

  it("is of muNet only", () => {
    expect(mistake("experiment: preliminary\nscaleFactors: [0.3]", true).message).toContain("mu2net");
  });
});

describe("completion in an evolver cell", () => {
  const at = (text: string, kind: CellKind = "evolve") => {
    const offset = text.indexOf("|");
    return completeCell(text.replace("|", ""), offset, kind)?.matches.map((match) => match.text) ?? [];
  };

  it("offers the keys that begin so", () => expect(at("%%evolve\nex|")).toEqual(["experiment: "]));
  it("offers the values of a key", () =>
    expect(at("%%evolve\nbudget: |")).toEqual(["paper", "laptop", "smoke"]));
  it("offers tasks in a list", () =>
    expect(at("%%evolve\ntasks: [glyphs/tha|")).toEqual(["glyphs/thai", "glyphs/thai:private"]));
  it("offers settings below set", () => expect(at("%%evolve\nset:\n  learn|")).toEqual(["learningRate: "]));
  it("offers a setting's values", () =>
    expect(at("%%evolve\nset:\n  nesterov: |")).toEqual(["false", "true"]));
  it("offers over in a sweep only", () => {
    expect(at("%%sweep\nov|", "sweep")).toEqual(["over: "]);
    expect(at("%%sweep\nablate: [adap|", "sweep")).toEqual(["adapters"]);
    expect(at("%%evolve\nov|")).toEqual([]);
  });
  it("leaves the command's own line alone", () => expect(at("%%evo|lve\nseed: 1")).toEqual([]));
});

describe("inspection in an evolver cell", () => {
  it("tells the values of the cell's own budget, and none where there is no limit", () => {
    const told = (budget: string, setting: string) => {
      const text = `%%evolve\nexperiment: characters\nbudget: ${budget}\nset:\n  ${setting}: 1`;
      return inspectCell(text, text.length - 3);
    };
    expect(told("paper", "batchSize")).toContain("Now 512.");
    expect(told("laptop", "batchSize")).toContain("Now 64.");
    expect(told("laptop", "limit")).toContain("Now 2000.");
    expect(told("paper", "limit")).not.toContain("Now");
    expect(told("smo", "batchSize")).toContain("Now 512."); // still being typed
  });

  it("names the papers in words", () => {
    const settings = BUDGET_NAMES.flatMap((budget) => settingFields("characters", budget));
    for (const { about } of [...FIELDS, ...SWEEP_FIELDS, ...settings]) expect(about).not.toMatch(/\bP[12]\b/);
  });

  it("tells what a key means, where it comes from and what it may be", () => {
    const told = inspectCell("%%evolve\nset:\n  scaleFactor: 0.3", 20);
    expect(told).toContain("muNet eq. 2");
    expect(told).toContain("at most 1");
  });
});

describe("an extending cell", () => {
  const run = preliminary({ budget: "smoke" });
  const state = foldEvents([
    {
      type: "run-started",
      format: 2,
      experiment: "preliminary",
      seed: 0,
      tasks: [tinyTask("one")].map(taskRecord),
    },
  ]);
  const parsed = (text: string) => parseExtendCell(text, 1, run, state);

  it("names old tasks and new ones, and sets what holds from there on", () => {
    const cell = parsed("tasks: [one, glyphs/thai:private]\niterations: 1\nseed: 7\nset:\n  children: 5\n");
    expect(cell.tasks).toEqual(["one", expect.objectContaining({ name: "glyphs/thai", access: "private" })]);
    expect(cell).toMatchObject({ iterations: 1, settings: { children: 5, seed: 7 }, wait: true });
  });

  it.each([
    ["iterations: 1", "tasks", 1],
    ["tasks: one\nset:\n  limit: 4", "A segment can't set limit, which holds for a whole run", 3],
    [
      "tasks: one\nset:\n  learningRate: 0.1",
      "A segment can't set learningRate: children have it from their parents",
      3,
    ],
    ["tasks: one\nchildren: 4", 'There is no key "children"', 2],
    ["tasks: onne", "onne", 1],
  ])("with the mistake %j says where", (text, message, line) => {
    expect(() => parsed(text)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(message),
        cellPlace: expect.objectContaining({ line }),
      }),
    );
  });

  it("completes keys and the settings of a segment", () => {
    const at = (text: string) =>
      completeCell(text.replace("|", ""), text.indexOf("|"), "extend")?.matches.map(({ text }) => text) ?? [];
    expect(at("%%extend run\nit|")).toEqual(["iterations: "]);
    expect(at("%%extend run\nset:\n  ch|")).toEqual(["children: "]);
    expect(at("%%extend run\nset:\n  learn|")).toEqual([]);
  });
});

describe("a %%programme cell", () => {
  it("has a programme, a budget and a seed", () => {
    const cell = parseProgrammeCell("programme: laptop\nbudget: smoke\nseed: 3\nplan: true", 1);
    expect(cell).toMatchObject({ plan: true, wait: true });
    expect(cell.programme).toEqual(programmeOf("laptop", { seed: 3, budget: "smoke" }));
    expect(parseProgrammeCell("programme: mu2net", 1).programme).toEqual(programmeOf("mu2net"));
  });

  it.each([
    ["programme: laptpo", 'did you mean "laptop"', 1],
    ["budget: smoke", "programme", 1],
    ["programme: laptop\nbudget: paper", "laptop or smoke", 2],
    ["programme: mu2net\nbudget: smoke", "left out: it has only the paper's", 2],
    ["programme: laptop\nplan: yes please", "true or false", 2],
    ["programme: laptop\nexperiment: preliminary", 'There is no key "experiment"', 2],
  ])("with the mistake %j says where", (text, message, line) => {
    expect(() => parseProgrammeCell(text, 1)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(message),
        cellPlace: expect.objectContaining({ line }),
      }),
    );
  });

  it("completes its keys and the programmes", () => {
    const at = (text: string) =>
      completeCell(text.replace("|", ""), text.indexOf("|"), "programme")?.matches.map(({ text }) => text) ??
      [];
    expect(at("%%programme run\npl|")).toEqual(["plan: "]);
    expect(at("%%programme run\nprogramme: la|")).toEqual(["laptop"]);
  });
});

describe("a mistake in a magic", () => {
  it("ends with one stop, also after a question", () => {
    const { message } = mistake("experiment: preliminary\nbudget: smok\n");
    expect(message).toBe('budget is "smok", but must be one of paper, laptop, smoke; did you mean "smoke"?');
  });

  it("comes without a stack, which would name only files of mulab", async () => {
    const lines = new Map<string, { run(call: object): unknown }>();
    const layer = {
      registerCellCommand: () => () => {},
      registerLineCommand: (name: string, magic: { run(call: object): unknown }) => lines.set(name, magic),
    };
    const LAYER = Symbol.for("mulab.comms");
    Object.assign(globalThis, { [LAYER]: layer });
    try {
      registerMagics();
    } finally {
      delete (globalThis as Record<symbol, unknown>)[LAYER];
    }
    for (const name of ["merge", "cause", "forget", "table"])
      await expect(lines.get(name)!.run({ args: "" }), name).rejects.toMatchObject({
        name: "MulabError",
        stack: "",
      });
  });
});
