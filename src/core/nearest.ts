// What somebody may have meant: the valid value nearest to what was written, or nothing where none is near.

import { closest, distance } from "fastest-levenshtein";

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

/** Letters that may differ, as a share of the longer word: "metods" is meant, "quark" is not. */
const MOST_WRONG = 0.45;

/**
 * The name among `valid` that `given` is likely meant for: an abbreviation by initials ("lr" for learningRate), the
 * beginning or another part of one name alone, or a name that differs in few letters. Undefined where none is near.
 */
export function suggestion(given: string, valid: readonly string[]): string | undefined {
  const word = given.toLowerCase();
  if (word === "" || valid.length === 0) return undefined;
  const only = (fits: (name: string) => boolean): string | undefined => {
    const found = valid.filter(fits);
    return found.length === 1 ? found[0] : undefined;
  };
  const near = closest(given, valid);
  const wrong = near === undefined ? Number.POSITIVE_INFINITY : distance(word, near.toLowerCase());
  if (wrong <= 1 && word.length > 2) return near;
  return (
    only((name) => initials(name) === word) ??
    only((name) => word.length > 1 && name.toLowerCase().startsWith(word)) ??
    only((name) => word.length > 2 && name.toLowerCase().includes(word)) ??
    (wrong <= MOST_WRONG * Math.max(word.length, near!.length) ? near : undefined)
  );
}

/** "lr" of learningRate, "bs" of batch-size. */
const initials = (name: string): string =>
  name
    .split(/(?=[A-Z])|[^A-Za-z\d]+/)
    .map((part) => part[0] ?? "")
    .join("")
    .toLowerCase();
