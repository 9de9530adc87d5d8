// Rounding as in the published pipelines; Math.round rounds ties up instead.

/** Rounds to the nearest whole number, ties to even, like C's lrintf and Python's round, for either sign. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
