// How much a number of pairs can show: the power of the paired t test and of the test of equivalence by two one-sided tests,
// at α = 5 % two-sided, and the number of pairs for a power. Both are integrals over the distribution of the sample's
// deviation, given which the mean is normal; the first is the noncentral t distribution.

import { logGamma, tQuantile } from "./stats.js";

/** The power that a plan is made for. */
export const WANTED_POWER = 0.8;

/** More pairs than this are as good as never. */
export const MOST_PAIRS = 1000;

/** Chance that the 95 % interval of `n` ≥ 2 pairs is wholly on the true effect's side of 0; 0 for fewer. `std` is the deviation of a pair's difference. */
export function power(effect: number, std: number, n: number): number {
  if (n < 2 || effect === 0 || Number.isNaN(effect + std)) return 0;
  if (std === 0) return 1;
  const t = tQuantile(n - 1);
  const shift = (Math.abs(effect) / std) * Math.sqrt(n);
  return overDeviations(n - 1, (u) => normalBelow(shift - t * u));
}

/** Chance that the 95 % interval of `n` ≥ 2 pairs is wholly within ± `margin` around 0; 0 for fewer. */
export function powerWithin(effect: number, std: number, n: number, margin: number): number {
  if (n < 2 || Number.isNaN(effect + std)) return 0;
  if (std === 0) return Math.abs(effect) < margin ? 1 : 0;
  const t = tQuantile(n - 1);
  const scale = Math.sqrt(n) / std;
  return overDeviations(n - 1, (u) =>
    Math.max(
      0,
      normalBelow((margin - effect) * scale - t * u) - normalBelow((-margin - effect) * scale + t * u),
    ),
  );
}

/** The fewest pairs, from 2, whose power is as wanted; Infinity if MOST_PAIRS are not enough. `powerOf` must not fall. */
export function pairsFor(powerOf: (n: number) => number): number {
  if (powerOf(MOST_PAIRS) < WANTED_POWER) return Number.POSITIVE_INFINITY;
  let [low, high] = [1, 2];
  while (powerOf(high) < WANTED_POWER) [low, high] = [high, Math.min(MOST_PAIRS, 2 * high)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (powerOf(middle) < WANTED_POWER) low = middle;
    else high = middle;
  }
  return high;
}

/** The smallest effect that `n` ≥ 2 pairs show with the wanted power; NaN for fewer. */
export function detectableEffect(std: number, n: number): number {
  if (n < 2 || Number.isNaN(std)) return Number.NaN;
  let [low, high] = [0, std];
  while (power(high, std, n) < WANTED_POWER && high > 0) high *= 2;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (power(middle, std, n) < WANTED_POWER) low = middle;
    else high = middle;
  }
  return high;
}

/** Even, for Simpson's rule. */
const STEPS = 600;
/** Deviations from its mean of 1, in units of 1 / √df, beyond which the density is negligible. */
const REACH = 9;

/** The mean of `of(u)`, where u is the sample's deviation over the true one: df · u² is χ² distributed. */
function overDeviations(df: number, of: (u: number) => number): number {
  const [from, to] = [Math.max(0, 1 - REACH / Math.sqrt(df)), 1 + REACH / Math.sqrt(df)];
  const log = Math.LN2 + (df / 2) * Math.log(df / 2) - logGamma(df / 2);
  const density = (u: number): number => {
    if (u === 0) return df === 1 ? Math.exp(log) : 0;
    return Math.exp(log + (df - 1) * Math.log(u) - (df * u * u) / 2);
  };
  const step = (to - from) / STEPS;
  let sum = 0;
  for (let i = 0; i <= STEPS; i++) {
    const u = from + i * step;
    const weight = i === 0 || i === STEPS ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * density(u) * of(u);
  }
  return Math.min(1, (sum * step) / 3);
}

/** Φ(x), to 1e-7: the complementary error function by Chebyshev's fit (Numerical Recipes, erfcc). */
export function normalBelow(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  const fit = ERFC.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  const tail = (t * Math.exp(-z * z + fit)) / 2;
  return x < 0 ? tail : 1 - tail;
}

const ERFC = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
];
