// Short names for tasks, where there is little room: parts common to all of them carry no information.

/** A name that means nothing without its folder: "1k", "2019". */
const SIZE = /^[\d.]+k?$/i;

/** `names` without the folders that all of them begin with ("cmaterdb/bangla" → "bangla", but "dtd/1k" stays); never empty, and still distinct. */
export function shortNames(names: readonly string[]): string[] {
  let prefix = names[0]?.slice(0, names[0].lastIndexOf("/") + 1) ?? "";
  const isCommon = () => names.every((name) => name.startsWith(prefix) && name.length > prefix.length);
  const saysNothing = () => names.some((name) => SIZE.test(name.slice(prefix.length)));
  while (prefix !== "" && (!isCommon() || saysNothing()))
    prefix = prefix.slice(0, prefix.lastIndexOf("/", prefix.length - 2) + 1);
  return names.map((name) => name.slice(prefix.length));
}

/** Share of a cut name that goes to its end, where names of one family differ. */
const TAIL = 0.6;

/** Fewest letters of a folder's name that still say something before the name in it. */
const PART = 3;

/** `text` in at most `most` characters, cut in its middle: "institute/manuscripts/1k" → "insti…ipts/1k". The last part of a path stays whole where it fits: "cmaterdb/devanagari" → "c…/devanagari". */
export function elide(text: string, most: number): string {
  const letters = [...text];
  if (letters.length <= most) return text;
  const room = Math.max(1, most - 1);
  const share = Math.ceil(TAIL * room);
  const slash = letters.lastIndexOf("/");
  const last = letters.length - slash;
  const isWhole =
    slash > 0 && last < room && last > share - PART && !SIZE.test(letters.slice(slash + 1).join(""));
  const tail = isWhole ? last : share;
  return [...letters.slice(0, room - tail), "…", ...letters.slice(letters.length - tail)].join("");
}

/** `names` cut to `most` characters by `elide`, or to as many more as keep them distinct. */
export function briefNames(names: readonly string[], most: number): string[] {
  const short = shortNames(names);
  const longest = Math.max(0, ...short.map((name) => [...name].length));
  const different = new Set(short).size;
  for (let letters = most; letters < longest; letters++) {
    const brief = short.map((name) => elide(name, letters));
    if (new Set(brief).size === different) return brief;
  }
  return short;
}

/** As much of `text` as `fits` allows, cut in its middle; empty if nothing fits. */
export function elideTo(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  let [none, most] = [1, [...text].length];
  while (most - none > 1) {
    const middle = (none + most) >> 1;
    if (fits(elide(text, middle))) none = middle;
    else most = middle;
  }
  const cut = elide(text, none);
  return none > 1 && fits(cut) ? cut : "";
}

/** The names of a task's classes by label, in about `letters` characters: "stop, yield, turn", "a, b, … (519 in all)". */
export function classesText(names: readonly string[], letters: number): string {
  let shown = 0;
  let length = 0;
  while (shown < names.length && (shown === 0 || length + names[shown]!.length <= letters))
    length += names[shown++]!.length + 2;
  const text = names.slice(0, shown).join(", ");
  const cut = [...text].length > letters ? `${[...text].slice(0, letters).join("")}…` : text;
  return shown < names.length ? `${cut}, … (${names.length} in all)` : cut;
}
