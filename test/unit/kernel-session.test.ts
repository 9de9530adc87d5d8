// The boxes of variables: hot loops over variables of a session are only fast while V8 keeps the boxes in its fast form.

import { setFlagsFromString } from "node:v8";
import vm from "node:vm";
import { expect, it } from "vitest";
import { type Box, type DeclarationKind, Session } from "../../kernel/session.js";

setFlagsFromString("--allow-natives-syntax");
const isFast = vm.runInThisContext("(object) => %HasFastProperties(object)") as (object: object) => boolean;

const KINDS: readonly DeclarationKind[] = ["let", "const", "var", "function", "class"];

function declare(box: Box, kind: DeclarationKind, value: unknown): void {
  box.declareAs(kind);
  if (kind === "const") box.$const = value;
  else if (kind === "var") box.$ = value;
  else box.$let = value;
}

/** Reads and writes a box as a cell's loop does, then says whether it is in the fast form. */
function isFastInLoops(box: Box, isConstant: boolean): boolean {
  const loop = vm.runInThisContext(
    `(function (a) { "use strict"; let sum = 0; for (let i = 0; i < 10_000; i++) { sum += a.$; ${isConstant ? "" : "a.$ = i;"} } return sum; })`,
  ) as (box: Box) => number;
  loop(box);
  return isFast(box);
}

it("keeps a box in V8's fast form however often a name is declared again", () => {
  expect(isFast({})).toBe(true);
  for (const first of KINDS) {
    for (const second of KINDS) {
      const box = new Session().box("a");
      for (const [kind, value] of [
        [first, 1],
        [first, 2.5],
        [second, "text"],
        [second, 3],
        [first, 4],
      ] as const) {
        declare(box, kind, value);
        expect([first, second, kind, isFastInLoops(box, kind === "const")]).toEqual([
          first,
          second,
          kind,
          true,
        ]);
      }
    }
  }
});

it("keeps a box in V8's fast form that was a global's or an import's before", () => {
  const box = new Session().box("structuredClone");
  expect(box.$).toBe(structuredClone);
  box.bindTo(() => 1);
  expect([isFastInLoops(box, true), box.$]).toEqual([true, 1]);
  box.bindTo(() => 2);
  expect([isFastInLoops(box, true), box.$]).toEqual([true, 2]);
  declare(box, "const", 3);
  expect([isFastInLoops(box, true), box.$]).toEqual([true, 3]);
});

it("keeps the boxes of all globals in V8's fast form, so that loops read them like the globals themselves", () => {
  const session = new Session();
  // The second accessor of objects with one shape made V8 keep the second object as a dictionary.
  const boxes = ["Math", "Array", "Number", "fetch", "Float64Array", "console"].map((name) =>
    session.box(name),
  );
  for (const box of boxes) expect(box.$).toBe(Reflect.get(globalThis, box.name));
  expect(boxes.map((box) => isFastInLoops(box, true))).toEqual(boxes.map(() => true));
});

it("leads to the global of a name that no cell has declared, and throws as V8 does where there is none", () => {
  const session = new Session();
  const box = session.box("mulabTestGlobal");
  expect(() => box.$).toThrow(new ReferenceError("mulabTestGlobal is not defined"));
  expect(() => {
    box.$ = 1;
  }).toThrow(new ReferenceError("mulabTestGlobal is not defined"));
  expect(box.$typeof).toBeUndefined();
  Reflect.set(globalThis, "mulabTestGlobal", 1);
  expect([box.$, box.$typeof]).toEqual([1, 1]);
  box.$ = 2;
  expect(Reflect.get(globalThis, "mulabTestGlobal")).toBe(2);
  Reflect.deleteProperty(globalThis, "mulabTestGlobal");
  expect(() => box.$).toThrow(new ReferenceError("mulabTestGlobal is not defined"));
  box.declareAs("let");
  expect(() => box.$).toThrow(new ReferenceError("Cannot access 'mulabTestGlobal' before initialization"));
});
