// `--set key=value`: one flat namespace over the numbers of an experiment, the switches of its method and the defaults
// of its hyperparameters, checked against the valid values of each.

import {
  hyperparamNotValid,
  settingInherited,
  settingOfRun,
  unknownName,
  valueNotValid,
} from "../core/errors/index.js";
import { childCount, type Experiment } from "../core/experiment.js";
import { METRICS, refuseNoFormula } from "../core/formula.js";
import type { HyperparamName } from "../core/hyperparams.js";
import { type Method, mu2net, munet, munetCode } from "../core/methods.js";
import type { Settings } from "../core/settings.js";

type Plain = number | boolean | string;

interface Setting {
  readonly now: Plain;
  /** The valid values in words. */
  readonly valid: string;
  /** The valid values, if they can be listed; otherwise `check` decides. */
  readonly values?: readonly Plain[];
  readonly check?: (value: number) => boolean;
  /** For a text: throws where it is not valid. */
  readonly refuse?: (text: string) => void;
  readonly put: (experiment: Experiment, value: Plain) => Experiment;
}

/** A whole number from 1; the upper end is far beyond a machine's lifetime of work, but low enough to catch typing errors. */
const whole = (most: number) => ({
  valid: `a whole number in 1…${most}`,
  check: (v: number) => Number.isInteger(v) && v >= 1 && v <= most,
});

/** Most children of an experiment; the papers' largest has about ten thousand. */
const MOST_CHILDREN = 1_000_000;
const MOST = {
  iterations: 10_000,
  generations: 10_000,
  children: 1_000,
  batchSize: 65_536,
  cycles: 100_000,
  examplesPerCycle: 1_000_000_000,
  validationExamples: 1_000_000_000,
  limit: 1_000_000_000,
  rootParams: 1_000_000_000_000,
} as const;
const share = { valid: "a number between 0 and 1", check: (v: number) => v > 0 && v < 1 };

const SWITCHES = {
  parents: ["seeds-first", "ranked-then-seeds", "ranked-then-shuffled", "ranked-together", "root"],
  keepTies: [false, true],
  tieSurvivor: ["oldest", "newest"],
  autoCloneUnlocked: [false, true],
  preprocessing: ["per-generation", "per-child"],
  preprocessingProbability: ["default", "evolved"],
  insertAdapters: [false, true],
  adapterSlots: ["drawn", "all"],
  adapterPlaces: ["before-blocks", "between-blocks"],
  tuneHyperparams: [false, true],
  categoricalSteps: ["neighbour", "any"],
  depth: ["step", "remove-top"],
  keepMomentum: [false, true],
  momentumPrecision: ["bfloat16", "float32"],
  initSeed: ["per-child", "fixed"],
  headInit: ["zero", "random"],
} as const satisfies { readonly [K in keyof Method]?: readonly Method[K][] };

/** Everything that `--set` may name in `experiment`. */
export function settingsOf(experiment: Experiment): ReadonlyMap<string, Setting> {
  const settings = new Map<string, Setting>();
  const { method, training } = experiment;
  for (const key of ["iterations", "generations", "children"] as const)
    settings.set(key, { now: experiment[key], ...whole(MOST[key]), put: (e, v) => ({ ...e, [key]: v }) });
  settings.set("validationFraction", {
    now: experiment.validationFraction,
    ...share,
    put: (e, v) => ({ ...e, validationFraction: v as number }),
  });
  settings.set("limit", {
    now: experiment.limit ?? Number.POSITIVE_INFINITY,
    ...whole(MOST.limit),
    put: (e, v) => ({ ...e, limit: v as number }),
  });
  for (const key of ["batchSize", "cycles", "examplesPerCycle", "validationExamples"] as const)
    settings.set(key, {
      now: training[key],
      ...whole(MOST[key]),
      put: (e, v) => ({ ...e, training: { ...e.training, [key]: v } }),
    });
  settings.set("clipNorm", {
    now: training.clipNorm,
    valid: "a number above 0, at most 1000000",
    check: (v) => v > 0 && v <= 1_000_000,
    put: (e, v) => ({ ...e, training: { ...e.training, clipNorm: v as number } }),
  });
  settings.set("scaleFactor", {
    now: method.scaleFactor,
    valid: "a number above 0, at most 1",
    check: (v) => v > 0 && v <= 1,
    put: (e, v) => ({ ...e, method: { ...e.method, scaleFactor: v as number } }),
  });
  settings.set("computeFactor", {
    now: method.computeFactor ?? 1,
    valid: "a number above 0, at most 1",
    check: (v) => v > 0 && v <= 1,
    put: (e, v) => ({ ...e, method: { ...e.method, computeFactor: v as number } }),
  });
  settings.set("score", {
    now: method.score ?? "accuracy",
    valid: `a formula such as accuracy * 0.99 ** (params / rootParams), of ${Object.keys(METRICS).join(", ")}`,
    refuse: refuseNoFormula,
    put: (e, v) => ({ ...e, method: { ...e.method, score: v as string } }),
  });
  settings.set("rootParams", {
    now: method.rootParams,
    ...whole(MOST.rootParams),
    put: (e, v) => ({ ...e, method: { ...e.method, rootParams: v as number } }),
  });
  if (method.name.startsWith("munet"))
    settings.set("lists", {
      now: method.name === munetCode.name ? "code" : "paper",
      values: ["paper", "code"],
      valid: "paper, code",
      put: (e, v) => {
        const { name, search } = v === "code" ? munetCode : munet;
        for (const [key, values] of Object.entries(search) as [HyperparamName, readonly Plain[]][])
          if (!values.includes(e.method.defaults[key]))
            throw hyperparamNotValid(key, e.method.defaults[key], values);
        return { ...e, method: { ...e.method, name, search } };
      },
    });
  for (const [key, values] of Object.entries(SWITCHES))
    settings.set(key, {
      now: method[key as keyof typeof SWITCHES] ?? values[0],
      values,
      valid: values.join(", "),
      put: (e, v) => ({ ...e, method: { ...e.method, [key]: v } }),
    });
  // In muNet µ is not searched, so it keeps the set value.
  if (!method.search.mutationProbability)
    settings.set("mutationProbability", {
      now: method.defaults.mutationProbability,
      valid: "a number from 0 to 1",
      check: (v) => v >= 0 && v <= 1,
      put: (e, v) => withDefault(e, "mutationProbability", v),
    });
  for (const [key, values] of Object.entries(method.search) as [HyperparamName, readonly Plain[]][])
    settings.set(key, {
      now: method.defaults[key],
      values,
      valid: values.join(", "),
      put: (e, v) => withDefault(e, key, v),
    });
  // Hyperparameters that this experiment does not search keep the set value, which must be one that either paper searches.
  for (const [key, values] of Object.entries(SEARCHED) as [HyperparamName, readonly Plain[]][])
    if (!settings.has(key))
      settings.set(key, {
        now: method.defaults[key],
        values,
        valid: values.join(", "),
        put: (e, v) => withDefault(e, key, v),
      });
  return settings;
}

