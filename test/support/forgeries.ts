// Lies about a run, one each, as somebody could tell them who knows how a journal is chained: every forger changes a sound
// run's events as consistently as one lie allows, and the chain of hashes is made again. `proves` is the check that must find
// it; a lie without one can't be found from the run alone, and docs/trust.md lists it as what needs a signature.

import type { ComponentName } from "../../src/core/components.js";
import { type Event, isBoundary } from "../../src/core/event.js";
import type { HyperparamName, Hyperparams, HyperparamValue } from "../../src/core/hyperparams.js";
import { decodeLayer, encodeLayer } from "../../src/core/layer-codec.js";
import type { Layer, LayerId, ModelId, Plan } from "../../src/core/model.js";
import { foldEvents, type State } from "../../src/core/state.js";
import { fileStore } from "../../src/store/files.js";
import { type Changeable, ofType } from "./sound-run.js";
import { tinyExperiment } from "./tiny.js";

export type Told = Changeable<Event>[];
type Of<Type extends Event["type"]> = Extract<Changeable<Event>, { type: Type }>;
type ChangeablePlan = Changeable<Plan>;

/** Which sound run a lie is about (forged-runs.ts): µ2Net, muNet under a scale factor, or one that was interrupted, extended and forgot. */
export type Base = "mu2net" | "munet" | "lived";

export interface Forgery {
  readonly base: Base;
  /** The lie, as the end of the sentence "a journal with …". */
  readonly lie: string;
  /** The check that finds it, and what it says; null where nothing in the folder speaks against it. */
  readonly proves: readonly [check: string, message: RegExp] | null;
  /** Changes events in place; layers may be added to the run in the folder `ownLayers()`. */
  readonly tell: (events: Told, ownLayers: () => string) => void | Promise<void>;
}

const lastIndex = (events: Told, type: Event["type"]): number =>
  events.findLastIndex((event) => event.type === type);
const last = <Type extends Event["type"]>(events: Told, type: Type): Of<Type> => ofType(events, type).at(-1)!;
/** The state before the event at `index`. */
const before = (events: Told, index: number): State => foldEvents(events.slice(0, index) as Event[]);
const indexOfPlan = (events: Told, child: ModelId): number =>
  events.findIndex((event) => event.type === "child-planned" && event.plan.child === child);
const isOf = (event: Changeable<Event>, child: ModelId): boolean =>
  ("child" in event && event.child === child) ||
  (event.type === "child-planned" && event.plan.child === child);
const outcomeOf = (events: Told, child: ModelId) =>
  ofType(events, "child-finished").find((event) => event.child === child)!.outcome;
const validationsOf = (events: Told, child: ModelId) =>
  ofType(events, "child-validated").filter((event) => event.child === child);
const hyperparamsOf = (events: Told, model: ModelId): Changeable<Hyperparams> =>
  model === 0
    ? last(events, "root-added").hyperparams
    : ofType(events, "child-planned").find(({ plan }) => plan.child === model)!.plan.hyperparams;

/** A run in which a lie can't be told. */
export class NoSuchChild extends Error {}

/** The last planned child that `fits`. */
function child(
  events: Told,
  fits: (event: Of<"child-planned">, before: State) => boolean,
): Of<"child-planned"> {
  const found = ofType(events, "child-planned").findLast((event) =>
    fits(event, before(events, indexOfPlan(events, event.plan.child))),
  );
  if (!found) throw new NoSuchChild("the sound run has no child for this lie: change its seed");
  return found;
}
const isDiscarded =
  (events: Told) =>
  ({ plan }: Of<"child-planned">): boolean =>
    outcomeOf(events, plan.child).result === "discarded";
/** A discarded child: it has no descendants, so that a lie about its plan contradicts nothing else. */
const discarded = (events: Told): Of<"child-planned"> => child(events, isDiscarded(events));

/** Sets a hyperparameter of a plan, and what the plan and its shape say of it. */
function setHyperparam(
  events: Told,
  plan: ChangeablePlan,
  name: HyperparamName,
  value: HyperparamValue,
): void {
  const from = hyperparamsOf(events, plan.parent)[name];
  Object.assign(plan.hyperparams, { [name]: value });
  if (name in plan.shape) Object.assign(plan.shape, { [name]: value });
  plan.mutations = plan.mutations.filter((mutation) => !(mutation.kind === "step" && mutation.name === name));
  if (from !== value) plan.mutations.unshift({ kind: "step", name, from, to: value });
}
const position = (plan: ChangeablePlan, name: ComponentName) =>
  plan.positions.find((found) => found.name === name)!;
const untell = (plan: ChangeablePlan, component: string): void => {
  plan.mutations = plan.mutations.filter((m) => !("component" in m && m.component === component));
};

/** Removes all events of a child, which must be the last of all and not retained. */
const removeChild = (events: Told, id: ModelId): void => {
  for (let i = events.length - 1; i >= 0; i--) if (isOf(events[i]!, id)) events.splice(i, 1);
};

/** The candidates of the last activation when it ended, the survivor first. */
function lastCandidates(events: Told): { winner: ModelId; others: ModelId[]; state: State } {
  const state = before(events, lastIndex(events, "activation-ended"));
  const winner = last(events, "activation-ended").retained!;
  return { winner, others: state.activation!.active.filter((id) => id !== winner), state };
}

