// Checks that the numbers of a new experiment fit together. Reading requires less (parse-experiment), so that a run that has
// begun can continue; this refuses a new experiment before it has a folder, if it could only fail later or learn nothing.

import type { Experiment } from "../core/experiment.js";
import type { HyperparamName, Hyperparams } from "../core/hyperparams.js";
import type { Problem } from "../store/check.js";
import { hyperparams } from "../store/parse-hyperparams.js";

type Value = Hyperparams[HyperparamName];
interface Rule {
  readonly expected: string;
  readonly holds: (value: Value) => boolean;
}

const numeric = (expected: string, holds: (value: number) => boolean): Rule => ({
  expected,
  holds: (value) => typeof value === "number" && holds(value),
});
const share = numeric("a number above 0, at most 1", (value) => value > 0 && value <= 1);
const jitter = numeric("a number from 0 to 1", (value) => value >= 0 && value <= 1);

/** Ranges stricter than those of the hyperparameters in events. */
const RANGES: { readonly [K in HyperparamName]?: Rule } = {
  learningRate: numeric("a number above 0", (value) => value > 0),
  areaMin: share,
  aspectMin: share,
  brightness: jitter,
  contrast: jitter,
  saturation: jitter,
  hue: jitter,
  adapterDim: numeric("a whole number, at least 1", (value) => value >= 1),
};

/** The first inconsistency of `experiment`, which is valid for run.json; or null. */
export function experimentMisfit(experiment: Experiment): Problem | null {
  const { tasks, training, validationFraction, method, root } = experiment;
  const { scaleFactor, computeFactor, blocksRange } = method;
  const [least = 0, most = 0] = blocksRange;
  const { width, heads } = root.backbone;
  const names = tasks.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  const misfits: readonly (Problem | false)[] = [
    names.length === 0 && problem(".tasks", names, "at least one task"),
    twice !== undefined && problem(".tasks", names, "a list that names each task once"),
    training.clipNorm <= 0 && problem(".training.clipNorm", training.clipNorm, "a number above 0"),
    (validationFraction <= 0 || validationFraction >= 1) &&
      problem(".validationFraction", validationFraction, "a number between 0 and 1"),
    scaleFactor <= 0 && problem(".method.scaleFactor", scaleFactor, "a number above 0, at most 1"),
    computeFactor !== undefined &&
      computeFactor <= 0 &&
      problem(".method.computeFactor", computeFactor, "a number above 0, at most 1"),
    (blocksRange.length !== 2 || least > most) &&
      problem(".method.blocksRange", blocksRange, "the fewest and the most blocks"),
    // A depth that can't change may be that of another root, because nothing uses it.
    least < most &&
      (root.blocks < least || root.blocks > most) &&
      problem(".root.blocks", root.blocks, `${least} to ${most}, as method.blocksRange has it`),
    width % heads !== 0 && problem(".root.backbone.heads", heads, `a divisor of its width, ${width}`),
  ];
  return misfits.find((misfit) => misfit !== false) || hyperparamMisfit(experiment);
}

const problem = (path: string, found: unknown, expected: string): Problem => ({
  path,
  found: JSON.stringify(found),
  expected,
});

/** Every value that a model may get: the default and those of the list. */
function hyperparamMisfit({ method, root }: Experiment): Problem | null {
  const { defaults, search, tuneHyperparams } = method;
  const { patch } = root.backbone;
  const ranges = {
    ...RANGES,
    imageSize: numeric(`a multiple of the patch, ${patch}`, (value) => value % patch === 0),
  };
  const misfit = (path: string, name: HyperparamName, value: Value): Problem | null => {
    const wrong = hyperparams({ ...defaults, [name]: value });
    if (wrong) return { ...wrong, path };
    const rule = ranges[name as keyof typeof ranges];
    return rule && !rule.holds(value) ? problem(path, value, rule.expected) : null;
  };
  for (const [name, value] of Object.entries(defaults) as [HyperparamName, Value][]) {
    const found = misfit(`.method.defaults.${name}`, name, value);
    if (found) return found;
  }
  if (!tuneHyperparams) return null;
  if (search.blocks) return problem(".method.search.blocks", search.blocks, "left out: see blocksRange");
  for (const [name, values] of Object.entries(search) as [HyperparamName, readonly Value[]][])
    for (const [i, value] of values.entries()) {
      const found = misfit(`.method.search.${name}[${i}]`, name, value);
      if (found) return found;
    }
  return null;
}
