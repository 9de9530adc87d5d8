// A list of tasks as people write it (`--tasks`, `tasks:` in a cell): comma-separated names; ":private" after private ones;
// "glyphs" for drawn stand-ins; "folder:PATH" for own images.

import { homedir } from "node:os";
import { join } from "node:path";
import { unknownName, valueNotValid } from "../core/errors/index.js";
import type { TaskSpec } from "../core/experiment.js";
import type { Access, TaskName } from "../core/model.js";
import { KEEPS_ALL, KEEPS_LABELS, type LabelKeeping, type OwnImages } from "../core/task.js";
import { GLYPHS_FOR, taskNamed } from "./catalog/catalog.js";
import { checkOwnName, ownImages, ownName } from "./folder-task.js";
import { glyphSpecs } from "./tasks.js";

/**
 * The tasks that `text` names; "glyphs" alone means the drawn counterparts of `standard`. A character task that is not one
 * of the experiment's is only augmented in ways that keep its labels (no flips, crops of at least half); the experiment's
 * own keep the papers' setting. Throws task/unknown, options/not-valid.
 */
export function parseTasks(text: string, standard: readonly TaskSpec[]): TaskSpec[] {
  if (text.trim() === "glyphs") return glyphSpecs(standard);
  const tasks = partsOf(text).map((part) => {
    if (part === "") throw valueNotValid("The list of tasks", text, "tasks' names with commas between them");
    return parseTask(part, standard);
  });
  const twice = tasks.find(({ name }, i) => tasks.findIndex((task) => task.name === name) !== i);
  if (twice)
    throw valueNotValid(
      "The list of tasks",
      text,
      `a list that names each task once, not "${twice.name}" twice${twice.images ? " (:name=… gives a folder's task another name)" : ""}`,
    );
  return tasks;
}

/** The tasks that `text` names for a run that has those of `known`: these by their name alone, others as parseTasks has them. Throws as parseTasks. */
export function namedTasks(
  text: string,
  standard: readonly TaskSpec[],
  known: readonly TaskName[],
): (TaskSpec | TaskName)[] {
  const parts = partsOf(text);
  const isNew = (part: string) => !known.includes(part);
  const written = parts.filter(isNew).map((part) => part.replaceAll(",", "\\,"));
  const specs = written.length > 0 ? parseTasks(written.join(","), standard) : [];
  const next = specs.values();
  // "glyphs" alone is several.
  return specs.length === written.length
    ? parts.map((part) => (isNew(part) ? next.next().value! : part))
    : [...parts.filter((part) => !isNew(part)), ...specs];
}

/** Splits at commas, except after a backslash, because a folder's name may contain one. */
const partsOf = (text: string): string[] =>
  text.split(/(?<!\\),/).map((part) => part.trim().replaceAll("\\,", ","));

const OWN = "folder:";
/** Parses the options after a name or a path, from the last colon backwards, because a path may contain colons. */
const OPTION = /:(private|public|[A-Za-z]+=[^:]*)$/;

/** One task. Throws task/unknown, options/not-valid. */
export function parseTask(text: string, standard: readonly TaskSpec[] = []): TaskSpec {
  let rest = text.trim();
  const options: string[] = [];
  for (
    let found = OPTION.exec(rest);
    found && !/^folder:?$/.test(rest.slice(0, found.index));
    found = OPTION.exec(rest)
  ) {
    options.unshift(found[1]!);
    rest = rest.slice(0, found.index);
  }
  const isAccess = (word: string): word is Access => word === "private" || word === "public";
  const access = options.filter(isAccess).at(-1) ?? "public";
  const settings = new Map(
    options
      .filter((word) => !isAccess(word))
      .map((word): [string, string] => {
        const at = word.indexOf("=");
        return [word.slice(0, at), word.slice(at + 1)];
      }),
  );
  return rest.startsWith(OWN)
    ? ownTask(rest.slice(OWN.length), access, settings)
    : catalogTask(rest, text.trim(), access, settings, standard);
}

type Settings = ReadonlyMap<string, string>;

const CATALOG_SETTINGS = ["keeps"];
const OWN_SETTINGS = ["name", "size", "keeps", "links", "validation", "test", "seed"];

function checkSettings(settings: Settings, valid: readonly string[]): void {
  const unknown = [...settings.keys()].find((key) => !valid.includes(key));
  if (unknown !== undefined) throw unknownName("task setting", unknown, valid);
}

function catalogTask(
  name: string,
  text: string,
  access: Access,
  settings: Settings,
  standard: readonly TaskSpec[],
): TaskSpec {
  if (name.includes(":"))
    throw valueNotValid(
      "A task in the list",
      text,
      "a task's name, with :private after it where it is private",
    );
  checkSettings(settings, CATALOG_SETTINGS);
  const { keeps: own } = taskNamed(name);
  const isPapers = standard.some(
    (task) => task.name === name || GLYPHS_FOR[task.name] === name || name.startsWith(`${task.name}/`),
  );
  const written = settings.get("keeps");
  const keeps = written === undefined ? (isPapers ? undefined : own) : keepsOf(written);
  return { name, access, ...(keeps && { keeps }) };
}

function ownTask(written: string, access: Access, settings: Settings): TaskSpec {
  if (written.trim() === "")
    throw valueNotValid("A task in the list", `${OWN}${written}`, "folder: and the path of your images");
  checkSettings(settings, OWN_SETTINGS);
  const number = (key: string): number | undefined => {
    const text = settings.get(key);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value)) throw valueNotValid(key, text, "a number");
    return value;
  };
  const links = settings.get("links");
  if (links !== undefined && links !== "follow") throw valueNotValid("links", links, '"follow", or left out');
  const given = {
    imageSize: number("size"),
    validation: number("validation"),
    test: number("test"),
    seed: number("seed"),
    followLinks: links === "follow" ? true : undefined,
  };
  const path = /^~[/\\]/.test(written) ? join(homedir(), written.slice(2)) : written;
  const images: OwnImages = ownImages(path, defined(given));
  const name = settings.get("name") ?? ownName(images.path);
  checkOwnName(name);
  const keeps = settings.get("keeps");
  return { name, access, images, keeps: keeps === undefined ? KEEPS_LABELS : keepsOf(keeps) };
}

/** `given` without what is undefined. */
const defined = <T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

/** "all" (the papers' setting), "none", or words with plus signs between them: flip, crop (of any size), hue. */
function keepsOf(text: string): LabelKeeping {
  if (text === "all") return KEEPS_ALL;
  if (text === "none") return { flip: false, areaMin: 1, hue: false };
  const words = text.split("+");
  const wrong = words.find((word) => !["flip", "crop", "hue"].includes(word));
  if (wrong !== undefined)
    throw valueNotValid("keeps", text, "all, none, or some of flip, crop and hue, as in keeps=flip+crop");
  return {
    flip: words.includes("flip"),
    areaMin: words.includes("crop") ? 0 : KEEPS_LABELS.areaMin,
    hue: words.includes("hue"),
  };
}
