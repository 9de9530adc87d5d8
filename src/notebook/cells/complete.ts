// Completion and inspection inside an evolver cell. They go by lines and indentation, because a cell that is being typed is
// seldom valid YAML.

import {
  EXTEND_FIELDS,
  FIELDS,
  type Field,
  PROGRAMME_FIELDS,
  SWEEP_FIELDS,
  segmentFields,
  settingFields,
} from "./fields.js";

/** The cells that are YAML, each with keys of its own. */
export type CellKind = "evolve" | "sweep" | "extend" | "programme";

const KEYS: Readonly<Record<CellKind, readonly Field[]>> = {
  evolve: FIELDS,
  sweep: [...FIELDS, ...SWEEP_FIELDS],
  extend: EXTEND_FIELDS,
  programme: PROGRAMME_FIELDS,
};

export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly matches: readonly { readonly text: string; readonly type: string }[];
}

/** The cursor's context: its block, the key of its line, and the part of a key or a value typed so far. */
interface Spot {
  readonly block: string | null;
  readonly key: string | null;
  readonly typed: string;
  readonly start: number;
}

function spotAt(text: string, offset: number): Spot | null {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  if (lineStart === 0 && before.startsWith("%%")) return null;
  const typed = /[^\s:,[\]-][^\s,[\]]*$/.exec(before)?.[0] ?? "";
  const pair = /^\s*([\w-]+):/.exec(before);
  const block = /^\s+/.test(before) ? blockAbove(text.slice(0, lineStart)) : null;
  const key = pair && before.length >= pair[0].length ? pair[1]! : null;
  const item = key === null && /^\s*-\s/.test(before);
  const word = key !== null && before.endsWith(":") ? "" : typed;
  return { block, key: key ?? (item ? block : null), typed: word, start: offset - word.length };
}

/** The nearest key above that starts its line and has no value. */
function blockAbove(text: string): string | null {
  const keys = text.split("\n").flatMap((line) => /^([\w-]+):\s*$/.exec(line)?.[1] ?? []);
  return keys.at(-1) ?? null;
}

const valueIn = (text: string, key: "experiment" | "budget", standard: string): string =>
  new RegExp(`^${key}:\\s*(\\S+)`, "m").exec(text)?.[1] ?? standard;

function fieldsOf(spot: Spot, text: string, kind: CellKind): readonly Field[] {
  if (spot.block === "set" && kind === "extend") return segmentFields();
  if (spot.block === "set" || spot.block === "over") {
    const seed = FIELDS.filter(({ key }) => key === "seed" && spot.block === "over");
    return [
      ...settingFields(valueIn(text, "experiment", "preliminary"), valueIn(text, "budget", "paper")),
      ...seed,
    ];
  }
  return KEYS[kind];
}

/** Completions at `offset` of the cell `text`: keys, or values of the line's key. */
export function completeCell(
  text: string,
  offset: number,
  kind: CellKind = "evolve",
): Completion | undefined {
  const spot = spotAt(text, offset);
  if (!spot) return undefined;
  const fields = fieldsOf(spot, text, kind);
  const known = [...fields, ...KEYS[kind]].find(({ key }) => key === spot.key);
  const words = spot.key === null ? fields.map(({ key }) => `${key}: `) : (known?.values ?? []);
  const matches = words.filter((word) => word.startsWith(spot.typed));
  const type = spot.key === null ? "property" : "value";
  return { start: spot.start, end: offset, matches: matches.map((word) => ({ text: word, type })) };
}

/** The meaning, source and valid values of the key at `offset`. */
export function inspectCell(text: string, offset: number, kind: CellKind = "evolve"): string | undefined {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const lineEnd = text.indexOf("\n", offset);
  const line = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
  const key = /^\s*([\w-]+)/.exec(line)?.[1];
  const spot = spotAt(text, lineStart + line.length);
  if (!key || !spot) return undefined;
  const field = fieldsOf(spot, text, kind).find((each) => each.key === key);
  return field && `${field.key}\n\n${field.about}\nValid: ${field.valid}.`;
}
