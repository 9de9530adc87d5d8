// The rules of a generation: what may be planned, trained and kept, and in which order.

import type { Experiment } from "../../core/experiment.js";
import type { ModelId } from "../../core/model.js";
import { batchesPerCycle } from "../../core/training.js";
import { pathProblems, shapeProblems } from "./path.js";
import { mutationFailures, parentRuleFailures, preprocessingFailures } from "./search.js";
import { barFailures, keptSteps, outcomeFailures } from "./selection.js";
import { mayRead, type Of, type Rule, type Standing, type WalkedModel } from "./standing.js";

export function startGeneration(standing: Standing, event: Of<"generation-started">, rule: Rule): void {
  const { open, experiment } = standing;
  if (!rule(open !== null && !open.children, () => "no activation is waiting for one")) return;
  rule(event.generation === open!.generations, () => `it is generation ${open!.generations}`);
  if (experiment) {
    rule(
      open!.generations < experiment.generations,
      () => `an activation has ${experiment.generations} generations`,
    );
    for (const broken of preprocessingFailures(event.preprocessing, experiment.method, standing, open!))
      rule(false, () => broken, "search");
  }
  open!.preprocessing = event.preprocessing;
  open!.children = [];
  open!.training = false;
  open!.latest = null;
  open!.finished = null;
}

export function planChild(standing: Standing, event: Of<"child-planned">, rule: Rule): void {
  const { models, tasks, open, experiment } = standing;
  const { plan } = event;
  const parent = models.get(plan.parent);
  const record = tasks.get(plan.task);
  rule(plan.child === models.size, () => `the next model is ${models.size}, not ${plan.child}`);
  rule(plan.task === open?.task, () => `task "${plan.task}" is not active`);
  rule(plan.shape.classes === record?.classes, () => `"${plan.task}" has other classes`);
  const able = open && [...open.seeds, ...open.candidates].includes(plan.parent);
  rule(parent !== undefined && able === true, () => `model ${plan.parent} is neither seed nor candidate`);
  rule(!parent?.task || mayRead(tasks, plan.task, parent.task), () => `its parent ${plan.parent} is private`);
  rule(
    (plan.reference !== null) === (parent?.task === plan.task),
    () => "only a parent of the same task is to be beaten",
  );
  for (const broken of shapeProblems(plan.shape, plan.hyperparams, models.get(0)?.shape))
    rule(false, () => broken);
  rule(open?.training !== true, () => "the generation is in training already");
  if (experiment && parent) checkPlan(standing, event, parent, experiment, rule);
  const above = parent?.restricted ?? [];
  const child: WalkedModel = {
    ...{ id: plan.child, task: plan.task, parent: parent ?? null, above: parent ?? null, plan },
    ...{ shape: plan.shape, hyperparams: plan.hyperparams, access: record?.access ?? "private" },
    restricted: above,
    ...{
      validated: [],
      validatedAt: 0,
      accuracy: 0,
      kept: [],
      path: null,
      finished: false,
      live: false,
      forgotten: false,
    },
  };
  if (child.access !== "public")
    child.restricted = [child, ...above.filter((other) => other.task !== child.task)]; // one of each task says enough
  models.set(plan.child, child);
  rule(open?.children?.push(child) !== undefined, () => "no generation is open");
  if (open && event.rule === "seed-unmutated") open.seedsUsed += 1;
}

function checkPlan(
  standing: Standing,
  { plan, rule: by }: Of<"child-planned">,
  parent: WalkedModel,
  { method }: Experiment,
  rule: Rule,
): void {
  const { open } = standing;
  const broken = [
    ...(open ? parentRuleFailures(plan, by, method, open) : []),
    ...mutationFailures(plan, by, parent, open?.preprocessing ?? null, method, standing),
  ];
  for (const one of broken) rule(false, () => one, "search");
  for (const one of barFailures(plan, parent, method, standing)) rule(false, () => one, "selection");
}

/** The unfinished child with that number in the generation in flight. */
function childOf({ open }: Standing, id: ModelId, rule: Rule): WalkedModel | undefined {
  const child = open?.children?.find((c) => c.id === id);
  rule(
    child !== undefined && !child.finished,
    () => `model ${id} is not an unfinished child of this generation`,
  );
  return child;
}

