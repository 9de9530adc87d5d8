// Rounding as the published pipelines round; Math.round takes ties up instead.

/** To the nearest whole number, ties to the even one, as C's lrintf and Python's round do. `value` of either sign. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