/** Makes `id` the survivor of the last activation, tested where it was not before. */
function retain(events: Told, id: ModelId): void {
  last(events, "activation-ended").retained = id;
  const test = last(events, "model-tested");
  const isTested = ofType(events, "model-tested").some(({ model }) => model === id);
  if (isTested) events.splice(events.lastIndexOf(test), 1);
  else test.model = id;
}

/** Calls a child broken in its last cycle: one that was kept, whose first accuracy `fits`, and that had no descendants. */
function callBroken(events: Told, fits: (first: number, plan: ChangeablePlan) => boolean): void {
  const parents = new Set(ofType(events, "child-planned").map(({ plan }) => plan.parent));
  const survivors = new Set(ofType(events, "activation-ended").map(({ retained }) => retained));
  const { plan } = child(
    events,
    ({ plan }) =>
      !parents.has(plan.child) &&
      !survivors.has(plan.child) &&
      outcomeOf(events, plan.child).result === "improved" &&
      fits(validationsOf(events, plan.child)[0]!.accuracy, plan),
  );
  const finished = ofType(events, "child-finished").find((event) => event.child === plan.child)!;
  finished.outcome = { result: "failed", code: "engine/diverged", message: "It diverged." };
  events.splice(events.indexOf(validationsOf(events, plan.child).at(-1)!), 1);
}

/** Ends the journal after the event at `index`, as that of a run that continues. */
const cut = (events: Told, index: number): void => {
  events.length = index + 1;
};

/** Changes the numbers of a layer in the store, and names the new one. */
async function reweigh(dir: string, layer: Layer, change: (data: Float32Array) => void): Promise<LayerId> {
  const store = fileStore(`${dir}/layers`);
  const content = decodeLayer(await store.get(layer.id));
  for (const { data } of Object.values(content.tensors)) change(data);
  return store.put(encodeLayer(content));
}
/** Gives a layer another name wherever it is mentioned. */
const rename = (events: Told, from: LayerId, to: LayerId): void => {
  const text = JSON.stringify(events).replaceAll(from, to);
  events.splice(0, events.length, ...JSON.parse(text));
};

