// The request of an ablation panel: which parts of a run's method should differ. Plain data on the wire, checked on both
// sides, with its wording and the name of the variant's folder.

import { formatList } from "../format/numbers.js";

/** The parts of a run's method that the panel can change. */
export interface AblationSettings {
  readonly adapters: boolean;
  readonly tuning: boolean;
  /** Whether the number of blocks may change; null if the method leaves no choice. */
  readonly depth: boolean | null;
  /** Whether a layer that no other task uses is always cloned and trained. */
  readonly cloneUnlocked: boolean;
  readonly scaleFactor: number;
  /** P of the score: accuracy × s^(accounted parameters / P). */
  readonly rootParams: number;
  readonly mu: number;
  /** Values that µ may have. */
  readonly muValues: readonly number[];
  /** Hyperparameters that are tuned. */
  readonly tuned: readonly string[];
}

/** Only the differences from the run. */
export interface AblationChanges {
  readonly adapters?: boolean;
  readonly tuning?: boolean;
  readonly depth?: boolean;
  readonly cloneUnlocked?: boolean;
  readonly scaleFactor?: number;
  readonly mu?: number;
  /** Hyperparameters that keep their defaults. */
  readonly held?: readonly string[];
}

/** A variant beside the run. */
export interface Variant {
  /** The name of its folder. */
  readonly name: string;
  readonly words: string;
}

const FLAGS = ["adapters", "tuning", "depth", "cloneUnlocked"] as const;

/** The valid changes of `wish` against `settings`; undefined if `wish` is not a request, or changes nothing. */
export function changesOf(wish: unknown, settings: AblationSettings): AblationChanges | undefined {
  if (typeof wish !== "object" || wish === null) return undefined;
  const { scaleFactor, mu, held, ...flags } = wish as Record<string, unknown>;
  const changes: { -readonly [K in keyof AblationChanges]: AblationChanges[K] } = {};
  for (const flag of FLAGS) {
    const value = flags[flag];
    if (typeof value === "boolean" && settings[flag] !== null && value !== settings[flag])
      changes[flag] = value;
  }
  if (typeof scaleFactor === "number" && scaleFactor > 0 && scaleFactor <= 1)
    if (scaleFactor !== settings.scaleFactor) changes.scaleFactor = scaleFactor;
  if (typeof mu === "number" && settings.muValues.includes(mu) && mu !== settings.mu) changes.mu = mu;
  // If nothing is tuned, nothing needs to be held.
  const isTuned = changes.tuning ?? settings.tuning;
  const known = Array.isArray(held) ? settings.tuned.filter((name) => held.includes(name)) : [];
  if (isTuned && known.length > 0) changes.held = known;
  return Object.keys(changes).length === 0 ? undefined : changes;
}

/** Parts of a method by which people call it: "muNet without adapters and auto-tuning". */
const PART_WORDS = { adapters: "adapters", tuning: "auto-tuning" } as const;
const RULE_WORDS = {
  depth: ["depth may change", "depth fixed"],
  cloneUnlocked: ["unshared layers always cloned", "unshared layers cloned with probability µ"],
} as const;

/** "with adapters without auto-tuning"; empty if neither changes. */
function partWords(changes: AblationChanges): string {
  const parts = Object.entries(PART_WORDS) as [keyof typeof PART_WORDS, string][];
  const changed = (isOn: boolean) => parts.flatMap(([key, part]) => (changes[key] === isOn ? [part] : []));
  return (["with", "without"] as const)
    .map((word) => [word, changed(word === "with")] as const)
    .flatMap(([word, all]) => (all.length === 0 ? [] : [`${word} ${formatList(all)}`]))
    .join(" ");
}

const otherWords = ({ scaleFactor, mu, held, ...flags }: AblationChanges): string[] => [
  ...(["depth", "cloneUnlocked"] as const).flatMap((flag) =>
    flags[flag] === undefined ? [] : [RULE_WORDS[flag][flags[flag] ? 0 : 1]],
  ),
  ...(scaleFactor === undefined ? [] : [`s ${scaleFactor}`]),
  ...(mu === undefined ? [] : [`µ ${mu}`]),
  ...(held === undefined ? [] : [`holding ${formatList(held)}`]),
];

/** "without adapters, s 0.3, holding flip and nesterov". */
export const changeWords = (changes: AblationChanges): string =>
  [partWords(changes), ...otherWords(changes)].filter((words) => words !== "").join(", ");

/** The variant's name beside other methods: `method`, which format/method-names gives its own, and what that leaves out: "muNet without adapters (s 0.3)". */
export function variantName(method: string, { depth, scaleFactor, held }: AblationChanges): string {
  const others = otherWords({
    ...(depth !== undefined && { depth }),
    ...(scaleFactor !== undefined && { scaleFactor }),
    ...(held && { held }),
  });
  return others.length === 0 ? method : `${method} (${others.join(", ")})`;
}

const FLAG_NAMES: Readonly<Record<(typeof FLAGS)[number], string>> = {
  adapters: "adapters",
  tuning: "tuning",
  depth: "depth",
  cloneUnlocked: "clone-unlocked",
};

/** "no-adapters_s0.3_hold-flip-nesterov": equal changes have equal names. */
export const changeName = ({ scaleFactor, mu, held, ...flags }: AblationChanges): string =>
  [
    ...FLAGS.flatMap((flag) =>
      flags[flag] === undefined ? [] : [`${flags[flag] ? "with" : "no"}-${FLAG_NAMES[flag]}`],
    ),
    ...(scaleFactor === undefined ? [] : [`s${scaleFactor}`]),
    ...(mu === undefined ? [] : [`mu${mu}`]),
    ...(held === undefined ? [] : [`hold-${[...held].sort().join("-")}`]),
  ].join("_");

/** The attributes of an ablation's widget model beside `runs`: the run itself and then the variants. */
export interface AblationWire {
  readonly settings: AblationSettings;
  readonly variants: readonly Variant[];
  /** The outcome of the last request; null if there is none to report. */
  readonly message: string | null;
  readonly isError: boolean;
}
