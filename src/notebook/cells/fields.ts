// The keys of evolver cells (`%%evolve`, `%%sweep`): the meaning, source and valid values of each. One list serves parsing,
// completion and inspection.

import { CATALOG } from "../../data/catalog/catalog.js";
import { BUDGET_NAMES, EXPERIMENTS, experimentOf } from "../../experiments/index.js";
import { isSegmentSetting, settingsOf } from "../../experiments/overrides.js";
import { PROGRAMMES } from "../../experiments/programmes.js";

export interface Field {
  readonly key: string;
  /** Its meaning, and its section in the papers if there is one. */
  readonly about: string;
  /** The valid values in words. */
  readonly valid: string;
  /** The valid values, if they can be listed. */
  readonly values: readonly string[];
}

const tasks = CATALOG.map((task) => task.name);

/** The keys at the top of an evolver cell. */
export const FIELDS: readonly Field[] = [
  {
    key: "experiment",
    about: "The experiment to evolve, whose tasks, method and budget the other keys change.",
    valid: "the name of an experiment",
    values: Object.keys(EXPERIMENTS),
  },
  {
    key: "tasks",
    about:
      'The tasks, in the order of their activations; ":private" after a name makes it private (µ2Net §3.4). "glyphs" draws the experiment\'s own.',
    valid: "a list of tasks, or glyphs",
    values: ["glyphs", ...tasks, ...tasks.map((name) => `${name}:private`)],
  },
  {
    key: "seed",
    about: "Determines all randomness: the same seed gives the same run.",
    valid: "a whole number from 0",
    values: [],
  },
  {
    key: "budget",
    about:
      "How much to train: the paper's budget, one for a laptop, or a minimal one that only shows that it works.",
    valid: BUDGET_NAMES.join(", "),
    values: BUDGET_NAMES,
  },
  {
    key: "root",
    about:
      "The checkpoint to start from; by default the experiment's own, which may have to be pretrained first.",
    valid: "a path, or the name of a file in a folder of roots",
    values: [],
  },
  {
    key: "out",
    about: "The folder of the run; an existing run continues where it stopped.",
    valid: "a folder (default: runs/<variable>)",
    values: [],
  },
  {
    key: "threads",
    about: "Threads of the engine (default: the cores of this machine).",
    valid: "a whole number from 1",
    values: [],
  },
  {
    key: "memory",
    about:
      "Most memory for training, in GB; siblings that need more are trained in groups, one after another (default: 1.4).",
    valid: "a number above 0",
    values: [],
  },
  {
    key: "wait",
    about: "Whether the cell lasts until the run has ended; meanwhile, other cells wait.",
    valid: "true or false (default: true)",
    values: ["true", "false"],
  },
  {
    key: "set",
    about:
      "Changes settings of the experiment, its method and the defaults of its hyperparameters, one per line below.",
    valid: "settings, one per line",
    values: [],
  },
];

const fieldOf = (key: string): Field => FIELDS.find((field) => field.key === key)!;

/** The keys of `%%extend`. */
export const EXTEND_FIELDS: readonly Field[] = [
  {
    ...fieldOf("tasks"),
    about:
      'The tasks of the segment: new ones (":private" after a name makes one private), and tasks of the run, which are activated again.',
    valid: "a list of tasks",
    values: fieldOf("tasks").values.filter((name) => name !== "glyphs"),
  },
  {
    key: "iterations",
    about: "How often each of these tasks is activated.",
    valid: "a whole number from 1 (default: 2)",
    values: [],
  },
  {
    ...fieldOf("seed"),
    about: "Determines all randomness of the segment (default: the run's seed).",
  },
  {
    ...fieldOf("set"),
    about: "Changes settings of the method and the budget from here on, one per line below.",
  },
  fieldOf("threads"),
  fieldOf("memory"),
  fieldOf("wait"),
];

/** The keys of `%%programme`. */
export const PROGRAMME_FIELDS: readonly Field[] = [
  {
    key: "programme",
    about: "The segments by which the system grows: µ2Net's to 69 tasks (§5), or their shape over 23 tasks.",
    valid: "the name of a programme",
    values: Object.keys(PROGRAMMES),
  },
  {
    ...fieldOf("budget"),
    about: "How much to train in laptop: for two cores and an evening, or only to show that it works.",
    valid: "laptop, smoke (default: laptop)",
    values: ["laptop", "smoke"],
  },
  {
    key: "plan",
    about: "Only show the segments and a forecast; nothing is trained.",
    valid: "true or false (default: false)",
    values: ["true", "false"],
  },
  fieldOf("seed"),
  {
    ...fieldOf("root"),
    about:
      "The checkpoint to start from; by default the programme's own, which may have to be pretrained first.",
  },
  {
    ...fieldOf("out"),
    about: "The folder of the programme; an existing one continues where it stopped.",
  },
  fieldOf("threads"),
  fieldOf("memory"),
  fieldOf("wait"),
];

