/**
 * All cells share one scope: a session of cells computes what one program of the same statements computes.
 *
 * In the program each name is declared once, and a cell's declaration of it is an assignment: that is what one scope means. Two of the
 * names are globals that cells use before any of them declares it, as Node's `fetch` may be and as JavaScript's own `Math` may be.
 * MULAB_SEQUENCES says how many sessions are tried.
 */
import vm from "node:vm";
import fc from "fast-check";
import { expect, it } from "vitest";
import { prepareCell } from "../../kernel/compiler/cell.js";
import { rewriteEval } from "../../kernel/compiler/rewrite-eval.js";
import { Session } from "../../kernel/session.js";

const SEQUENCES = Number(process.env.MULAB_SEQUENCES ?? 300);
/** The last two are globals until a cell declares them; one of them is JavaScript's own. */
const NAMES = ["a", "b", "c", "d", "g", "Int8Array"] as const;
const GLOBALS: readonly string[] = NAMES.slice(-2);
const DECLARED = NAMES.slice(0, -2);

/** A statement as a cell has it and as the one program has it, where each name is declared once, at its top. */
interface Step {
  readonly cell: string;
  readonly program: string;
}

const name = fc.constantFrom(...NAMES);
const names = (count: number) => fc.uniqueArray(name, { minLength: count, maxLength: count });
const digit = fc.integer({ min: 0, max: 9 });

/** An expression that does not throw: names in it are read by functions that turn what that throws into a value. */
const expression: fc.Arbitrary<string> = fc.oneof(
  digit.map(String),
  name.map((x) => `read(() => ${x})`),
  names(2).map(([x, y]) => `[read(() => ${x}), read(() => ${y})]`),
  names(2).map(([x, y]) => `() => [read(() => ${x}), read(() => ${y})]`),
  fc.tuple(name, digit).map(([x, n]) => `() => { ${x} = ${n}; return read(() => ${x}); }`),
  names(2).map(([x, y]) => `{ ${x}, get q() { return read(() => ${y}) } }`),
  // Inner scopes that have the names too.
  names(2).map(
    ([x, y]) =>
      `((${x}) => { { let ${y} = 5; ${x} = [${x}, ${y}] } return [${x}, read(() => typeof ${y})] })(3)`,
  ),
  names(2).map(([x, y]) => `(function ${x}(n, ${y} = n) { return n > 0 ? ${x}(n - 1) : ${y} })(2)`),
  // Direct eval, which sees the scopes around it and keeps what it declares.
  names(2).map(([x, y]) => `eval("() => [read(() => ${x}), read(() => typeof ${y})]")`),
  names(2).map(([x, y]) => `((${x}) => eval("let ${y} = ${x}; [${x}, () => ${y}][0]"))(3)`),
  names(2).map(
    ([x, y]) => `read(() => eval("(() => { const ${x} = 2; return eval('[${x}, read(() => ${y})]'); })()"))`,
  ),
);

const keyword = fc.constantFrom("let", "var");
const same = (text: string): Step => ({ cell: text, program: text });
/** A function or class, which the program gives to its variable where the declaration is. */
const asValue = (text: string, x: string): Step => ({ cell: text, program: `${x} = ${text};` });

const statement: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(keyword, name, expression)
    .map(([k, x, e]) => ({ cell: `${k} ${x} = ${e};`, program: `${x} = ${e};` })),
  fc.tuple(keyword, names(2), expression).map(([k, [x, y], e]) => {
    const pattern = `[${x}, ${y} = ${e}] = [1];`;
    return { cell: `${k} ${pattern}`, program: pattern };
  }),
  fc.tuple(keyword, names(3)).map(([k, [x, y, z]]) => {
    const pattern = `{ q: ${x}, r: { ${y} }, ...${z} } = { q: 1, r: { ${y}: 2 }, s: 3 }`;
    return { cell: `${k} ${pattern};`, program: `(${pattern});` };
  }),
  fc.tuple(name, expression).map(([x, e]) => {
    // Its own name means the variable, as in a declaration; a function expression's would mean itself.
    const step = asValue(`function ${x}(n) { return [n, read(() => typeof ${x}), ${e}] }`, x);
    return { ...step, program: `${x} = { ${x}: ${step.cell.replace(` ${x}(`, "(")} }.${x};` };
  }),
  fc
    .tuple(name, expression)
    .map(([x, e]) => asValue(`class ${x} { value = ${e}; self() { return ${x} } }`, x)),
  fc.tuple(name, fc.integer({ min: 1, max: 3 })).map(([x, n]) => {
    const loop = `${x} = 0; ${x} < ${n}; ${x}++) { show(${x}) }`;
    return { cell: `{ for (var ${loop} }`, program: `{ for (${loop} }` };
  }),
  name.map((x) => ({
    cell: `for (var ${x} of [1, 2]) later(() => show(${x}));`,
    program: `for (${x} of [1, 2]) later(() => show(${x}));`,
  })),
  fc.tuple(name, expression).map(([x, e]) => same(`attempt(() => { ${x} = ${e} });`)),
  fc
    .tuple(names(2), expression)
    .map(([[x, y], e]) => same(`attempt(() => { ({ ${x}, q: [${y} = ${e}] = [] } = { ${x}: 4 }) });`)),
  name.map((x) => same(`attempt(() => { ${x}++; ${x} += 2; ${x} ??= 1; ${x} &&= () => ${x} });`)),
  fc.tuple(name, digit).map(([x, n]) => same(`attempt(() => eval("${x} = ${n}"));`)),
  fc.tuple(name, expression).map(([x, e]) => same(`later(() => { ${x} = ${e} });`)),
  fc.tuple(name, expression).map(([x, e]) => same(`promised(() => { ${x} = ${e} });`)),
  name.map((x) => same(`show(read(() => typeof ${x}));`)),
  name.map((x) => same(`show(call(() => ${x}(1)));`)),
  name.map((x) => same(`show(call(() => new ${x}().self()));`)),
  name.map((x) => same(`show(call(() => ${x}\`text\`));`)),
  fc.constant(same("runLater();")),
);

