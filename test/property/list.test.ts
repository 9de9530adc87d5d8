/** The list that states share: like an array under any operations, and lists that went before never change. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { List } from "../../src/core/list.js";

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("push" as const), count: fc.integer({ min: 1, max: 70 }) }),
    fc.record({ kind: fc.constant("set" as const), at: fc.nat(3_000), value: fc.nat() }),
    fc.record({ kind: fc.constant("done" as const) }),
  ),
  { maxLength: 60 },
);

it("does what an array does, and leaves every earlier list as it was", () => {
  fc.assert(
    fc.property(fc.nat(2_100), steps, (length, all) => {
      let model = Array.from({ length }, (_, i) => i);
      let list = List.of(model);
      let draft = list.draft();
      const earlier: [List<number>, readonly number[]][] = [[list, model.slice()]];
      for (const step of all) {
        if (step.kind === "push")
          for (let i = 0; i < step.count; i++) {
            draft.push(i);
            model = [...model, i];
          }
        else if (step.kind === "set" && step.at < model.length) {
          draft.set(step.at, step.value);
          model = model.with(step.at, step.value);
        } else if (step.kind === "done") {
          list = draft.done();
          draft = list.draft();
          earlier.push([list, model]);
        }
      }
      for (const [list, model] of earlier) {
        expect([...list]).toEqual(model);
        expect(list.length).toBe(model.length);
        expect(list.slice(-40, -3)).toEqual(model.slice(-40, -3));
        expect(list.slice(5, 70)).toEqual(model.slice(5, 70));
        expect(list.map((item, i) => item + i)).toEqual(model.map((item, i) => item + i));
        expect(list.filter((item) => item % 3 === 0)).toEqual(model.filter((item) => item % 3 === 0));
        expect(list.reduce((sum, item) => sum + item, 0)).toBe(model.reduce((sum, item) => sum + item, 0));
        for (const i of [-1, 0, 31, 32, 1_023, 1_024, model.length - 1, model.length])
          expect(list.get(i)).toBe(model[i]);
      }
    }),
    { numRuns: 60 },
  );
});

it("says which items two lists have in common", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3_000 }),
      fc.nat(2_999),
      fc.nat(3_100),
      fc.nat(300),
      (length, at, from, more) => {
        const list = List.of(Array.from({ length }, (_, i) => ({ i })));
        const draft = list.draft();
        const index = at % length;
        draft.set(index, { i: index });
        const other = draft.done();
        const to = from + more;
        expect(other.isSame(list, from, to)).toBe(index < from || index >= to);
        expect(list.isSame(list, from, to)).toBe(true);
        const longer = list.draft();
        longer.push({ i: length });
        expect(longer.done().isSame(list, from, to)).toBe(length < from || length >= to);
      },
    ),
  );
});

it("refuses to replace what is not there", () => {
  expect(() => List.of([1]).draft().set(1, 2)).toThrow(RangeError);
});
