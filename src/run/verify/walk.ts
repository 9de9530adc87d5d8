// Walks the events of a run and checks them against the rules, deliberately without the evolver's own fold (core/state), so
// that a fault there can't hide here. It reports every broken rule and continues.

import { accessText, keepsReaders } from "../../core/access.js";
import type { Event, TaskRecord } from "../../core/event.js";
import type { Experiment } from "../../core/experiment.js";
import type { Layer, ModelId, TaskName } from "../../core/model.js";
import { experimentMisfit } from "../experiment-fit.js";
import { experimentProblem } from "../parse-experiment.js";
import { endGeneration, finishChild, planChild, startGeneration, validateChild } from "./generation-rules.js";
import { beginMerge, endMerge, mergeFailures } from "./merge-rules.js";
import { pathProblems, posembedProblems, rootProblems, shapeProblems } from "./path.js";
import { seedFailures } from "./search.js";
import { survivorFailures } from "./selection.js";
import {
  mayRead,
  momentOf,
  newStanding,
  type Of,
  type Open,
  type Rule,
  type Standing,
  type Subject,
  settle,
  type WalkedModel,
} from "./standing.js";

export interface Walk {
  readonly tasks: ReadonlyMap<TaskName, TaskRecord>;
  /** Tasks whose models were removed and that were not added again. */
  readonly forgotten: ReadonlySet<TaskName>;
  readonly models: readonly WalkedModel[];
  /** The root's position embedding at other image sizes, with which any child may begin. */ readonly posembeds: readonly Layer[] /** The root, every task's survivor, and the candidates of an activation that is still open; the run needs their layers. */;
  readonly live: readonly WalkedModel[];
  /** Broken rules by subject, each with the number of its effective event. */
  readonly failures: Readonly<Record<Subject, readonly string[]>>;
}

/** Events that may follow the end of a run. */
const REOPENS: ReadonlySet<Event["type"]> = new Set([
  "run-extended",
  "task-forgotten",
  "run-merged",
  "merge-ended",
]);

/** Events after which another system may be merged. */
const MOMENTS: ReadonlySet<Event["type"]> = new Set([
  "root-added",
  "run-ended",
  "task-forgotten",
  "merge-ended",
]);

/** Walks the effective events of a run of `experiment`; without one, rules that need it are left out. */
export function walkEvents(events: readonly Event[], experiment: Experiment | null): Walk {
  const standing = newStanding(experiment);
  const failures: Record<Subject, string[]> = { order: [], training: [], search: [], selection: [] };
  for (const [index, event] of events.entries()) {
    const rule: Rule = (holds, broken, subject = "order") => {
      if (!holds) failures[subject].push(`event ${index + 1} (${event.type}): ${broken()}`);
      return holds;
    };
    const reopens = REOPENS.has(event.type);
    rule(!standing.ended || reopens, () => "it comes after the end of the run");
    rule(index !== 0 || event.type === "run-started", () => "a run begins with run-started");
    rule(index !== 1 || event.type === "root-added", () => "run-started is followed by root-added");
    const untested = untestedSurvivors(standing);
    rule(
      untested.length === 0 || event.type === "model-tested",
      () => `model ${untested} was retained, but not tested`,
    );
    walkEvent(standing, event, index, rule);
    if (MOMENTS.has(event.type)) standing.moments.push(momentOf(standing));
  }
  if (standing.merging.length > 0) failures.order.push("the other system that was merged has no end");
  for (const broken of mergeFailures(events)) failures.order.push(broken);
  const { tasks, forgotten, models, posembeds } = standing;
  const all = [...models.values()];
  return { tasks, forgotten, models: all, posembeds, live: all.filter(({ live }) => live), failures };
}

/** Survivors without a test, while no activation is open: each is tested before anything else happens. §e.5. */
function untestedSurvivors({ open, retained, tested, lately }: Standing): ModelId[] {
  if (open || lately === null) return [];
  const id = retained.get(lately);
  return id === undefined || tested.has(id) ? [] : [id];
}

