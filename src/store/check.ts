// A small language for describing valid JSON. A check returns the first problem of a value, with its path, and allocates
// nothing for valid values, because a journal has millions of fields. Types make sure that no field is forgotten.

export interface Problem {
  /** Such as `.plan.positions[3].source.how`. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

/** `type` never exists; it lets TypeScript compare a check with the type that it checks. */
export interface Check<T> {
  (value: unknown): Problem | null;
  readonly type?: T;
}

const MAX_SHOWN = 60;

/** A value as a message shows it. */
function show(value: unknown): string {
  if (value === undefined) return "missing";
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

export const that =
  <T>(expected: string, holds: (value: unknown) => boolean): Check<T> =>
  (value) =>
    holds(value) ? null : { path: "", found: show(value), expected };

export const text = that<string>("text", (value) => typeof value === "string");
export const name = that<string>(
  "text that is not empty",
  (value) => typeof value === "string" && value !== "",
);
export const flag = that<boolean>("true or false", (value) => typeof value === "boolean");
export const number = that<number>("a finite number", Number.isFinite);
export const count = that<number>(
  "a whole number from 0",
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);
export const positive = that<number>(
  "a whole number from 1",
  (value) => Number.isSafeInteger(value) && (value as number) > 0,
);
export const share = that<number>(
  "a number in [0, 1]",
  (value) => typeof value === "number" && value >= 0 && value <= 1,
);

export const oneOf = <const T>(...values: readonly T[]): Check<T> =>
  that(values.map(show).join(", "), (value) => values.includes(value as T));

export const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (value) =>
    value === null ? null : check(value);

export const either = <A, B, C>(
  expected: string,
  ...checks: [Check<A>, Check<B>, Check<C>]
): Check<A | B | C> => that(expected, (value) => checks.some((check) => check(value) === null));

const inside = (step: string, problem: Problem): Problem => ({ ...problem, path: step + problem.path });

export const list =
  <T>(check: Check<T>): Check<readonly T[]> =>
  (value) => {
    if (!Array.isArray(value)) return { path: "", found: show(value), expected: "a list" };
    for (let i = 0; i < value.length; i++) {
      const problem = check(value[i]);
      if (problem) return inside(`[${i}]`, problem);
    }
    return null;
  };

/** A list that is not empty. */
export const filled =
  <T>(check: Check<T>): Check<readonly T[]> =>
  (value) =>
    Array.isArray(value) && value.length === 0
      ? { path: "", found: "an empty list", expected: "at least one value" }
      : list(check)(value);

export const record =
  <T>(check: Check<T>): Check<Readonly<Record<string, T>>> =>
  (value) => {
    if (!isObject(value)) return { path: "", found: show(value), expected: "an object" };
    for (const key of Object.keys(value)) {
      const problem = check(value[key]);
      if (problem) return inside(`.${key}`, problem);
    }
    return null;
  };

type OptionalKeys<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never }[keyof T];
type Required<T> = { readonly [K in Exclude<keyof T, OptionalKeys<T>>]: Check<T[K]> };
type Optional<T> = { readonly [K in OptionalKeys<T>]-?: Check<Exclude<T[K], undefined>> };

/** An object with these fields, possibly the optional ones, and no others. */
export function object<T>(required: Required<T>, optional = {} as Optional<T>): Check<T> {
  const needed = Object.entries(required) as [string, Check<unknown>][];
  const possible = new Map(Object.entries(optional) as [string, Check<unknown>][]);
  return (value) => {
    if (!isObject(value)) return { path: "", found: show(value), expected: "an object" };
    for (const [key, check] of needed) {
      const problem = check(value[key]);
      if (problem) return inside(`.${key}`, problem);
    }
    const keys = Object.keys(value);
    if (keys.length === needed.length) return null;
    for (const key of keys) {
      if (Object.hasOwn(required, key) || value[key] === undefined) continue;
      const check = possible.get(key);
      if (!check) return { path: `.${key}`, found: show(value[key]), expected: "no such field" };
      const problem = check(value[key]);
      if (problem) return inside(`.${key}`, problem);
    }
    return null;
  };
}

/** The members of union `U` whose field `Tag` may be `V`. */
type Variant<U, Tag extends keyof U, V> = U extends unknown ? (V extends U[Tag] ? U : never) : never;

/** One of several kinds of object, distinguished by the text in field `tag`. */
export function variants<U, Tag extends keyof U & string>(
  tag: Tag,
  kinds: { readonly [V in U[Tag] & string]: Check<Variant<U, Tag, V>> },
): Check<U> {
  const known = that(Object.keys(kinds).map(show).join(", "), (value) =>
    Object.hasOwn(kinds, value as string),
  );
  return (value) => {
    if (!isObject(value)) return { path: "", found: show(value), expected: "an object" };
    const problem = known(value[tag]);
    if (problem) return inside(`.${tag}`, problem);
    return (kinds as Record<string, Check<unknown>>)[value[tag] as string]!(value);
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