/** All children of a generation are planned before the first is trained. §d.1. */
function beginTraining({ open, experiment }: Standing, rule: Rule): void {
  if (!open?.children || open.training) return;
  open.training = true;
  const planned = open.children.length;
  rule(
    !experiment || planned === experiment.children,
    () => `its generation has ${planned} children, not ${experiment?.children}`,
  );
}

export function validateChild(
  standing: Standing,
  event: Of<"child-validated">,
  index: number,
  rule: Rule,
): void {
  const { experiment, tasks, open } = standing;
  beginTraining(standing, rule);
  // The artificial runs of the oldest format, which have no experiment, list their children one after another.
  rule(!experiment || isNextValidation(standing, event), () => "siblings are validated in another order");
  if (open) open.latest = { child: event.child, cycle: event.cycle };
  const child = childOf(standing, event.child, rule);
  const { accuracy, loss, steps, cycle } = event;
  const before = child?.validated.at(-1)?.steps ?? 0;
  rule(cycle === child?.validated.length, () => `its next cycle is ${child?.validated.length}`);
  rule(steps > before, () => `${steps} steps are no more than before`);
  const record = tasks.get(child?.task ?? "");
  if (experiment && record) {
    const due = (cycle + 1) * batchesPerCycle(experiment.training, record.train);
    rule(steps === due, () => `after cycle ${cycle} it is ${due} steps, not ${steps}`, "training");
  }
  rule(accuracy >= 0 && accuracy <= 1, () => `an accuracy of ${accuracy} is not in [0, 1]`, "training");
  rule(!(loss < 0), () => `a loss of ${loss} is below 0`, "training"); // one that overflowed is not a number
  if (!child) return;
  child.validated.push({ steps, accuracy });
  child.validatedAt = index;
  child.accuracy = Math.max(child.accuracy, accuracy);
}

/** Cycle by cycle in the order of the plans; groups that don't fit into memory together come one after another. */
function isNextValidation({ open, experiment }: Standing, { child, cycle }: Of<"child-validated">): boolean {
  if (open?.finished != null) return false; // all children are validated before the first one ends
  const { latest } = open ?? {};
  if (!latest) return true;
  if (cycle === latest.cycle) return child > latest.child;
  // A group whose children all failed in the last cycle has no validation of that cycle.
  const isGroupOver = latest.cycle >= (experiment?.training.cycles ?? 0) - 2;
  return cycle === latest.cycle + 1 || (cycle === 0 && isGroupOver);
}

export function finishChild(
  standing: Standing,
  { child: id, outcome }: Of<"child-finished">,
  rule: Rule,
): void {
  const { experiment, open } = standing;
  beginTraining(standing, rule);
  const child = childOf(standing, id, rule);
  if (!child) return;
  child.finished = true;
  // The order decides between equals, so it must not be open to choice.
  if (outcome.result !== "failed") {
    rule(
      child.validatedAt > (open!.finished ?? 0),
      () => "siblings end in another order than they were validated",
    );
    open!.finished = child.validatedAt;
  }
  if (experiment) {
    // A failed child ends without a validation.
    const due = experiment.training.cycles - (outcome.result === "failed" ? 1 : 0);
    const found = child.validated.length;
    rule(found === due, () => `model ${id} was validated ${found} times, not ${due}`, "training");
  }
  for (const broken of outcomeFailures(child, outcome, experiment?.method ?? null))
    rule(false, () => broken, "selection");
  if (outcome.result !== "improved") return;
  rule(child.validated.length > 0, () => `model ${child.id} was never validated`);
  child.path = outcome.path;
  child.kept = keptSteps(child, experiment?.method ?? null);
  child.live = true;
  open!.candidates.push(child.id);
  for (const broken of pathProblems(child.path, child.shape)) rule(false, () => broken);
}

export function endGeneration(standing: Standing, { generation }: Of<"generation-ended">, rule: Rule): void {
  const { open } = standing;
  if (!rule(open?.children != null, () => "no generation is open")) return;
  beginTraining(standing, rule);
  rule(generation === open!.generations, () => `it is generation ${open!.generations}`);
  for (const child of open!.children!) rule(child.finished, () => `model ${child.id} has no end`);
  open!.children = null;
  open!.preprocessing = null;
  open!.generations += 1;
}
