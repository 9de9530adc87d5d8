import { expect, test } from "vitest";
import { sampleRun } from "../support/sample-run.js";

test("the sample run has every kind of child", async () => {
  const { state } = await sampleRun({ failing: 9 });
  const kinds = new Set(state.models.map((m) => m.status));
  for (const kind of ["root", "retained", "dropped", "discarded", "failed"]) expect(kinds).toContain(kind);
});
