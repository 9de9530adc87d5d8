// Points that would squeeze all others of a plot into one line.

/** Splits off, one after another, the lowest points whose distance to the next is larger than the range of all above them. */
export function withoutOutliers<T extends { readonly test: number }>(
  points: readonly T[],
): { near: T[]; far: T[] } {
  const near = [...points];
  const far: T[] = [];
  while (near.length > 3) {
    const sorted = [...near].sort((a, b) => a.test - b.test);
    const [lowest, next, top] = [sorted[0]!, sorted[1]!, sorted.at(-1)!];
    if (next.test - lowest.test <= top.test - next.test) break;
    far.push(near.splice(near.indexOf(lowest), 1)[0]!);
  }
  return { near, far };
}
