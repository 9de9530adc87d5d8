// What somebody may have meant: the valid value nearest to what was written, if any is near.

import { distance } from "fastest-levenshtein";

/** The nearest numbers on both sides of `given`, for messages; undefined if it or all of `valid` are not numbers. */
export function nearestNumbers(given: unknown, valid: readonly unknown[]): string | undefined {
  if (typeof given !== "number") return undefined;
  const numbers = valid.filter((v): v is number => typeof v === "number");
  const below = numbers.filter((v) => v < given).sort((a, b) => b - a)[0];
  const above = numbers.filter((v) => v > given).sort((a, b) => a - b)[0];
  const around = [below, above].filter((v) => v !== undefined);
  return around.length > 0 ? around.join(" and ") : undefined;
}

/** The words of a name: "learningRate" and "learning-rate" are both learning and rate. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

const plain = (name: string): string => wordsOf(name).join("");
const sorted = (letters: string): string => [...letters].sort().join("");
const initials = (name: string): string =>
  wordsOf(name)
    .map((word) => word[0])
    .join("");

/** The one of `valid` that `given` most likely means: the same name spelled differently, its initials (lr), its beginning or one of its words, or a name that differs in few letters. Undefined if none is near enough to suggest. */
export function meant(given: string, valid: readonly string[]): string | undefined {
  const asked = plain(given);
  if (asked === "" || valid.length === 0) return undefined;
  const only = (fits: (name: string) => boolean): string | undefined => {
    const found = valid.filter(fits);
    return found.length === 1 ? found[0] : undefined;
  };
  const same = valid.find((name) => plain(name) === asked);
  if (same !== undefined) return same;
  if (asked.length > 1) {
    const short = only((name) => wordsOf(name).length > 1 && initials(name) === asked);
    if (short !== undefined) return short;
  }
  const letters = (name: string): number =>
    sorted(plain(name)) === sorted(asked) ? 1 : distance(asked, plain(name)); // two transposed letters count as one slip
  const near = valid.map((name) => ({ name, slips: letters(name), far: distance(given, name) }));
  const [best] = near.sort((a, b) => a.slips - b.slips || a.far - b.far);
  if (best && best.slips <= Math.max(1, Math.floor(asked.length / 3))) return best.name;
  if (asked.length < 3) return undefined;
  return only((name) => plain(name).startsWith(asked)) ?? only((name) => wordsOf(name).includes(asked));
}
