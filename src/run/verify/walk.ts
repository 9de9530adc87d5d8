// What the events of a run claim, walked on their own: deliberately not the fold that the evolver runs on (core/state), so
// that a fault there can't hide here. Every broken rule is noted and the walk goes on.

import type { Shape } from "../../core/components.js";
import type { Event, TaskRecord } from "../../core/event.js";
import type { Layer, ModelId, Plan, TaskName } from "../../core/model.js";
import { pathProblems, posembedProblems, shapeProblems } from "./path.js";

export interface WalkedModel {
  readonly id: ModelId;
  readonly task: TaskName | null;
  readonly parent: WalkedModel | null;
  readonly shape: Shape;
  /** Null for the root. */
  readonly plan: Plan | null;
  /** Gradient steps at each validation. */
  readonly validated: number[];
  /** The best of all validations. */
  accuracy: number;
  /** Null before its end, and for a child that was discarded or failed. */
  path: readonly Layer[] | null;
  finished: boolean;
}

export interface Walk {
  readonly tasks: ReadonlyMap<TaskName, TaskRecord>;
  /** Tasks whose models were removed. */
  readonly forgotten: ReadonlySet<TaskName>;
  readonly models: readonly WalkedModel[];
  /** The root's position embedding at other image sizes, which any child may begin with. */
  readonly posembeds: readonly Layer[];
  /** The root, every task's survivor, and the candidates of an activation that is still open: the run needs their layers. */
  readonly live: readonly WalkedModel[];
  /** Broken rules, each with the number of its effective event. */
  readonly failures: readonly string[];
}

interface Open {
  readonly task: TaskName;
  readonly seeds: readonly ModelId[];
  readonly candidates: ModelId[];
  generations: number;
  /** Children of the generation in flight; null between generations. */
  children: WalkedModel[] | null;
}

/** Whether `task` may build on what was trained on `owner`; a task that is not of this run is nobody's to read. */
export const mayRead = (tasks: Walk["tasks"], task: TaskName | null, owner: TaskName): boolean =>
  owner === task || tasks.get(owner)?.access === "public";

/** `model` and its ancestors, nearest first. */
export function lineage(model: WalkedModel): WalkedModel[] {
  const found: WalkedModel[] = [];
  for (let at: WalkedModel | null = model; at; at = at.parent) found.push(at);
  return found;
}

