// The statistics that few repetitions allow: means, deviations, and intervals of Student's t. Repetitions that are pairs
// (same seed, data and root) are compared as pairs, so that what they share cancels out.

/** A mean with its 95 % interval, which is null for fewer than two values. */
export interface Interval {
  readonly n: number;
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const squares = (values: readonly number[]): number => {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0);
};

/** Population standard deviation (divided by n), like the papers' ±. */
export const populationStd = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : Math.sqrt(squares(values) / values.length);

/** Sample standard deviation (divided by n − 1); NaN for fewer than two values. */
export const sampleStd = (values: readonly number[]): number =>
  values.length < 2 ? Number.NaN : Math.sqrt(squares(values) / (values.length - 1));

/** Mean and 95 % interval of `values`, by Student's t; for paired differences, the paired interval. */
export function interval(values: readonly number[]): Interval {
  const n = values.length;
  const center = n === 0 ? Number.NaN : mean(values);
  if (n < 2) return { n, mean: center, low: null, high: null };
  const half = (tQuantile(n - 1) * sampleStd(values)) / Math.sqrt(n);
  return { n, mean: center, low: center - half, high: center + half };
}

/** Whether an interval is above 0, below 0, or includes 0. */
export const sideOf = ({ low, high }: Interval): "above" | "below" | "not shown" =>
  low !== null && low > 0 ? "above" : high !== null && high < 0 ? "below" : "not shown";

/** A mean without its values, as a paper prints it. */
export interface Reported {
  readonly mean: number;
  /** Population deviation over its runs. */
  readonly std: number;
  readonly n: number;
}

/** 95 % interval of mean(`values`) − `reported`: Welch's if both sides have a deviation; if `values` is a single run, it is assumed to vary like the reported ones (a prediction interval). Null if neither side has a deviation. */
export function welchInterval(values: readonly number[], reported: Reported): Interval {
  const n = values.length;
  const difference = mean(values) - reported.mean;
  const theirs = reported.n < 2 ? null : (reported.std ** 2 * reported.n) / (reported.n - 1);
  const ours = n < 2 ? theirs : sampleStd(values) ** 2;
  if (ours === null) return { n, mean: difference, low: null, high: null };
  const a = ours / n;
  const b = (theirs ?? 0) / Math.max(1, reported.n);
  const df = n < 2 ? reported.n - 1 : welchFreedom(a, n, b, theirs === null ? 0 : reported.n);
  const half = tQuantile(df) * Math.sqrt(a + b);
  return { n, mean: difference, low: difference - half, high: difference + half };
}

/** Degrees of freedom of Welch and Satterthwaite, for variances of two means. */
function welchFreedom(a: number, na: number, b: number, nb: number): number {
  if (nb < 2 || b === 0) return na - 1;
  if (a === 0) return nb - 1;
  return (a + b) ** 2 / (a ** 2 / (na - 1) + b ** 2 / (nb - 1));
}

/** The t that leaves 2.5 % above it, for `df` > 0 degrees of freedom: 12.71, 4.30, 3.18 … 1.96. */
export function tQuantile(df: number): number {
  let [low, high] = [0, 1e4];
  for (let i = 0; i < 80; i++) {
    const t = (low + high) / 2;
    if (tTail(t, df) > 0.025) low = t;
    else high = t;
  }
  return (low + high) / 2;
}

/** P(T > t) for t ≥ 0. */
const tTail = (t: number, df: number): number => incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2;

/** The regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front =
    Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a;
  const tiny = 1e-300;
  let [c, d] = [1, 1 / (1 - ((a + b) * x) / (a + 1) || tiny)];
  let f = d;
  for (let m = 1; m < 400; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + term * d || tiny);
      c = 1 + term / c || tiny;
      f *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return front * f;
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0, by Lanczos. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  const sum = LANCZOS.reduce((s, c, i) => s + c / (z + i + 1), 0.99999999999980993);
  const t = z + LANCZOS.length - 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}