function walkEvent(standing: Standing, event: Event, index: number, rule: Rule): void {
  switch (event.type) {
    case "run-started":
      rule(index === 0, () => "the run has begun already");
      addTasks(standing, event.tasks, rule);
      break;
    case "root-added":
      addRoot(standing, event, rule);
      break;
    case "activation-started":
      startActivation(standing, event, rule);
      break;
    case "generation-started":
      startGeneration(standing, event, rule);
      break;
    case "child-planned":
      planChild(standing, event, rule);
      break;
    case "child-validated":
      validateChild(standing, event, index, rule);
      break;
    case "child-finished":
      finishChild(standing, event, rule);
      break;
    case "generation-ended":
      endGeneration(standing, event, rule);
      break;
    case "activation-ended":
      endActivation(standing, event, rule);
      break;
    case "model-tested":
      testModel(standing, event, rule);
      break;
    case "run-ended": {
      const { open, schedule, activations, experiment } = standing;
      rule(!open, () => "an activation is open");
      const left = schedule.slice(activations);
      rule(!experiment || left.length === 0, () => `activations of ${left.join(", ")} are still to come`);
      standing.ended = true;
      break;
    }
    case "run-extended":
      extendRun(standing, event, rule);
      break;
    case "run-merged":
      if (beginMerge(standing, event, rule)) addTasks(standing, event.tasks, rule);
      break;
    case "merge-ended":
      endMerge(standing, event, rule);
      break;
    case "task-forgotten":
      forgetTask(standing, event, rule);
      break;
    case "run-resumed":
      rule(false, () => "it is not an effective event");
      break;
    default:
      event satisfies never;
  }
}

function addTasks({ tasks, forgotten }: Standing, added: readonly TaskRecord[], rule: Rule): void {
  for (const task of added) {
    const old = tasks.get(task.name);
    rule(!old || forgotten.has(task.name), () => `task "${task.name}" is listed twice`);
    // Other models may have been built on it when it was public, which can't be undone.
    rule(
      !old || keepsReaders(old.access, task.access),
      () => `task "${task.name}" was ${accessText(old!.access)} and can't become ${accessText(task.access)}`,
    );
    rule(
      task.train > 0 && task.validation > 0 && task.test > 0,
      () => `task "${task.name}" lacks images of a split`,
      "training",
    );
    tasks.set(task.name, task);
    forgotten.delete(task.name);
  }
}

function addRoot(standing: Standing, event: Of<"root-added">, rule: Rule): void {
  const { models, rootLayers, experiment } = standing;
  if (!rule(models.size === 0, () => "there is a root already")) return;
  const { path, shape, hyperparams, posembeds = [] } = event;
  models.set(0, {
    ...{ id: 0, task: null, parent: null, above: null, plan: null, access: "public", restricted: [] },
    ...{ shape, hyperparams, validated: [], validatedAt: 0, accuracy: 0, kept: [], path },
    ...{ finished: true, live: true, forgotten: false },
  });
  standing.posembeds = posembeds;
  for (const { id } of [...path, ...posembeds]) rootLayers.add(id);
  for (const broken of [
    ...pathProblems(path, shape),
    ...posembedProblems(posembeds, shape),
    ...shapeProblems(shape, hyperparams, shape),
  ])
    rule(false, () => broken);
  for (const { name, history } of path)
    rule(history.length === 0, () => `the root's ${name} was trained in the run`);
  for (const broken of experiment ? rootProblems(event, experiment) : []) rule(false, () => broken, "search");
}

function startActivation(standing: Standing, event: Of<"activation-started">, rule: Rule): void {
  const { tasks, models, retained, open, schedule, activations, experiment } = standing;
  const { task, seeds } = event;
  rule(!open, () => `the activation of "${open?.task}" has not ended`);
  rule(models.size > 0, () => "there is no root yet");
  rule(tasks.has(task), () => `task "${task}" is not of this run`);
  const due = schedule[activations];
  if (experiment)
    rule(due === task, () =>
      due === undefined ? "the schedule has no more activations" : `the schedule has "${due}" next`,
    );
  const iteration = standing.iterations.get(task) ?? 0;
  rule(event.iteration === iteration, () => `it is iteration ${iteration} of "${task}"`);
  standing.iterations.set(task, iteration + 1);
  standing.activations += 1;
  rule(new Set(seeds).size === seeds.length, () => "a seed is listed twice");
  for (const id of seeds) {
    const seed = models.get(id);
    const kept = seed && (seed.task === null || retained.get(seed.task) === id);
    rule(kept === true && seed?.task !== task, () => `seed ${id} is not a retained model of another task`);
    rule(
      !seed?.task || mayRead(tasks, task, seed.task),
      () => `seed ${id} belongs to the private task "${seed?.task}"`,
    );
  }
  if (experiment)
    for (const broken of seedFailures(task, seeds, experiment.method, standing))
      rule(false, () => broken, "search");
  const survivor = retained.get(task);
  standing.open = {
    ...{ task, seeds, seedsUsed: 0, candidates: survivor === undefined ? [] : [survivor] },
    ...{ generations: 0, preprocessing: null, children: null, training: false, latest: null, finished: null },
  };
}

