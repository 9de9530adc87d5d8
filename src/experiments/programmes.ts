// The programmes by name: µ2Net's sequence of segments to 69 tasks as the paper has it (arXiv 2205.12755 §5, Table 7;
// method.md §g), and one of the same shape that two cores finish in an evening.

import { BACKBONES } from "../core/components.js";
import { unknownName, valueNotValid } from "../core/errors/index.js";
import type { Experiment, RootSpec, TaskSpec } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import type { Programme, ProgrammeSegment } from "../core/programme.js";
import type { Training } from "../core/training.js";
import { BENCHMARKS, CHARACTERS } from "../data/benchmarks.js";
import { CHARACTERS_ROOT } from "./characters.js";
import { large } from "./large.js";
import { mu2netFrom } from "./root-size.js";

export interface ProgrammeOptions {
  readonly seed?: number;
  /** "smoke" keeps every segment and cuts everything else down; it is there only for `laptop`. */
  readonly budget?: "laptop" | "smoke";
  readonly root?: RootSpec;
}

/** The task lists of the paper's sequence, and what its segments are called. */
interface Sequence {
  readonly vit: readonly TaskSpec[];
  readonly vtab: readonly TaskSpec[];
  readonly decathlon: readonly TaskSpec[];
  readonly characters: readonly TaskSpec[];
  readonly vtab1k: readonly TaskSpec[];
  /** Iterations of the ViT tasks at first, and again; of every other benchmark when it is new. */
  readonly iterations: readonly [number, number, number];
  /** What is set anew from the second benchmark on. */
  readonly later: NonNullable<ProgrammeSegment["settings"]>;
}

/** The segments after the first, in the order of Table 7, whose first row is here two: the paper also reports the system between them. */
function segmentsOf({ vit, vtab, decathlon, characters, vtab1k, iterations, later }: Sequence) {
  const [, more, fresh] = iterations;
  const again = { title: "ViT tasks again", tasks: vit, iterations: 1 };
  return [
    { title: "ViT tasks, continued", tasks: vit, iterations: more },
    { title: "VTAB-full", tasks: vtab, iterations: fresh, settings: later },
    again,
    {
      title: "Visual Domain Decathlon",
      tasks: decathlon,
      iterations: fresh,
      replicas: { copies: 3, continued: 1 },
    },
    again,
    { title: "VTAB-full again", tasks: vtab, iterations: 1 },
    { title: "Characters", tasks: characters, iterations: fresh },
    { title: "VTAB-1k", tasks: vtab1k, iterations: fresh },
    again,
  ] satisfies ProgrammeSegment[];
}

const publicTasks = (names: readonly TaskName[]): TaskSpec[] =>
  names.map((name) => ({ name, access: "public" }));

const benchmark = (name: string): TaskSpec[] =>
  publicTasks(BENCHMARKS.find((each) => each.name === name)!.tasks);

/**
 * µ2Net's whole sequence. The paper's text leaves open how many children the single iterations between benchmarks had: here
 * the settings stay what the last benchmark set. It needs TPUs for months; this is its plan.
 */
function wholeMu2net({ seed = 0, budget, root }: ProgrammeOptions): Programme {
  if (budget) throw valueNotValid("The budget of mu2net", budget, "left out: it has only the paper's");
  const iterations = [5, 5, 2] as const;
  const begun = large("vit", { seed, ...(root && { root }) });
  const experiment: Experiment = { ...begun, iterations: iterations[0] };
  return {
    name: "mu2net",
    title: "µ2Net, one system of 69 tasks",
    source: "µ2Net §5, Table 7 (arXiv 2205.12755)",
    begins: "ViT tasks",
    experiment,
    segments: segmentsOf({
      vit: experiment.tasks,
      vtab: benchmark("vtab"),
      decathlon: benchmark("decathlon"),
      characters: publicTasks(CHARACTERS),
      vtab1k: benchmark("vtab-1k"),
      iterations,
      later: { children: 32, training: { ...experiment.training, batchSize: 64 } },
    }),
  };
}

