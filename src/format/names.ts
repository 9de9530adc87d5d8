// Short names for tasks, where there is little room: what is the same in all of them says nothing.

/** `names` without the folders that all of them begin with ("cmaterdb/bangla" → "bangla"); never empty, as different as before. */
export function shortNames(names: readonly string[]): string[] {
  if (names.length < 2) return names.map((name) => name.slice(name.lastIndexOf("/") + 1) || name);
  let prefix = names[0]!.slice(0, names[0]!.lastIndexOf("/") + 1);
  while (prefix !== "" && !names.every((name) => name.startsWith(prefix) && name.length > prefix.length))
    prefix = prefix.slice(0, prefix.lastIndexOf("/", prefix.length - 2) + 1);
  return names.map((name) => name.slice(prefix.length));
}

/** `text` in at most `most` characters, cut at its beginning, before a folder's slash where that fits: names of a family differ at the end. */
export const clipStart = (text: string, most: number): string => {
  const letters = [...text];
  if (letters.length <= most) return text;
  const slash = letters.findIndex((letter, i) => letter === "/" && letters.length - i < most);
  return `…${letters.slice(slash > 0 ? slash : 1 - most).join("")}`;
};

/** `names` in at most `most` characters by `clipStart`, or in as many more as keep them apart. */
export function briefNames(names: readonly string[], most: number): string[] {
  const short = shortNames(names);
  const longest = Math.max(0, ...short.map((name) => [...name].length));
  for (let letters = most; letters < longest; letters++) {
    const brief = short.map((name) => clipStart(name, letters));
    if (new Set(brief).size === new Set(short).size) return brief;
  }
  return short;
}

/** As much of the end of `text` as `fits`, from a folder's slash on where that does; empty where nothing fits. */
export function cutStart(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  const letters = [...text];
  const places = letters.flatMap((letter, i) => (letter === "/" && i > 0 ? [i] : []));
  for (let i = 1; i < letters.length; i++) places.push(i);
  const place = places.find((from) => fits(`…${letters.slice(from).join("")}`));
  return place === undefined ? "" : `…${letters.slice(place).join("")}`;
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