/** Walks the effective events of a run. */
export function walkEvents(events: readonly Event[]): Walk {
  const tasks = new Map<TaskName, TaskRecord>();
  const models = new Map<ModelId, WalkedModel>();
  const retained = new Map<TaskName, ModelId>();
  const forgotten = new Set<TaskName>();
  const tested = new Set<ModelId>();
  /** How often each task was active, over all of its lives. */
  const activations = new Map<TaskName, number>();
  const failures: string[] = [];
  let posembeds: readonly Layer[] = [];
  let open: Open | null = null;
  let ended = false;

  for (const [index, event] of events.entries()) {
    const rule = (holds: boolean, broken: () => string): boolean => {
      if (!holds) failures.push(`event ${index + 1} (${event.type}): ${broken()}`);
      return holds;
    };
    const reopens = event.type === "run-extended" || event.type === "task-forgotten";
    rule(!ended || reopens, () => "it comes after the end of the run");
    rule(index !== 0 || event.type === "run-started", () => "a run begins with run-started");
    const activation: Open | null = open;
    const childOf = (id: ModelId) => {
      const child = activation?.children?.find((c) => c.id === id);
      rule(
        child !== undefined && !child.finished,
        () => `model ${id} is no unfinished child of this generation`,
      );
      return child;
    };
    switch (event.type) {
      case "run-started": {
        rule(index === 0, () => "the run has begun already");
        for (const task of event.tasks) {
          rule(!tasks.has(task.name), () => `task "${task.name}" is listed twice`);
          tasks.set(task.name, task);
        }
        break;
      }
      case "root-added": {
        if (!rule(models.size === 0, () => "there is a root already")) break;
        const { path, shape, hyperparams } = event;
        models.set(0, {
          id: 0,
          task: null,
          parent: null,
          shape,
          plan: null,
          validated: [],
          accuracy: 0,
          path,
          finished: true,
        });
        posembeds = event.posembeds ?? [];
        for (const broken of [
          ...pathProblems(path, shape),
          ...posembedProblems(posembeds, shape),
          ...shapeProblems(shape, hyperparams, shape),
        ])
          rule(false, () => broken);
        for (const { name, history } of path)
          rule(history.length === 0, () => `the root's ${name} was trained in the run`);
        break;
      }
      case "activation-started": {
        const { task, seeds } = event;
        rule(!activation, () => `the activation of "${activation?.task}" has not ended`);
        rule(tasks.has(task), () => `task "${task}" is not of this run`);
        const iteration = activations.get(task) ?? 0;
        rule(event.iteration === iteration, () => `it is iteration ${iteration} of "${task}"`);
        activations.set(task, iteration + 1);
        rule(new Set(seeds).size === seeds.length, () => "a seed is listed twice");
        for (const id of seeds) {
          const seed = models.get(id);
          const kept = seed && (seed.task === null || retained.get(seed.task) === id);
          rule(kept === true && seed?.task !== task, () => `seed ${id} is no retained model of another task`);
          rule(
            !seed?.task || mayRead(tasks, task, seed.task),
            () => `seed ${id} belongs to the private task "${seed?.task}"`,
          );
        }
        const survivor = retained.get(task);
        open = {
          task,
          seeds,
          candidates: survivor === undefined ? [] : [survivor],
          generations: 0,
          children: null,
        };
        break;
      }
      case "generation-started":
        if (!rule(activation !== null && !activation.children, () => "no activation is waiting for one"))
          break;
        rule(
          event.generation === activation!.generations,
          () => `it is generation ${activation!.generations}`,
        );
        activation!.children = [];
        break;
      case "child-planned": {
        const { plan } = event;
        const parent = models.get(plan.parent);
        rule(plan.child === models.size, () => `the next model is ${models.size}, not ${plan.child}`);
        rule(plan.task === activation?.task, () => `task "${plan.task}" is not active`);
        rule(plan.shape.classes === tasks.get(plan.task)?.classes, () => `"${plan.task}" has other classes`);
        const able = activation && [...activation.seeds, ...activation.candidates].includes(plan.parent);
        rule(
          parent !== undefined && able === true,
          () => `model ${plan.parent} is neither seed nor candidate`,
        );
        rule(
          !parent?.task || mayRead(tasks, plan.task, parent.task),
          () => `its parent ${plan.parent} is private`,
        );
        rule(
          (plan.reference !== null) === (parent?.task === plan.task),
          () => "only a parent of the same task is to be beaten",
        );
        for (const broken of shapeProblems(plan.shape, plan.hyperparams, models.get(0)?.shape))
          rule(false, () => broken);
        const child: WalkedModel = {
          id: plan.child,
          task: plan.task,
          parent: parent ?? null,
          shape: plan.shape,
          plan,
          validated: [],
          accuracy: 0,
          path: null,
          finished: false,
        };
        models.set(plan.child, child);
        rule(activation?.children?.push(child) !== undefined, () => "no generation is open");
        break;
      }
      case "child-validated": {
        const child = childOf(event.child);
        rule(event.cycle === child?.validated.length, () => `its next cycle is ${child?.validated.length}`);
        rule(
          event.steps > (child?.validated.at(-1) ?? 0),
          () => `${event.steps} steps are no more than before`,
        );
        child?.validated.push(event.steps);
        if (child) child.accuracy = Math.max(child.accuracy, event.accuracy);
        break;
      }
      case "child-finished": {
        const child = childOf(event.child);
        if (!child) break;
        child.finished = true;
        if (event.outcome.result !== "improved") break;
        rule(child.validated.length > 0, () => `model ${child.id} was never validated`);
        const score = child.accuracy * child.plan!.sizeFactor;
        rule(event.outcome.score === score, () => `the score of model ${child.id} is ${score}`);
        const { reference } = child.plan!;
        rule(reference === null || score >= reference, () => `model ${child.id} has ${reference} to beat`);
        child.path = event.outcome.path;
        activation!.candidates.push(child.id);
        for (const broken of pathProblems(child.path, child.shape)) rule(false, () => broken);
        break;
      }
      case "generation-ended": {
        if (!rule(activation?.children != null, () => "no generation is open")) break;
        rule(
          event.generation === activation!.generations,
          () => `it is generation ${activation!.generations}`,
        );
        for (const child of activation!.children!) rule(child.finished, () => `model ${child.id} has no end`);
        activation!.children = null;
        activation!.generations += 1;
        break;
      }
      case "activation-ended": {
        const { task, retained: winner } = event;
        if (!rule(activation?.task === task && !activation.children, () => `"${task}" is not active`)) break;
        if (winner === null)
          rule(activation!.candidates.length === 0, () => "it retains none of its candidates");
        else if (rule(activation!.candidates.includes(winner), () => `model ${winner} is no candidate`))
          retained.set(task, winner);
        open = null;
        break;
      }
      case "model-tested": {
        const { task } = models.get(event.model) ?? {};
        rule(!tested.has(event.model), () => `model ${event.model} was tested before`);
        tested.add(event.model);
        rule(
          task != null && retained.get(task) === event.model,
          () => `model ${event.model} is not retained`,
        );
        break;
      }
      case "run-ended":
        rule(!activation, () => "an activation is open");
        ended = true;
        break;
      case "run-extended":
        rule(!activation, () => "an activation is open");
        for (const task of event.tasks) {
          rule(
            !tasks.has(task.name) || forgotten.has(task.name),
            () => `task "${task.name}" is listed twice`,
          );
          tasks.set(task.name, task);
          forgotten.delete(task.name);
        }
        for (const name of event.schedule)
          rule(tasks.has(name) && !forgotten.has(name), () => `task "${name}" is not of this run`);
        ended = false;
        break;
      case "task-forgotten":
        rule(!activation, () => "an activation is open");
        rule(tasks.has(event.task), () => `task "${event.task}" is not of this run`);
        retained.delete(event.task);
        forgotten.add(event.task);
        break;
      case "run-resumed":
        rule(false, () => "it is no effective event");
        break;
      default:
        event satisfies never;
    }
  }
  const needed = new Set<ModelId>([0, ...retained.values(), ...(open?.candidates ?? [])]);
  const all = [...models.values()];
  return { tasks, forgotten, models: all, posembeds, live: all.filter(({ id }) => needed.has(id)), failures };
}
