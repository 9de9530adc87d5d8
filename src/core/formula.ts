// A person's own score as a formula over named metrics, such as `accuracy * 0.99 ** (params / rootParams)`. It is parsed to a
// tree and evaluated here, never run as code, so a run from somebody else can be opened without trusting it; and it knows
// nothing but the metrics, so the journal can be replayed.

import jsep from "jsep";
import { valueNotValid } from "./errors/index.js";

/** What a formula may name, with what it means. */
export const METRICS = {
  accuracy: "validation accuracy in [0, 1]",
  params: "parameters of the whole model",
  accountedParams: "its parameters, each divided by the number of tasks that use it (muNet eq. 3)",
  rootParams: "the reference size, P of muNet's eq. 2",
  flops: "floating-point operations of one prediction",
  rootFlops: "the same of the root",
} as const;

export type Metric = keyof typeof METRICS;
export type Metrics = Readonly<Record<Metric, number>>;
/** All but the accuracy: what is known of a child before it is trained. */
export type FixedMetrics = Readonly<Record<Exclude<Metric, "accuracy">, number>>;

const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = {
  min: Math.min,
  max: Math.max,
  abs: Math.abs,
  sqrt: Math.sqrt,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  exp: Math.exp,
  pow: Math.pow,
};

const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "**": (a, b) => a ** b,
  "<": (a, b) => Number(a < b),
  "<=": (a, b) => Number(a <= b),
  ">": (a, b) => Number(a > b),
  ">=": (a, b) => Number(a >= b),
  "==": (a, b) => Number(a === b),
  "===": (a, b) => Number(a === b),
  "!=": (a, b) => Number(a !== b),
  "!==": (a, b) => Number(a !== b),
  "&&": (a, b) => (a ? b : a),
  "||": (a, b) => (a ? a : b),
};

type Compute = (metrics: Metrics) => number;

const known = new Map<string, Compute>();

/** Longest formula, in characters. */
const MOST = 1_000;

/** The score that the formula `text` gives. A result that is not a number counts as −∞, the worst. Throws options/not-valid. */
export function evaluateFormula(text: string, metrics: Metrics): number {
  const value = compiled(text)(metrics);
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

/** Throws options/not-valid where `text` is not a formula, and says why. */
export const refuseNoFormula = (text: string): void => void compiled(text);

/** Whether `text` is a formula. */
export function isFormula(text: string): boolean {
  try {
    compiled(text);
    return true;
  } catch {
    return false;
  }
}

function compiled(text: string): Compute {
  const there = known.get(text);
  if (there) return there;
  if (text.length > MOST) throw refused(text.slice(0, 40), `at most ${MOST} characters`);
  let tree: jsep.Expression;
  try {
    tree = jsep(text);
  } catch (error) {
    throw refused(text, `a formula, but ${(error as Error).message}`);
  }
  const compute = compile(tree, text);
  known.set(text, compute);
  return compute;
}

const refused = (text: string, expected: string) => valueNotValid("The score", text, expected);

const ALL = Object.keys(METRICS).join(", ");

function compile(node: jsep.Expression, text: string): Compute {
  switch (node.type) {
    case "Literal": {
      const { value } = node as jsep.Literal;
      if (typeof value !== "number") throw refused(text, "a formula of numbers and metrics");
      return () => value;
    }
    case "Identifier": {
      const { name } = node as jsep.Identifier;
      if (!Object.hasOwn(METRICS, name))
        throw refused(text, `a formula of numbers and of ${ALL}, not of ${name}`);
      return (metrics) => metrics[name as Metric];
    }
    case "UnaryExpression": {
      const { operator, argument } = node as jsep.UnaryExpression;
      const of = compile(argument, text);
      if (operator === "-") return (metrics) => -of(metrics);
      if (operator === "+") return of;
      if (operator === "!") return (metrics) => Number(!of(metrics));
      throw refused(text, `a formula without ${operator}`);
    }
    case "BinaryExpression": {
      const { operator, left, right } = node as jsep.BinaryExpression;
      const join = Object.hasOwn(BINARY, operator) ? BINARY[operator] : undefined;
      if (!join) throw refused(text, `a formula of ${Object.keys(BINARY).join(" ")}, not of ${operator}`);
      const [a, b] = [compile(left, text), compile(right, text)];
      return (metrics) => join(a(metrics), b(metrics));
    }
    case "ConditionalExpression": {
      const { test, consequent, alternate } = node as jsep.ConditionalExpression;
      const [when, then, otherwise] = [
        compile(test, text),
        compile(consequent, text),
        compile(alternate, text),
      ];
      return (metrics) => (when(metrics) ? then(metrics) : otherwise(metrics));
    }
    case "CallExpression": {
      const { callee, arguments: given } = node as jsep.CallExpression;
      const name = callee.type === "Identifier" ? (callee as jsep.Identifier).name : "";
      const of = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
      if (!of || given.length === 0)
        throw refused(
          text,
          `a formula that calls only ${Object.keys(FUNCTIONS).join(", ")}, each with a value`,
        );
      const values = given.map((each) => compile(each, text));
      return (metrics) => of(...values.map((value) => value(metrics)));
    }
    default:
      throw refused(text, "one expression of numbers, metrics and operators");
  }
}