/** The keys that only `%%sweep` has: the variants of muNet Fig. 3, or with `over` any settings. */
export const SWEEP_FIELDS: readonly Field[] = [
  {
    key: "scaleFactors",
    about: "muNet at each of these scale factors (eq. 2, Fig. 3).",
    valid: "a list of numbers above 0 and at most 1 (default: [1])",
    values: [],
  },
  {
    key: "repetitions",
    about: "Runs of each variant; the runs of one repetition share seed, data and root.",
    valid: "a whole number from 1 (default: 3)",
    values: [],
  },
  {
    key: "ablate",
    about: "Also run muNet without these parts (Fig. 3 and 4).",
    valid: "a list of adapters, tuning, both",
    values: ["adapters", "tuning", "both"],
  },
  {
    key: "ablateAt",
    about: "Scale factors of these ablations.",
    valid: "a list of numbers above 0 and at most 1 (default: those of the sweep)",
    values: [],
  },
  {
    key: "baselines",
    about: "What muNet is compared with, at the same budget of examples (§3.1, eq. 4).",
    valid: "all, none, or a list of full, top, multi-head, adapters, top-1, adapters-64 …",
    values: ["all", "none", "full", "top", "multi-head", "adapters"],
  },
  {
    key: "planClaims",
    about:
      "Shows how many repetitions and core-hours would decide each of muNet's claims, from the spread of a pilot, and runs nothing.",
    valid: "true or false (default: false)",
    values: ["true", "false"],
  },
  {
    key: "pilot",
    about: "The sweep from whose spread and times planClaims plans (default: what has ended of this one).",
    valid: "the folder of a sweep, or a stored one",
    values: [],
  },
  {
    key: "over",
    about:
      "Instead of the variants of muNet Fig. 3: settings (or seed), each with a list of values; every combination is a run.",
    valid: "settings with lists of values, one per line",
    values: [],
  },
];

const ABOUT: Readonly<Record<string, string>> = {
  iterations: "Passes over the list of tasks (µ2Net §4: 2).",
  generations: "Generations of an activation (µ2Net §4: 4).",
  children: "Children of a generation, trained together (µ2Net §4: 8).",
  validationFraction: "Share of the training images that is held out for validation (µ2Net Table 9: 0.2).",
  limit: "Most images per split; for short budgets.",
  batchSize: "Images per gradient step.",
  cycles: "Validations of a child (µ2Net §4: 4).",
  examplesPerCycle: "Most training images between two validations.",
  validationExamples: "Most validation images.",
  clipNorm: "Gradients are scaled down to this global norm.",
  scaleFactor:
    "s of score = accuracy · s^(accounted parameters / root parameters); 1 ignores size (muNet eq. 2).",
  rootParams: "P in the same formula: parameters of the root model.",
  lists: "muNet's lists of values: those of the paper (§3) or of its published code.",
  parents:
    "How parents are sampled: muNet's seeds first; µ2Net's ranked candidates, then seeds (Alg. 1); or as the papers' texts say.",
  keepTies:
    "Whether a version that only equals the score to beat is kept (µ2Net Alg. 1) or not (muNet §2.2).",
  tieSurvivor: "Which of equally good models survives an activation.",
  autoCloneUnlocked:
    "Always train layers that no other task uses (published code), or only with probability µ (paper).",
  preprocessing: "Preprocessing is sampled once per generation (published code) or per child (paper).",
  preprocessingProbability: "Preprocessing mutates with the default µ (published code) or the model's own.",
  insertAdapters: "Whether residual adapters may be inserted (muNet §2.2).",
  adapterSlots:
    "Adapters are inserted into each slot with probability µ (muNet §2.2), or into all slots (a baseline).",
  adapterPlaces: "Slots before every block (published code), or only between blocks (paper).",
  categoricalSteps: "A switch steps to its neighbour (published code) or to any other value (paper).",
  headInit: "A new head is zero (published code) or random (µ2Net's text).",
  tuneHyperparams: "Whether hyperparameters are tuned (muNet §3, auto-tuning).",
  depth: "Depth changes by ±1 (published code), or only by removing the top block (paper).",
  keepMomentum: "Whether a layer's momentum is cloned with it (µ2Net §3.2).",
  momentumPrecision: "Precision of the momentum accumulator; the published code has bfloat16.",
  initSeed: "New layers from the child's own random stream, or all from one (published µ2Net code).",
  mutationProbability: "µ, the probability of each possible mutation (µ2Net §3.2: 0.2).",
  learningRate: "Peak learning rate (µ2Net Table 1).",
  schedule: "Curve of the learning rate (muNet §3).",
  warmupRatio: "Share of the steps in which the learning rate rises (µ2Net Table 1).",
  momentum: "Momentum of SGD (µ2Net Table 1).",
  nesterov: "Whether SGD uses Nesterov momentum (µ2Net Table 1).",
  crop: "Whether training images are cropped at random (µ2Net Table 1).",
  areaMin: "Smallest share of the image's area that a crop keeps (µ2Net Table 1).",
  aspectMin: "Smallest width : height ratio of a crop (µ2Net Table 1).",
  flip: "Whether training images are mirrored at random (µ2Net Table 1).",
  brightness: "Largest random shift of brightness (µ2Net Table 1).",
  contrast: "Largest random change of contrast (µ2Net Table 1).",
  saturation: "Largest random change of saturation (µ2Net Table 1).",
  hue: "Largest random shift of hue (µ2Net Table 1).",
  imageSize: "Side of the input image in pixels (muNet §3).",
  adapterDim: "Inner size of residual adapters (muNet §3).",
};

/** The settings that a segment of a run may have of its own, as the lines below `set:` may name them. */
export function segmentFields(): Field[] {
  const any = experimentOf("preliminary", {});
  return settingFields("preliminary", "paper").filter(({ key }) => isSegmentSetting(key, any));
}

/** The settings of experiment `name` at `budget` that the lines below `set:` (or `over:`) may name. */
export function settingFields(name: string, budget: string): Field[] {
  const known = Object.hasOwn(EXPERIMENTS, name) ? name : Object.keys(EXPERIMENTS)[0]!;
  const experiment = experimentOf(known, { budget: BUDGET_NAMES.find((each) => each === budget) ?? "paper" });
  return [...settingsOf(experiment)].map(([key, { now, valid, values }]) => ({
    key,
    about: [ABOUT[key] ?? "A setting of the experiment.", ...(now === Infinity ? [] : [`Now ${now}.`])].join(
      " ",
    ),
    valid,
    values: (values ?? []).map(String),
  }));
}