/** Every hyperparameter that a paper searches, with its list; `blocks`, which neither searches, follows from the root. */
const SEARCHED = { ...mu2net.search, ...munet.search };

const withDefault = (e: Experiment, name: HyperparamName, value: Plain): Experiment => ({
  ...e,
  method: { ...e.method, defaults: { ...e.method.defaults, [name]: value } },
});

/** `experiment` with each "key=value" applied in order. Throws setting/unknown, options/not-valid, hyperparams/not-valid. */
export function applyOverrides(experiment: Experiment, overrides: readonly string[]): Experiment {
  const changed = overrides.reduce((changed, text) => {
    const at = text.indexOf("=");
    if (at < 1) throw valueNotValid("--set", text, "key=value, as in --set children=4");
    const key = text.slice(0, at).trim();
    const written = text.slice(at + 1).trim();
    const settings = settingsOf(changed);
    const setting = settings.get(key);
    if (!setting) throw unknownName("setting", key, [...settings.keys()]);
    return setting.put(changed, parseValue(key, written, setting));
  }, experiment);
  const children = childCount(changed);
  if (overrides.length > 0 && children > MOST_CHILDREN)
    throw valueNotValid(
      "The number of children (iterations × tasks × generations × children)",
      children,
      `at most ${MOST_CHILDREN}`,
    );
  return changed;
}

/**
 * The settings that "key=value"s change for a run's next segment; `now` has the settings in force. Throws as applyOverrides,
 * and options/not-valid for settings that hold for a whole run or that children have from their parents.
 */
export function changedSettings(now: Experiment, overrides: readonly string[]): Partial<Settings> {
  const set = applyOverrides(now, overrides);
  const whole = OF_RUN.find((key) => set[key] !== now[key]);
  if (whole) throw settingOfRun(whole);
  const { defaults } = now.method;
  const inherited = (Object.keys(defaults) as HyperparamName[]).find(
    (key) => isInherited(key, now) && set.method.defaults[key] !== defaults[key],
  );
  if (inherited) throw settingInherited(inherited);
  const { method, training, generations, children } = set;
  return {
    ...(method !== now.method && { method }),
    ...(training !== now.training && { training }),
    ...(generations !== now.generations && { generations }),
    ...(children !== now.children && { children }),
  };
}

/** Settings of a whole run. */
const OF_RUN = ["iterations", "validationFraction", "limit"] as const;

/** Whether children have `key` from their parents; muNet's µ, which is not searched, is the method's. */
const isInherited = (key: string, { method }: Experiment): boolean =>
  Object.hasOwn(method.defaults, key) && key !== "mutationProbability";

/** Whether a segment of a run may change `key`. */
export const isSegmentSetting = (key: string, now: Experiment): boolean =>
  !(OF_RUN as readonly string[]).includes(key) && !isInherited(key, now);

function parseValue(key: string, written: string, { now, values, valid, check, refuse }: Setting): Plain {
  if (refuse) {
    refuse(written);
    return written;
  }
  const value =
    typeof now === "number" ? numberOf(written) : typeof now === "boolean" ? booleanOf(written) : written;
  if (values) {
    if (value === undefined || !values.includes(value))
      throw hyperparamNotValid(key, value ?? written, values);
    return value;
  }
  if (typeof value !== "number" || !check!(value)) throw valueNotValid(key, written, valid);
  return value;
}

const numberOf = (text: string): number | undefined =>
  text !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
const booleanOf = (text: string): boolean | undefined =>
  text === "true" ? true : text === "false" ? false : undefined;
