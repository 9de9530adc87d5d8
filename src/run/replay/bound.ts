// What replaying a random sample of children proves of all.

/** The chance that is left of what is said being wrong. */
const DOUBT = 0.05;

/**
 * The share of forged children from which on `sampled` random ones would include one with a probability of at least 95 %:
 * 1 - 0.05^(1/n), the exact binomial bound; 59 children give 4.95 %. It holds for drawing without replacement too, where
 * forgeries are found even more surely. 1 where nothing was sampled.
 */
export const shareBound = (sampled: number): number => (sampled === 0 ? 1 : 1 - DOUBT ** (1 / sampled));

/**
 * The most of `all` children that may be forged although `sampled` random ones, drawn without replacement, were all sound,
 * unless the draw was one of the unluckiest 5 %; the exact hypergeometric bound.
 */
export function countBound(sampled: number, all: number): number {
  let most = 0;
  for (let forged = 1; forged <= all; forged++) {
    if (chanceOfNone(sampled, all, forged) <= DOUBT) break;
    most = forged;
  }
  return most;
}

/** Probability that none of `forged` among `all` is in a sample. */
function chanceOfNone(sampled: number, all: number, forged: number): number {
  let chance = 1;
  for (let i = 0; i < sampled; i++) chance *= Math.max(0, all - forged - i) / (all - i);
  return chance;
}
