import { describe, expect, it } from "vitest";
import { layerUsers } from "../../src/core/layer-users.js";
import { List } from "../../src/core/list.js";
import { munet } from "../../src/core/methods.js";
import type { Layer, Model } from "../../src/core/model.js";
import { accountedParams, bestOf, rankByScore, scoreOf } from "../../src/core/score.js";
import { emptyState, type State } from "../../src/core/state.js";
import { handModel, handShape } from "../support/models.js";

const layer = (id: string, paramCount: number): Layer => ({
  name: "cls",
  id: id as Layer["id"],
  paramCount,
  history: [],
});

const model = (id: number, task: string | null, path: Layer[], changes: Partial<Model> = {}): Model =>
  handModel(id, task, handShape({ blocks: 0, adapterDim: 8, classes: 2 }), {
    hyperparams: munet.defaults,
    status: task === null ? "root" : "retained",
    path,
    accuracy: 0.8,
    ...changes,
  });

// Root r (100); A uses r and a (60); B uses r, a and b (30).
const [r, a, b] = [layer("r", 100), layer("a", 60), layer("b", 30)];
const state: State = {
  ...emptyState,
  models: List.of([model(0, null, [r]), model(1, "A", [r, a]), model(2, "B", [r, a, b])]),
  retained: { A: 1, B: 2 },
};

describe("accounted parameters (muNet eq. 3)", () => {
  it("divide each layer by the tasks that use it; the root does not count", () => {
    expect(accountedParams([r, a], layerUsers(state, "A"))).toBe(100 / 2 + 60 / 2);
    expect(accountedParams([r, a, b], layerUsers(state, "B"))).toBe(100 / 2 + 60 / 2 + 30);
  });

  it("of all tasks add up to the parameters of the system", () => {
    const sum = ["A", "B"].reduce(
      (total, task, i) => total + accountedParams(state.models.get(i + 1)!.path, layerUsers(state, task)),
      0,
    );
    expect(sum).toBe(100 + 60 + 30);
  });

  it("of a root's layer that a new task would be the first to use are all its own", () => {
    const alone = { ...state, models: List.of(state.models.slice(0, 1)), retained: {} };
    expect(accountedParams([r], layerUsers(alone, "C"))).toBe(100);
  });
});

describe("the score (muNet eq. 2)", () => {
  it("is the accuracy at scale factor 1", () => {
    expect(scoreOf(state.models.get(2)!, state, munet)).toBe(0.8);
  });

  it("is accuracy × s^(p/P) below", () => {
    const method = { ...munet, scaleFactor: 0.5, rootParams: 100 };
    expect(scoreOf(state.models.get(2)!, state, method)).toBeCloseTo(0.8 * 0.5 ** 1.1, 12);
  });

  it("of a task's model rises when another task begins to share its layers", () => {
    const method = { ...munet, scaleFactor: 0.5, rootParams: 100 };
    const before = { ...state, models: List.of(state.models.slice(0, 2)), retained: { A: 1 } };
    expect(scoreOf(state.models.get(1)!, state, method)).toBeGreaterThan(
      scoreOf(before.models.get(1)!, before, method),
    );
  });
});

describe("the survivor of an activation", () => {
  const tied = [0.7, 0.9, 0.9, 0.8].map((accuracy, i) =>
    model(i + 1, "A", [r], { accuracy, status: "active" }),
  );

  it("is the oldest of equals under muNet and the newest under µ2Net", () => {
    expect(bestOf(tied, state, { ...munet, tieSurvivor: "oldest" })?.id).toBe(2);
    expect(bestOf(tied, state, { ...munet, tieSurvivor: "newest" })?.id).toBe(3);
  });

  it("is none where none improved", () => expect(bestOf([], state, munet)).toBeNull());

  it("ranks by score with ties in order of age", () => {
    expect(rankByScore(tied, state, munet).map((m) => m.id)).toEqual([2, 3, 4, 1]);
  });
});
