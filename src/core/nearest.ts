// What somebody may have meant: the valid value nearest to what was written.

import { closest } from "fastest-levenshtein";

/** The nearest of `valid` to what somebody wrote, for messages; of numbers those on both sides. */
export function nearest(given: unknown, valid: readonly unknown[]): string {
  if (typeof given === "number") {
    const numbers = valid.filter((v): v is number => typeof v === "number");
    const below = numbers.filter((v) => v < given).sort((a, b) => b - a)[0];
    const above = numbers.filter((v) => v > given).sort((a, b) => a - b)[0];
    const around = [below, above].filter((v) => v !== undefined);
    if (around.length > 0) return around.join(" and ");
  }
  return valid.length > 0 ? `"${closest(String(given), valid.map(String))}"` : "none";
}