function endActivation(standing: Standing, event: Of<"activation-ended">, rule: Rule): void {
  const { open, models, experiment, iterations } = standing;
  const { task, retained: winner } = event;
  if (!rule(open?.task === task && !open.children, () => `"${task}" is not active`)) return;
  const { generations, candidates } = open!;
  rule(
    !experiment || generations === experiment.generations,
    () => `it had ${generations} generations, not ${experiment?.generations}`,
  );
  const iteration = (iterations.get(task) ?? 1) - 1;
  rule(event.iteration === iteration, () => `it is iteration ${iteration} of "${task}"`);
  for (const id of candidates) models.get(id)!.live = id === winner;
  if (winner === null) rule(candidates.length === 0, () => "it retains none of its candidates");
  else if (rule(candidates.includes(winner), () => `model ${winner} is not a candidate`)) {
    const model = models.get(winner)!;
    if (experiment) checkSurvivor(standing, model, open!, experiment, rule);
    settle(standing, task, model);
  }
  standing.lately = task;
  standing.open = null;
}

function checkSurvivor(
  standing: Standing,
  winner: WalkedModel,
  { candidates }: Open,
  { method }: Experiment,
  rule: Rule,
): void {
  const models = candidates.map((id) => standing.models.get(id)!);
  for (const broken of survivorFailures(winner, models, method, standing))
    rule(false, () => broken, "selection");
}

function testModel(standing: Standing, event: Of<"model-tested">, rule: Rule): void {
  const { models, tested, retained, open } = standing;
  const { model, testAccuracy } = event;
  const { task } = models.get(model) ?? {};
  rule(!open, () => "an activation is open");
  rule(!tested.has(model), () => `model ${model} was tested before`);
  tested.add(model);
  rule(task != null && retained.get(task) === model, () => `model ${model} is not retained`);
  rule(testAccuracy >= 0 && testAccuracy <= 1, () => `${testAccuracy} is not in [0, 1]`, "training");
}

function extendRun(standing: Standing, event: Of<"run-extended">, rule: Rule): void {
  const { tasks, forgotten, schedule, open, experiment, ended } = standing;
  rule(!open, () => "an activation is open");
  if (experiment) rule(ended, () => "the run has not ended");
  addTasks(standing, event.tasks, rule);
  for (const name of event.schedule)
    rule(tasks.has(name) && !forgotten.has(name), () => `task "${name}" is not of this run`);
  for (const { name } of event.tasks)
    rule(event.schedule.includes(name), () => `task "${name}" is added, but never evolved`);
  if (experiment && event.settings) {
    const set = { ...experiment, ...event.settings };
    const problem = experimentProblem(set) ?? experimentMisfit(set);
    rule(
      !problem,
      () => `it sets ${problem!.path.slice(1)} to ${problem!.found}, not to ${problem!.expected}`,
    );
    standing.experiment = set;
  }
  schedule.push(...event.schedule);
  standing.ended = false;
}

function forgetTask(standing: Standing, { task }: Of<"task-forgotten">, rule: Rule): void {
  const { tasks, forgotten, models, retained, open, experiment, ended } = standing;
  rule(!open, () => "an activation is open");
  if (experiment) rule(ended, () => "the run has not ended");
  rule(tasks.has(task) && !forgotten.has(task), () => `task "${task}" is not of this run`);
  const survivor = models.get(retained.get(task) ?? -1);
  if (survivor) survivor.live = false;
  settle(standing, task, null);
  forgotten.add(task);
  for (const model of models.values()) if (model.task === task) model.forgotten = true;
}