/** What statements are given to see and to do; the same for both. */
function createWorld() {
  const seen: string[] = [];
  const callbacks: (() => void)[] = [];
  const describe = (value: unknown, depth = 0): string => {
    if (typeof value === "function")
      return `${/^class/.test(String(value)) ? "class" : "function"} ${value.name}`;
    if (Array.isArray(value))
      return `[${value.map((each) => (depth > 3 ? "…" : describe(each, depth + 1))).join()}]`;
    if (typeof value !== "object" || value === null) return String(value);
    if (depth > 3) return "…";
    return `{${Object.entries(value).map(([key, each]) => `${key}:${describe(each, depth + 1)}`)}}`;
  };
  const attempt = (body: () => unknown) => {
    try {
      return body();
    } catch (error) {
      return (error as Error).name;
    }
  };
  const world = {
    show: (value: unknown) => void seen.push(describe(value)),
    read: attempt,
    attempt,
    call: (body: () => unknown) => {
      if (callbacks.length > 50) return "enough";
      return attempt(body);
    },
    later: (body: () => void) => void callbacks.push(body),
    promised: (body: () => void) => void Promise.resolve().then(() => attempt(body)),
    runLater: () => {
      for (const body of callbacks.splice(0)) attempt(body);
    },
  };
  return { seen, world, describe };
}

const SHOW_ALL = NAMES.map((x) => `show(read(() => ${x}));`).join(" ");

async function inCells(cells: readonly string[]): Promise<readonly string[]> {
  const session = new Session();
  const { seen, world } = createWorld();
  for (const [each, value] of Object.entries(world)) session.define(each, value, "const");
  for (const cell of cells) {
    const options = { isSessionName: (each: string) => session.has(each) };
    let prepared = prepareCell(cell, options);
    // oxc refuses `eval` in the defaults of a pattern. The compiler, which the kernel asks then, would leave the cell as it is.
    if (prepared.kind === "invalid") prepared = prepareCell(cell, options, { js: cell, map: "" });
    if (prepared.kind !== "runnable") throw new Error(`${prepared.kind}: ${cell}`);
    const { js, boxes, declared } = prepared.code;
    for (const [each, kind] of declared) session.box(each).declareAs(kind);
    const run = vm.runInThisContext(js) as (...args: unknown[]) => unknown;
    const helpers = {
      box: (each: string) => session.box(each),
      eval: (text: string, locals: readonly string[], mark: string) =>
        rewriteEval(text, { locals: new Set(locals), mark, isSessionName: (each) => session.has(each) }),
    };
    await run(helpers, undefined, undefined, undefined, "", "", ...boxes.map((each) => session.box(each)));
    await Promise.resolve();
  }
  return seen;
}

/** Runs `body` while the globals among the names have a value that shows. */
async function withGlobals<T>(body: () => Promise<T>): Promise<T> {
  const before = GLOBALS.map((each) => Object.getOwnPropertyDescriptor(globalThis, each));
  for (const each of GLOBALS)
    Object.defineProperty(globalThis, each, { value: `global ${each}`, configurable: true, writable: true });
  try {
    return await body();
  } finally {
    for (const [i, each] of GLOBALS.entries()) {
      if (before[i]) Object.defineProperty(globalThis, each, before[i]);
      else Reflect.deleteProperty(globalThis, each);
    }
  }
}

async function inOneProgram(statements: readonly string[]): Promise<readonly string[]> {
  const { seen, world } = createWorld();
  const text = statements.map((each) => `${each}\nawait undefined; await undefined;`).join("\n");
  const names = Object.keys(world);
  // Sloppy code would make globals of names that nothing declares.
  const run = vm.runInThisContext(`(async function (${names.join()}) { "use strict"; ${text} })`) as (
    ...args: unknown[]
  ) => Promise<void>;
  await run(...Object.values(world));
  return seen;
}

it("computes over cells what one program computes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 12 }), async (steps) => {
      const first = `let ${DECLARED.join(", ")};`;
      const cells = [first, ...steps.flatMap(({ cell }) => [cell, SHOW_ALL])];
      const program = [
        `${first} let ${GLOBALS.map((each) => `${each} = "global ${each}"`).join(", ")};`,
        ...steps.flatMap(({ program: text }) => [text, SHOW_ALL]),
      ];
      expect(await withGlobals(() => inCells(cells))).toEqual(await inOneProgram(program));
    }),
    { numRuns: SEQUENCES },
  );
}, 600_000);