/** Numerals of scripts, in the place of VTAB-full's tasks; their small forms are in that of VTAB-1k's. */
const SCRIPTS = ["tamil", "kannada", "malayalam", "gujarati", "gurmukhi", "oriya"];

/** Each benchmark's counterpart; none of a benchmark's stand-ins (data/catalog) is in another, so that names never meet. */
const LAPTOP_TASKS = {
  vit: publicTasks(["mnist", "kmnist/first7000", "glyphs/latin-letters"]),
  vtab: publicTasks(SCRIPTS.map((script) => `glyphs/${script}`)),
  decathlon: publicTasks(["thai", "lao", "myanmar", "tibetan"].map((script) => `glyphs/${script}`)),
  characters: publicTasks([
    "cmaterdb/bangla",
    "cmaterdb/devanagari",
    "cmaterdb/telugu",
    "glyphs/arabic-indic",
  ]),
  vtab1k: publicTasks(SCRIPTS.map((script) => `glyphs/${script}/1k`)),
};

interface LaptopBudget {
  readonly scale: Pick<Experiment, "generations" | "children" | "limit">;
  readonly training: Training;
  readonly iterations: Sequence["iterations"];
  readonly later: Sequence["later"];
  readonly expected: Experiment["expected"];
}

const LAPTOP_TRAINING: Training = {
  batchSize: 64,
  cycles: 4,
  examplesPerCycle: 512,
  validationExamples: 512,
  clipNorm: 1,
};

const LAPTOP: Readonly<Record<"laptop" | "smoke", LaptopBudget>> = {
  laptop: {
    scale: { generations: 4, children: 4, limit: 2_000 },
    training: LAPTOP_TRAINING,
    iterations: [3, 3, 2],
    later: { children: 8 },
    expected: { minutes: 60, result: "23 tasks; the shape of the paper's results, not their size" },
  },
  smoke: {
    scale: { generations: 1, children: 2, limit: 64 },
    training: { ...LAPTOP_TRAINING, batchSize: 16, cycles: 1, examplesPerCycle: 32, validationExamples: 32 },
    iterations: [1, 1, 1],
    later: { children: 3 },
    expected: { minutes: 1, result: "a whole sequence, small: accuracies above chance at best" },
  },
};

/** The same segments over 23 tasks that any machine has or draws, from a root of three blocks at 32 pixels. */
function laptop({ seed = 0, budget = "laptop", root: given }: ProgrammeOptions): Programme {
  const root: RootSpec = given ?? {
    kind: "random",
    backbone: BACKBONES["Ti/16"],
    blocks: CHARACTERS_ROOT.blocks,
  };
  const { scale, training, iterations, later, expected } = LAPTOP[budget];
  const source = "after µ2Net §5, Table 7 (arXiv 2205.12755)";
  const experiment: Experiment = {
    name: "growing",
    title: "A growing system, laptop size",
    source,
    budget,
    seed,
    method: mu2netFrom(root, { imageSize: 32 }),
    training,
    root,
    ...(!given && { rootWish: CHARACTERS_ROOT }),
    tasks: LAPTOP_TASKS.vit,
    iterations: iterations[0],
    validationFraction: 0.2,
    expected,
    ...scale,
  };
  return {
    name: "laptop",
    title: "A growing system of 23 tasks",
    source,
    begins: "ViT tasks",
    experiment,
    segments: segmentsOf({ ...LAPTOP_TASKS, iterations, later }),
  };
}

export const PROGRAMMES: Readonly<Record<string, (options: ProgrammeOptions) => Programme>> = {
  mu2net: wholeMu2net,
  laptop,
};

/** The programme `name`. Throws programme/unknown with the nearest name. */
export function programmeOf(name: string, options: ProgrammeOptions = {}): Programme {
  const make = Object.hasOwn(PROGRAMMES, name) ? PROGRAMMES[name] : undefined;
  if (!make) throw unknownName("programme", name, Object.keys(PROGRAMMES));
  return make(options);
}