const order: readonly Forgery[] = [
  {
    base: "mu2net",
    lie: "an end before its schedule is through",
    proves: ["order", /activations of secret are still to come/],
    tell: (events) => {
      const at = lastIndex(events, "activation-started");
      events.splice(at, events.length - at - 1);
    },
  },
  {
    base: "mu2net",
    lie: "an activation more than its schedule",
    proves: ["order", /the schedule has no more activations/],
    tell: (events) => {
      const again = ofType(events, "activation-started").findLast(({ task }) => task === "one")!;
      events.splice(-1, 1, { ...again, iteration: again.iteration + 1 });
    },
  },
  {
    base: "mu2net",
    lie: "its activations in another order",
    proves: ["order", /the schedule has "one" next/],
    tell: (events) => {
      const [started] = ofType(events, "activation-started");
      Object.assign(started!, { task: "two" });
      cut(events, events.indexOf(started!));
    },
  },
  {
    base: "mu2net",
    lie: "an activation that ends a generation early",
    proves: ["order", /it had 1 generations, not 2/],
    tell: (events) => {
      const from = lastIndex(events, "generation-started");
      const to = lastIndex(events, "generation-ended");
      const state = before(events, from);
      events.splice(from, to - from + 1);
      const { active } = state.activation!;
      const best = Math.max(...active.map((id) => state.models.get(id)!.accuracy!));
      retain(events, active.findLast((id) => state.models.get(id)!.accuracy === best)!);
    },
  },
  {
    base: "mu2net",
    lie: "a generation more in an activation",
    proves: ["order", /an activation has 2 generations/],
    tell: (events) => {
      const at = lastIndex(events, "generation-ended");
      cut(events, at);
      events.push({ ...last(events, "generation-started"), generation: 2 });
    },
  },
  {
    base: "mu2net",
    lie: "a child less in a generation",
    proves: ["order", /its generation has 3 children, not 4/],
    tell: (events) => removeChild(events, last(events, "child-planned").plan.child),
  },
  {
    base: "mu2net",
    lie: "a child more in a generation",
    proves: ["order", /its generation has 5 children, not 4/],
    tell: (events) => {
      const at = lastIndex(events, "child-planned");
      const more = structuredClone(last(events, "child-planned"));
      more.plan.child += 1;
      events.splice(at + 1, 0, more);
      cut(events, at + 2);
    },
  },
  {
    base: "mu2net",
    lie: "a child planned when others of its generation were trained already",
    proves: ["order", /the generation is in training already/],
    tell: (events) => {
      const at = lastIndex(events, "child-planned");
      const [plan] = events.splice(at, 1);
      events.splice(at + 1, 0, plan!);
    },
  },
  {
    base: "mu2net",
    lie: "siblings that end in another order, which decides between equals",
    proves: ["order", /siblings end in another order than they were validated/],
    tell: (events) => {
      const at = lastIndex(events, "child-finished");
      events.splice(at - 1, 0, ...events.splice(at, 1));
    },
  },
  {
    base: "mu2net",
    lie: "siblings that were validated in another order",
    proves: ["order", /siblings are validated in another order/],
    tell: (events) => {
      const at = lastIndex(events, "child-validated");
      events.splice(at - 1, 0, ...events.splice(at, 1));
    },
  },
  {
    base: "mu2net",
    lie: "a survivor that was never tested",
    proves: ["order", /model \d+ was retained, but not tested/],
    tell: (events) => {
      events.splice(lastIndex(events, "model-tested"), 1);
    },
  },
  {
    base: "mu2net",
    lie: "a second test of a survivor, for a better number",
    proves: ["order", /was tested before/],
    tell: (events) => {
      const test = last(events, "model-tested");
      events.splice(events.indexOf(test), 0, { ...test, testAccuracy: 0.1 });
    },
  },
  {
    base: "mu2net",
    lie: "a test of a candidate, to choose by it",
    proves: ["order", /model \d+ is not retained/],
    tell: (events) => {
      const { others } = lastCandidates(events);
      events.splice(lastIndex(events, "activation-ended"), 0, {
        type: "model-tested",
        model: others.at(-1)!,
        testAccuracy: 0.5,
      });
    },
  },
  {
    base: "mu2net",
    lie: "no end of the activation before the next one",
    proves: ["order", /the activation of "\w+" has not ended/],
    tell: (events) => {
      events.splice(lastIndex(events, "activation-ended"), 2);
      const again = ofType(events, "activation-started")[0]!;
      events.push({ ...again });
    },
  },
  {
    base: "lived",
    lie: "a resume in the middle of a generation",
    proves: ["order", /it keeps \d+ events, but the last boundary is after \d+/],
    tell: (events) => {
      ofType(events, "run-resumed")[0]!.kept += 1;
    },
  },
  {
    base: "lived",
    lie: "a resume that drops a generation which had ended, to draw again",
    proves: ["order", /it keeps \d+ events, but the last boundary is after \d+/],
    tell: (events) => {
      const resumed = ofType(events, "run-resumed")[0]!;
      const earlier = events.slice(0, resumed.kept - 1).findLastIndex((e) => isBoundary(e as Event)) + 1;
      const again = events.slice(earlier, resumed.kept);
      const at = events.indexOf(resumed);
      resumed.kept = earlier;
      events.splice(at + 1, 0, ...structuredClone(again));
    },
  },
  {
    base: "lived",
    lie: "a resume after the end",
    proves: ["order", /it resumes a run that had ended/],
    tell: (events) => {
      const at = events.findIndex(({ type }) => type === "run-ended");
      const voids = events.slice(0, at + 1).filter(({ type }) => type === "run-resumed").length;
      const dropped = droppedBy(events);
      events.splice(at + 1, 0, { type: "run-resumed", kept: at + 1 - voids - dropped });
    },
  },
  {
    base: "lived",
    lie: "another plan before a resume than after it",
    proves: ["order", /event \d+ is not what it was before the resume/],
    tell: (events) => {
      const at = events.findIndex(({ type }) => type === "run-resumed");
      const plan = events.slice(0, at).findLast((event) => event.type === "child-planned");
      if (plan?.type === "child-planned") plan.plan.hyperparams.nesterov = !plan.plan.hyperparams.nesterov;
    },
  },
  {
    base: "lived",
    lie: "an extension of a run that had not ended",
    proves: ["order", /the run has not ended/],
    tell: (events) => {
      const at = lastIndex(events, "run-extended");
      events.splice(
        events.slice(0, at).findLastIndex(({ type }) => type === "run-ended"),
        1,
      );
    },
  },
  {
    base: "lived",
    lie: "a task that was added but never evolved",
    proves: ["order", /task "new" is added, but never evolved/],
    tell: (events) => {
      const extended = ofType(events, "run-extended").find(({ tasks }) => tasks[0]!.name === "new")!;
      extended.schedule = ["one", "one"];
    },
  },
  {
    base: "lived",
    lie: "a private task that is public from some day on",
    proves: ["order", /task "secret" is listed twice/],
    tell: (events) => {
      const secret = ofType(events, "run-started")[0]!.tasks.find(({ name }) => name === "secret")!;
      last(events, "run-extended").tasks.push({ ...secret, access: "public" });
      last(events, "run-extended").schedule.push("secret");
    },
  },
  {
    base: "lived",
    lie: "a public task that comes again as a private one",
    proves: ["order", /task "two" was public and can't become private/],
    tell: (events) => {
      const tasks = ofType(events, "run-extended").flatMap((extended) => extended.tasks);
      tasks.find(({ name }) => name === "two")!.access = "private";
    },
  },
  {
    base: "lived",
    lie: "a public task that comes again for one reader only",
    proves: ["order", /task "two" was public and can't become for one/],
    tell: (events) => {
      const tasks = ofType(events, "run-extended").flatMap((extended) => extended.tasks);
      tasks.find(({ name }) => name === "two")!.access = ["one"];
    },
  },
  {
    base: "lived",
    lie: "a segment with more children than it set",
    proves: ["order", /its generation has 2 children, not 3/],
    tell: (events) => {
      last(events, "run-extended").settings = { children: 3, seed: 5 };
    },
  },
  {
    base: "lived",
    lie: "a segment with another seed than it drew from",
    proves: ["draws", /the seed draws/],
    tell: (events) => {
      last(events, "run-extended").settings = { children: 2, seed: 6 };
    },
  },
  {
    base: "lived",
    lie: "a segment with settings that can't be",
    proves: ["order", /it sets training\.clipNorm to 0, not to a number above 0/],
    tell: (events) => {
      const { training } = tinyExperiment();
      last(events, "run-extended").settings = { training: { ...training, clipNorm: 0 } };
    },
  },
  {
    base: "lived",
    lie: "a task forgotten that was never there",
    proves: ["order", /task "three" is not of this run/],
    tell: (events) => {
      last(events, "task-forgotten").task = "three";
    },
  },
];

/** Events that resumes made void. */
function droppedBy(events: Told): number {
  let effective = 0;
  let dropped = 0;
  for (const event of events.slice(
    0,
    events.findIndex(({ type }) => type === "run-ended"),
  )) {
    if (event.type !== "run-resumed") effective += 1;
    else {
      dropped += effective - event.kept;
      effective = event.kept;
    }
  }
  return dropped;
}

const training: readonly Forgery[] = [
  {
    base: "mu2net",
    lie: "steps that the budget does not give",
    proves: ["training", /after cycle 1 it is 6 steps, not 7/],
    tell: (events) => {
      last(events, "child-validated").steps += 1;
    },
  },
  {
    base: "mu2net",
    lie: "a validation less of a child",
    proves: ["training", /was validated 1 times, not 2/],
    tell: (events) => {
      const id = discarded(events).plan.child;
      events.splice(events.indexOf(validationsOf(events, id).at(-1)!), 1);
    },
  },
  {
    base: "mu2net",
    lie: "a validation more of a child",
    proves: ["training", /was validated 3 times, not 2/],
    tell: (events) => {
      const found = validationsOf(events, discarded(events).plan.child).at(-1)!;
      const more = { ...found, cycle: 2, steps: 9 };
      events.splice(events.indexOf(found) + 1, 0, more);
    },
  },
  {
    base: "mu2net",
    lie: "a loss below 0",
    proves: ["training", /a loss of -1 is below 0/],
    tell: (events) => {
      last(events, "child-validated").loss = -1;
    },
  },
  {
    base: "mu2net",
    lie: "more training images than its steps are for",
    proves: ["training", /after cycle \d it is \d+ steps/],
    tell: (events) => {
      for (const task of last(events, "run-started").tasks) task.train = 1000;
    },
  },
  {
    base: "mu2net",
    lie: "a task without test images",
    proves: ["training", /task "one" lacks images of a split/],
    tell: (events) => {
      last(events, "run-started").tasks[0]!.test = 0;
    },
  },
];

const selection: readonly Forgery[] = [
  {
    base: "mu2net",
    lie: "a survivor that was not the best candidate",
    proves: ["selection", /was retained, but model \d+ with [\d.]+ is better/],
    tell: (events) => {
      const { winner, others, state } = lastCandidates(events);
      const worse = others.findLast(
        (id) => state.models.get(id)!.accuracy! < state.models.get(winner)!.accuracy!,
      )!;
      retain(events, worse);
    },
  },
  {
    base: "munet",
    lie: "a survivor that was the best by accuracy, but not by score",
    proves: ["selection", /was retained, but model \d+ with [\d.]+ is better/],
    tell: (events) => {
      const { winner, others } = lastCandidates(events);
      retain(events, others.find((id) => id !== winner)!);
    },
  },
  {
    base: "mu2net",
    lie: "the oldest of equals, where the method keeps the newest",
    proves: ["selection", /is the newest of equals/],
    tell: (events) => {
      // The candidate before the survivor is said to have been as good.
      const { winner, others, state } = lastCandidates(events);
      const equal = others.findLast(
        (id) => id < winner && state.models.get(id)!.status === "active" && id > 30,
      )!;
      const { accuracy } = state.models.get(winner)!;
      const best = validationsOf(events, equal).at(-1)!;
      best.accuracy = accuracy!;
      const outcome = outcomeOf(events, equal);
      if (outcome.result === "improved") outcome.score = accuracy!;
      retain(events, equal);
    },
  },
  {
    base: "munet",
    lie: "a child that only equals its parent and was kept, where it must be better",
    proves: ["selection", /model \d+ has [\d.]+ to beat/],
    tell: (events) => {
      const { plan } = child(
        events,
        (event) => event.plan.reference !== null && outcomeOf(events, event.plan.child).result === "improved",
      );
      const best = Math.max(...validationsOf(events, plan.child).map(({ accuracy }) => accuracy));
      plan.reference = best * plan.sizeFactor;
    },
  },
  {
    base: "mu2net",
    lie: "a bar that is not the parent's score",
    proves: ["selection", /model \d+ has 0\.01 to beat, but the score of its parent, model \d+, is/],
    tell: (events) => {
      const { plan } = child(
        events,
        (event) => event.plan.reference !== null && outcomeOf(events, event.plan.child).result === "improved",
      );
      plan.reference = 0.01;
    },
  },
  {
    base: "munet",
    lie: "a bar from before others shared the parent's layers",
    proves: ["selection", /to beat, but the score of its parent/],
    tell: (events) => {
      const { plan } = child(events, (event) => event.plan.reference !== null && isDiscarded(events)(event));
      plan.reference = (plan.reference ?? 0) * 1.001;
    },
  },
  {
    base: "mu2net",
    lie: "a better child that was called discarded",
    proves: ["selection", /was discarded, but its accuracy of [\d.]+ (beats|has nothing)/],
    tell: (events) => {
      const { others } = lastCandidates(events);
      const id = others.at(-1)!;
      const finished = ofType(events, "child-finished").find((event) => event.child === id)!;
      finished.outcome = { result: "discarded" };
    },
  },
  {
    base: "mu2net",
    lie: "a better child that was called broken",
    proves: ["selection", /failed, but a version with accuracy [\d.]+ was good enough/],
    tell: (events) => callBroken(events, (first, { reference }) => reference === null || first > reference),
  },
  {
    base: "mu2net",
    lie: "a worse child that was called improved",
    proves: ["selection", /model \d+ has [\d.]+ to beat/],
    tell: (events) => {
      const { plan } = discarded(events);
      const finished = ofType(events, "child-finished").find((event) => event.child === plan.child)!;
      const path = plan.positions.map(
        ({ source }) =>
          (source as { layer?: Changeable<Layer> }).layer ?? last(events, "root-added").path[0]!,
      );
      const accuracy = Math.max(...validationsOf(events, plan.child).map((event) => event.accuracy));
      finished.outcome = { result: "improved", score: accuracy * plan.sizeFactor, path };
    },
  },
  {
    base: "munet",
    lie: "a size factor that is not its layers'",
    proves: ["selection", /the size factor of model \d+ is [\d.]+, not 0\.99/],
    tell: (events) => {
      discarded(events).plan.sizeFactor = 0.99;
    },
  },
  {
    base: "mu2net",
    lie: "a size factor where size does not count",
    proves: ["selection", /the size factor of model \d+ is 1, not 0\.5/],
    tell: (events) => {
      discarded(events).plan.sizeFactor = 0.5;
    },
  },
  {
    base: "mu2net",
    lie: "a score that its validations don't give",
    proves: ["selection", /the score of model \d+ is/],
    tell: (events) => {
      const { others } = lastCandidates(events);
      const outcome = outcomeOf(events, others.at(-1)!);
      if (outcome.result === "improved") outcome.score = 0.999;
    },
  },
  {
    base: "mu2net",
    lie: "layers of another version than the best",
    proves: ["no parent changed", /trained for \d+ steps, but its best version for \d+/],
    tell: (events) => {
      // The better validation is said to have been the other one.
      const { plan } = child(events, (event) => {
        const accuracies = validationsOf(events, event.plan.child).map(({ accuracy }) => accuracy);
        return outcomeOf(events, event.plan.child).result === "improved" && accuracies[0] !== accuracies[1];
      });
      const [first, second] = validationsOf(events, plan.child);
      [first!.accuracy, second!.accuracy] = [second!.accuracy, first!.accuracy];
    },
  },
];

const search: readonly Forgery[] = [
  {
    base: "mu2net",
    lie: "a hyperparameter two steps away from the parent's",
    proves: ["search", /has learningRate [\d.]+, which its parent's [\d.]+ can't become/],
    tell: (events) => {
      const { plan } = discarded(events);
      const from = hyperparamsOf(events, plan.parent).learningRate;
      setHyperparam(events, plan, "learningRate", from > 0.01 ? 0.0001 : 0.5);
    },
  },
  {
    base: "mu2net",
    lie: "a hyperparameter that is not one of its values",
    proves: ["search", /has momentum 0\.91, which/],
    tell: (events) => setHyperparam(events, discarded(events).plan, "momentum", 0.91),
  },
  {
    base: "mu2net",
    lie: "a hyperparameter that the method does not search",
    proves: ["search", /has schedule constant, which/],
    tell: (events) => setHyperparam(events, discarded(events).plan, "schedule", "constant"),
  },
  {
    base: "munet",
    lie: "another µ, which muNet never changes",
    proves: ["search", /has mutationProbability 0\.4, which/],
    tell: (events) => setHyperparam(events, discarded(events).plan, "mutationProbability", 0.4),
  },
  {
    base: "mu2net",
    lie: "a child with other preprocessing than its generation",
    proves: ["search", /has flip \w+, but its generation has/],
    tell: (events) => {
      const { plan } = discarded(events);
      setHyperparam(events, plan, "flip", !plan.hyperparams.flip);
    },
  },
  {
    base: "mu2net",
    lie: "a generation whose preprocessing is not a step from the best model's",
    proves: ["search", /areaMin [\d.]+ can't become 1 in a generation's preprocessing/],
    tell: (events) => {
      const at = lastIndex(events, "generation-started");
      const started = last(events, "generation-started");
      started.preprocessing.areaMin = 1;
      for (const event of ofType(events.slice(at), "child-planned"))
        setHyperparam(events, event.plan, "areaMin", 1);
    },
  },
  {
    base: "munet",
    lie: "preprocessing that changes while seeds still wait for their unmutated child",
    proves: ["search", /can't become [\w.]+ in a generation's preprocessing/],
    tell: (events) => {
      const [started] = ofType(events, "generation-started");
      started!.preprocessing.flip = !started!.preprocessing.flip;
    },
  },
  {
    base: "mu2net",
    lie: "two blocks inserted at once",
    proves: ["search", /has \d blocks, which its parent's \d can't become/],
    tell: (events) => {
      const { plan } = discarded(events);
      const from = hyperparamsOf(events, plan.parent).blocks;
      setHyperparam(events, plan, "blocks", from >= 2 ? from - 2 : from + 2);
    },
  },
  {
    base: "mu2net",
    lie: "more blocks than the method allows",
    proves: ["search", /has 4 blocks, which its parent's \d can't become/],
    tell: (events) => setHyperparam(events, discarded(events).plan, "blocks", 4),
  },
  {
    base: "mu2net",
    lie: "an adapter, where the method inserts none",
    proves: ["search", /has a new adapter at 0, but the method inserts none/],
    tell: (events) => {
      const { plan } = child(events, ({ plan }) => plan.shape.blocks > 0);
      plan.shape.adapters = [0];
      const at = plan.positions.findIndex(({ name }) => name === "encoderblock_0");
      plan.positions.splice(at, 0, { name: "residual_adapter_0", source: { how: "init" } });
      plan.mutations.push({ kind: "insert", component: "residual_adapter_0" });
    },
  },
  {
    base: "munet",
    lie: "an adapter that is gone from a child",
    proves: ["search", /lacks its parent's adapter at \d/],
    tell: (events) => {
      const { plan } = child(
        events,
        ({ plan, rule }, state) =>
          rule !== "seed-unmutated" &&
          state.models.get(plan.parent)!.shape.adapters.some((slot) => slot < plan.shape.blocks),
      );
      const parent = foldEvents(events as Event[]).models.get(plan.parent)!;
      const slot = parent.shape.adapters[0]!;
      plan.shape.adapters = plan.shape.adapters.filter((found) => found !== slot);
      plan.positions = plan.positions.filter(({ name }) => name !== `residual_adapter_${slot}`);
      untell(plan, `residual_adapter_${slot}`);
      plan.mutations.push({ kind: "remove", component: `residual_adapter_${slot}` });
    },
  },
  {
    base: "munet",
    lie: "an adapter above the last block",
    proves: ["search", /has adapters at [\d, ]+ of \d blocks/],
    tell: (events) => {
      const { plan } = discarded(events);
      plan.shape.adapters = [...plan.shape.adapters, plan.shape.blocks];
    },
  },
  {
    base: "mu2net",
    lie: "a layer that no other task uses shared, not trained",
    proves: ["search", /shares its \w+, which it must copy and train/],
    tell: (events) => {
      const { plan } = child(
        events,
        ({ plan }) =>
          plan.reference !== null &&
          isDiscarded(events)({ plan } as Of<"child-planned">) &&
          plan.positions.some(
            ({ name, source }) =>
              name !== "head" && source.how === "clone" && source.layer.history.at(-1)?.task === plan.task,
          ),
      );
      const found = plan.positions.find(
        ({ name, source }) =>
          name !== "head" && source.how === "clone" && source.layer.history.at(-1)?.task === plan.task,
      )!;
      if (found.source.how === "clone") found.source = { how: "share", layer: found.source.layer };
    },
  },
  {
    base: "mu2net",
    lie: "a final norm that a mutated child shares",
    proves: ["search", /shares its encoder_norm, which it must copy and train/],
    tell: (events) => {
      const { plan } = discarded(events);
      const norm = position(plan, "encoder_norm");
      if (norm.source.how === "clone") norm.source = { how: "share", layer: norm.source.layer };
      untell(plan, "encoder_norm");
    },
  },
  {
    base: "mu2net",
    lie: "the head of another task",
    proves: ["search", /clones a head, but its lineage has none for it/],
    tell: (events) => {
      const { plan } = child(
        events,
        ({ plan }, state) =>
          plan.reference === null &&
          plan.parent > 0 &&
          state.models.get(plan.parent)!.task !== plan.task &&
          position(plan, "head").source.how === "init",
      );
      const layer = foldEvents(events as Event[])
        .models.get(plan.parent)!
        .path.at(-1)!;
      position(plan, "head").source = { how: "clone", layer: structuredClone(layer) as Changeable<Layer> };
    },
  },
  {
    base: "mu2net",
    lie: "a new head, where the task has one",
    proves: ["search", /begins a new head, but its lineage has one/],
    tell: (events) => {
      position(
        child(
          events,
          ({ plan }) => plan.reference !== null && isDiscarded(events)({ plan } as Of<"child-planned">),
        ).plan,
        "head",
      ).source = { how: "init" };
    },
  },
  {
    base: "mu2net",
    lie: "a new layer, where the lineage has one",
    proves: ["search", /begins a new cls, but its lineage has one/],
    tell: (events) => {
      const { plan } = discarded(events);
      position(plan, "cls").source = { how: "init" };
      untell(plan, "cls");
    },
  },
  {
    base: "mu2net",
    lie: "a layer of a farther ancestor than the nearest that has it",
    proves: ["search", /another embedding than the nearest of its lineage/],
    tell: (events) => {
      const [root] = last(events, "root-added").path;
      const { plan } = child(events, ({ plan }) => {
        const { source } = position(plan, "embedding");
        return (
          source.how !== "init" &&
          source.layer.id !== root!.id &&
          isDiscarded(events)({ plan } as Of<"child-planned">)
        );
      });
      position(plan, "embedding").source = { how: "share", layer: { ...root! } };
      untell(plan, "embedding");
    },
  },
  {
    base: "munet",
    lie: "an unmutated child that was mutated",
    proves: ["search", /model \d+, an unmutated child, has learningRate/],
    tell: (events) => {
      const { plan } = child(events, ({ rule }) => rule === "seed-unmutated");
      const { learningRate } = plan.hyperparams;
      setHyperparam(events, plan, "learningRate", learningRate === 0.01 ? 0.02 : 0.01);
    },
  },
  {
    base: "munet",
    lie: "an unmutated child that copies what it must share",
    proves: ["search", /copies its cls, which it must share/],
    tell: (events) => {
      const { plan } = child(
        events,
        ({ plan, rule }) => rule === "seed-unmutated" && position(plan, "cls").source.how === "share",
      );
      const found = position(plan, "cls");
      if (found.source.how === "share") found.source = { how: "clone", layer: found.source.layer };
    },
  },
  {
    base: "mu2net",
    lie: "a plan that conceals what was changed",
    proves: ["search", /does not say of itself how it differs from its parent/],
    tell: (events) => {
      child(events, ({ plan }) => plan.mutations.length > 0).plan.mutations = [];
    },
  },
  {
    base: "mu2net",
    lie: "a plan that invents a change",
    proves: ["search", /does not say of itself how it differs from its parent/],
    tell: (events) => {
      discarded(events).plan.mutations.push({ kind: "insert", component: "encoderblock_2" });
    },
  },
  {
    base: "mu2net",
    lie: "a model kept from the seeds",
    proves: ["search", /the seeds lack model \d+/],
    tell: (events) => {
      const started = last(events, "activation-started");
      const used = new Set(ofType(events, "child-planned").map(({ plan }) => plan.parent));
      const at = started.seeds.findIndex((id) => !used.has(id));
      started.seeds.splice(at < 0 ? started.seeds.length - 1 : at, 1);
    },
  },
  {
    base: "munet",
    lie: "seeds in another order than newest first",
    proves: ["search", /the seeds are not in the order newest first/],
    tell: (events) => {
      last(events, "activation-started").seeds.reverse();
    },
  },
  {
    base: "munet",
    lie: "a seed that did not have its unmutated child first",
    proves: ["search", /seed \d+ is to have its unmutated child first/],
    tell: (events) => {
      child(events, ({ rule }) => rule === "seed-unmutated").rule = "uniform";
    },
  },
  {
    base: "mu2net",
    lie: "a candidate said to be a seed",
    proves: ["search", /model \d+ is not a seed to draw from/],
    tell: (events) => {
      child(events, ({ rule }) => rule === "active").rule = "seed";
    },
  },
  {
    base: "mu2net",
    lie: "a parent found by a rule that the method does not have",
    proves: ["search", /the method finds no parent by "root"/],
    tell: (events) => {
      last(events, "child-planned").rule = "root";
    },
  },
  {
    base: "mu2net",
    lie: "a root of other hyperparameters than the experiment's",
    proves: ["search", /the root's hyperparameters are not the defaults/],
    tell: (events) => {
      last(events, "root-added").hyperparams.learningRate = 0.5;
    },
  },
];

const draws: readonly Forgery[] = [
  {
    base: "mu2net",
    lie: "a seed order that the seed of the run does not draw",
    proves: ["draws", /the seed draws its models to start from in another order/],
    tell: (events) => {
      last(events, "activation-started").seeds.reverse();
    },
  },
  {
    base: "mu2net",
    lie: "a parent that could have been, but was not drawn",
    proves: ["draws", /the seed draws another parent for model \d+ than \d+ by "uniform"/],
    tell: (events) => {
      discarded(events).rule = "uniform";
    },
  },
  {
    base: "mu2net",
    lie: "a step of a hyperparameter that could have been, but was not drawn",
    proves: ["draws", /the seed draws other mutations for model \d+/],
    tell: (events) => {
      const { plan } = discarded(events);
      const from = hyperparamsOf(events, plan.parent).nesterov;
      setHyperparam(events, plan, "nesterov", plan.hyperparams.nesterov === from ? !from : from);
    },
  },
  {
    base: "mu2net",
    lie: "a copy of a layer that could have been, but was not drawn",
    proves: ["draws", /the seed draws other mutations for model \d+/],
    tell: (events) => {
      const isOfRoot = (source: { how: string; layer?: Changeable<Layer> }) =>
        source.how === "share" && source.layer?.history.length === 0;
      const { plan } = child(
        events,
        ({ plan }) =>
          isDiscarded(events)({ plan } as Of<"child-planned">) &&
          plan.positions.some(({ source }) => isOfRoot(source)),
      );
      const found = plan.positions.find(({ source }) => isOfRoot(source))!;
      if (found.source.how === "share") found.source = { how: "clone", layer: found.source.layer };
      plan.mutations.push({ kind: "clone", component: found.name });
    },
  },
  {
    base: "mu2net",
    lie: "preprocessing that could have been, but was not drawn",
    proves: ["draws", /the seed draws other preprocessing/],
    tell: (events) => {
      const at = lastIndex(events, "generation-started");
      const { preprocessing } = last(events, "generation-started");
      const candidates = before(events, at).activation!.active;
      const best = Math.max(...candidates.map((id) => before(events, at).models.get(id)!.accuracy!));
      const base = candidates.findLast((id) => before(events, at).models.get(id)!.accuracy === best)!;
      const from = hyperparamsOf(events, base).flip;
      preprocessing.flip = preprocessing.flip === from ? !from : from;
      for (const { plan } of ofType(events.slice(at), "child-planned"))
        setHyperparam(events, plan, "flip", preprocessing.flip);
    },
  },
  {
    base: "mu2net",
    lie: "a random root that is not the seed's",
    proves: ["draws", /the root's embedding, layer [0-9a-f]{8}, is not what seed \d+ draws/],
    tell: async (events, ownLayers) => {
      const [embedding] = last(events, "root-added").path;
      const id = await reweigh(ownLayers(), embedding as Layer, (data) => {
        data[0]! += 0.5;
      });
      rename(events, embedding!.id, id);
    },
  },
];

const bytes: readonly Forgery[] = [
  {
    base: "mu2net",
    lie: "a layer whose weights are not numbers",
    proves: ["layers", /holds weights that are not numbers/],
    tell: async (events, ownLayers) => {
      const { winner } = lastCandidates(events);
      const outcome = outcomeOf(events, winner);
      if (outcome.result !== "improved") throw new Error("the survivor is older");
      const head = outcome.path.at(-1)!;
      const id = await reweigh(ownLayers(), head as Layer, (data) => {
        data[0] = Number.NaN;
      });
      rename(events, head.id, id);
    },
  },
];

/** Lies that nothing in the folder speaks against, by the heading of docs/trust.md that says why. */
export const unprovable: readonly (Forgery & { readonly heading: string })[] = [
  {
    base: "mu2net",
    lie: "another test accuracy",
    heading: "Accuracies and losses",
    proves: null,
    tell: (events) => {
      last(events, "model-tested").testAccuracy = 1;
    },
  },
  {
    base: "mu2net",
    lie: "another validation accuracy that decides nothing",
    heading: "Accuracies and losses",
    proves: null,
    tell: (events) => {
      for (const event of validationsOf(events, discarded(events).plan.child)) event.accuracy = 0;
    },
  },
  {
    base: "mu2net",
    lie: "other losses",
    heading: "Accuracies and losses",
    proves: null,
    tell: (events) => {
      for (const event of ofType(events, "child-validated")) event.loss = 0;
    },
  },
  {
    base: "mu2net",
    lie: "a child said to have broken in the one cycle that made it good",
    heading: "Broken children",
    proves: null,
    tell: (events) => callBroken(events, (first, { reference }) => reference !== null && first < reference),
  },
  {
    base: "mu2net",
    lie: "other weights under the same training history",
    heading: "Weights",
    proves: null,
    tell: async (events, ownLayers) => {
      const { winner } = lastCandidates(events);
      const outcome = outcomeOf(events, winner);
      if (outcome.result !== "improved") throw new Error("the survivor is older");
      const head = outcome.path.at(-1)!;
      const id = await reweigh(ownLayers(), head as Layer, (data) => {
        data[0]! += 1;
      });
      rename(events, head.id, id);
    },
  },
  {
    base: "mu2net",
    lie: "other images behind a task's name",
    heading: "Data",
    proves: null,
    tell: (events) => {
      Object.assign(last(events, "run-started").tasks[0]!, {
        fingerprint: "f".repeat(64),
        source: "elsewhere",
      });
    },
  },
  {
    base: "mu2net",
    lie: "other times",
    heading: "Times",
    proves: null,
    tell: (events) => {
      for (const event of events) event.clock = { at: 0, trainMs: 0 };
    },
  },
  {
    base: "mu2net",
    lie: "an end that is cut off at a boundary",
    heading: "The end of the journal",
    proves: null,
    tell: (events) => cut(events, lastIndex(events, "generation-ended")),
  },
  {
    base: "lived",
    lie: "an interruption concealed",
    heading: "Interruptions",
    proves: null,
    tell: (events) => {
      const at = events.findIndex(({ type }) => type === "run-resumed");
      const resumed = events[at] as Of<"run-resumed">;
      events.splice(resumed.kept, at - resumed.kept + 1);
    },
  },
  {
    base: "lived",
    lie: "other accuracies in what an interruption made void",
    heading: "Interruptions",
    proves: null,
    tell: (events) => {
      const at = events.findIndex(({ type }) => type === "run-resumed");
      for (const event of ofType(events.slice((events[at] as Of<"run-resumed">).kept, at), "child-validated"))
        event.accuracy = 0;
    },
  },
];

/** Every lie that is found. */
export const forgeries: readonly Forgery[] = [
  ...order,
  ...training,
  ...selection,
  ...search,
  ...draws,
  ...bytes,
];
