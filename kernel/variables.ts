/** The cells' variables as a list to read: name, type, and the beginning of the value. */
import { inspect } from "node:util";
import { textOf } from "./display.js";

export interface Variable {
  readonly name: string;
  /** `number`, `Array(3)`, `Map(2)`, `Float32Array(100)`, the class of an object. */
  readonly type: string;
  /** At most 80 characters on one line. */
  readonly value: string;
}

const MAX_VALUE = 80;

/** Never throws, even if the value does when it is inspected. */
export function describe(name: string, value: unknown): Variable {
  let text: string;
  try {
    const options = {
      depth: 1,
      breakLength: Number.POSITIVE_INFINITY,
      maxArrayLength: 10,
      maxStringLength: 100,
    };
    text = typeof value === "function" ? inspect(value) : inspect(value, options);
  } catch {
    text = textOf(value);
  }
  const line = text.replace(/\s+/g, " ");
  return {
    name,
    type: typeOf(value),
    value: line.length > MAX_VALUE ? `${line.slice(0, MAX_VALUE - 1)}…` : line,
  };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  try {
    const { constructor: made } = value as { constructor?: { name?: unknown } };
    const name = typeof made?.name === "string" && made.name !== "" ? made.name : "Object";
    if (Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value)) {
      return `${name}(${(value as ArrayLike<unknown>).length})`;
    }
    return value instanceof Map || value instanceof Set ? `${name}(${value.size})` : name;
  } catch {
    return "object";
  }
}
