// Points that would press all others of a plot into one line.

/** Points whose lead from the next above is larger than the range of all above them are far; one after the other. */
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
