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
