// How a claim is decided: by tests on paired values, one value per repetition. A claim may need all tests of a list, or all
// tests of one of several lists ("at some scale factor"). The same rules say how many repetitions would decide it.

import { detectableEffect, pairsFor, power, powerWithin } from "../power.js";
import { type Interval, interval, sampleStd } from "../stats.js";

export type ClaimVerdict = "holds" | "does not hold" | "undecided";

export type ClaimUnit =
  | "points"
  | "M parameters per task"
  | "M per step of s"
  | "blocks per step of s"
  | "adapter size per step of s"
  | "models";

/** One test on differences, a value per repetition. */
export interface ClaimTest {
  /** What is compared: "muNet, Full fine-tuning: accuracy". */
  readonly name: string;
  readonly unit: ClaimUnit;
  readonly values: readonly number[];
  /** Where the whole 95 % interval must be: above 0, below 0, or within ± `margin`. "not below": the test only fails a claim, where the whole interval is below 0. */
  readonly expects: "above" | "below" | "within" | "not below";
  readonly margin?: number;
}

/** A test with its outcome. */
export interface TestOutcome extends ClaimTest {
  readonly difference: Interval;
  readonly verdict: ClaimVerdict;
  /** Chance that as many new repetitions would decide it, if the effect and the spread are as they were seen. */
  readonly power: number;
  /** Repetitions with which it would probably hold, or fail; Infinity for the other of the two. */
  readonly needs: Needs;
}

export interface Needs {
  readonly holds: number;
  readonly fails: number;
}

/** The outcome of a test. */
export function outcomeOf(test: ClaimTest): TestOutcome {
  const difference = interval(test.values);
  return {
    ...test,
    difference,
    verdict: verdictOn(test, difference),
    power: powerOf(test, difference.n),
    needs: needsOf(test),
  };
}

function verdictOn({ expects, margin = 0 }: ClaimTest, { low, high }: Interval): ClaimVerdict {
  const isBelow = high !== null && high < -margin;
  if (expects === "not below") return isBelow ? "does not hold" : "holds";
  if (low === null || high === null) return "undecided";
  const isAbove = low > margin;
  if (expects === "within") {
    if (isAbove || isBelow) return "does not hold";
    return low > -margin && high < margin ? "holds" : "undecided";
  }
  const [right, wrong] = expects === "above" ? [isAbove, isBelow] : [isBelow, isAbove];
  return right ? "holds" : wrong ? "does not hold" : "undecided";
}

/** Whether the mean is where the test expects it. */
const isRight = ({ expects, margin = 0 }: ClaimTest, mean: number): boolean =>
  expects === "within" ? Math.abs(mean) < margin : expects === "below" ? mean < 0 : mean > 0;

/** Chance of a verdict with `n` repetitions, from the mean and the deviation of the test's values. */
export function powerOf(test: ClaimTest, n: number): number {
  const { mean } = interval(test.values);
  const std = sampleStd(test.values);
  const { margin = 0 } = test;
  if (test.expects !== "within") return power(mean, std, n);
  return isRight(test, mean)
    ? powerWithin(mean, std, n, margin)
    : power(Math.max(0, Math.abs(mean) - margin), std, n);
}

function needsOf(test: ClaimTest): Needs {
  if (test.expects === "not below") return { holds: 0, fails: Number.POSITIVE_INFINITY };
  const needed = pairsFor((n) => powerOf(test, n));
  return isRight(test, interval(test.values).mean)
    ? { holds: needed, fails: Number.POSITIVE_INFINITY }
    : { holds: Number.POSITIVE_INFINITY, fails: needed };
}

/** A claim's outcome, with the test that decides it: the weakest of the strongest list. */
export interface Decision {
  readonly verdict: ClaimVerdict;
  readonly decisive: TestOutcome;
  readonly alternative: number;
  /** Repetitions, in all, with which the claim is probably decided; Infinity where MOST_PAIRS would not. */
  readonly needs: number;
  /** The smallest difference that as many repetitions show in four of five cases; NaN for fewer than two. */
  readonly detects: number;
}

const WORST: readonly ClaimVerdict[] = ["does not hold", "undecided", "holds"];

/** Decides a claim that holds where all tests of one of `alternatives` do. Each list has at least one test. */
export function decide(alternatives: readonly (readonly ClaimTest[])[]): Decision {
  const lists = alternatives.map((tests, alternative) => ({
    alternative,
    ...allOf(tests.map(outcomeOf)),
  }));
  const best = [...lists].sort(
    (a, b) => WORST.indexOf(b.verdict) - WORST.indexOf(a.verdict) || leadOf(b.decisive) - leadOf(a.decisive),
  )[0]!;
  const holds = Math.min(...lists.map(({ needs }) => needs.holds));
  const fails = Math.max(...lists.map(({ needs }) => needs.fails));
  const { decisive, verdict, alternative } = best;
  return {
    verdict,
    decisive,
    alternative,
    needs: Math.min(holds, fails),
    detects: detectableEffect(sampleStd(decisive.values), decisive.values.length),
  };
}

/** All tests together: as good as the worst; one failure is enough to fail. */
function allOf(outcomes: readonly TestOutcome[]): {
  readonly verdict: ClaimVerdict;
  readonly decisive: TestOutcome;
  readonly needs: Needs;
} {
  const decisive = [...outcomes].sort(
    (a, b) => WORST.indexOf(a.verdict) - WORST.indexOf(b.verdict) || leadOf(a) - leadOf(b),
  )[0]!;
  return {
    verdict: decisive.verdict,
    decisive,
    needs: {
      holds: Math.max(...outcomes.map(({ needs }) => needs.holds)),
      fails: Math.min(...outcomes.map(({ needs }) => needs.fails)),
    },
  };
}

/** How far the mean is on the right side, in deviations of a difference, so that units don't matter. */
function leadOf({ expects, margin = 0, values, difference }: TestOutcome): number {
  if (expects === "not below") return Number.POSITIVE_INFINITY;
  const { mean } = difference;
  const lead = expects === "within" ? margin - Math.abs(mean) : expects === "below" ? -mean : mean;
  const std = sampleStd(values);
  return Number.isFinite(lead) ? lead / (std > 0 ? std : 1e-9) : Number.NEGATIVE_INFINITY;
}
