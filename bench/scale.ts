// The cost of bookkeeping in a large system: an artificial network of 1,000 tasks, 64,000 children and 24 blocks; per event
// and per planned child, with and without size in the score. Run: npm run bench -- scale

import { pathToFileURL } from "node:url";
import { BACKBONES, componentNames, componentParamCount, type Shape } from "../src/core/components.js";
import type { Event, TaskRecord } from "../src/core/event.js";
import { List } from "../src/core/list.js";
import { type Method, mu2net } from "../src/core/methods.js";
import type { Layer, LayerId, Model, TaskName } from "../src/core/model.js";
import { applyMutations, samplePreprocessing } from "../src/core/mutate.js";
import { rngFromSeed } from "../src/core/rng.js";
import { sampleParent, sampleSeeds } from "../src/core/sample.js";
import { applyEvent, emptyState, type State } from "../src/core/state.js";
import { handTask } from "../test/support/models.js";

const CHILDREN = 8;
const GENERATIONS = 8;

/** A system of `tasks` tasks, `perTask` children each; about a third of the survivors' layers are their own. */
export function bigSystem(tasks: number, perTask: number, method: Method, seed = 1): State {
  const rng = rngFromSeed(seed);
  const shape: Shape = {
    backbone: BACKBONES["Ti/16"],
    imageSize: 32,
    blocks: 24,
    adapters: [],
    adapterDim: 32,
    classes: 10,
  };
  const layersOf = (by: string, task: TaskName | null): Layer[] =>
    componentNames(shape).map((name) => ({
      name,
      id: `${by}/${name}` as LayerId,
      paramCount: componentParamCount(name, shape),
      history: task === null ? [] : [{ task, steps: 8 }],
    }));
  const hyperparams = { ...method.defaults, imageSize: 32, blocks: 24 };
  const root: Model = {
    id: 0,
    parent: null,
    task: null,
    shape,
    hyperparams,
    mutations: [],
    birth: null,
    status: "root",
    path: layersOf("root", null),
    evaluations: [],
    accuracy: null,
    testAccuracy: null,
    steps: 0,
    selections: {},
  };
  const records: TaskRecord[] = [];
  const retained: Record<TaskName, number> = {};
  const survivors: Model[] = [root];
  const models = List.of<Model>([root]).draft();
  for (let t = 0; t < tasks; t++) {
    const task = `task${t}`;
    records.push(handTask(task, t % 10 === 9 ? "private" : "public"));
    const open = survivors.filter(({ task: by }) => by === null || Number(by.slice(4)) % 10 !== 9);
    const parent = open[rng.int(open.length)]!;
    for (let c = 0; c < perTask; c++) {
      const id = models.length;
      const isLast = c === perTask - 1;
      const own = isLast ? layersOf(String(id), task) : [];
      const model: Model = {
        ...root,
        id,
        parent: parent.id,
        task,
        status: isLast ? "retained" : "discarded",
        birth: { iteration: 0, generation: Math.floor(c / CHILDREN) },
        path: isLast
          ? parent.path.map((layer, i) => (layer.name === "head" || rng.uniform() < 0.3 ? own[i]! : layer))
          : [],
        accuracy: 0.5 + rng.uniform() / 4,
        testAccuracy: 0.5,
      };
      models.push(model);
      if (!isLast) continue;
      retained[task] = id;
      survivors.push(model);
    }
  }
  return { ...emptyState, tasks: records, models: models.done(), retained, activations: tasks };
}

interface Costs {
  /** CPU milliseconds per child that is planned. */
  readonly planMs: number;
  /** CPU microseconds per event that is applied. */
  readonly eventUs: number;
}

/** CPU time, because the machine may be busy with other work. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Plans and applies one activation of a public task: 64 children, a third of them candidates. */
function costsOf(start: State, method: Method): Costs {
  const events: Event[] = [];
  let state = start;
  const apply = (event: Event): void => {
    events.push(event);
    state = applyEvent(state, event);
  };
  const bothMs = cpuMs(() => activation(() => state, apply, start.tasks.at(-2)!.name, method));
  const applyMs = cpuMs(() => {
    state = start;
    for (const event of events) state = applyEvent(state, event);
  });
  return { planMs: (bothMs - applyMs) / (GENERATIONS * CHILDREN), eventUs: (1000 * applyMs) / events.length };
}

function activation(now: () => State, apply: (event: Event) => void, task: TaskName, method: Method): void {
  const rng = rngFromSeed(2);
  const root = now().models.get(0)!;
  const seeds = sampleSeeds(now(), task, method, rng.child("seeds"));
  apply({ type: "activation-started", iteration: 1, task, seeds });
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const draw = rng.child(`g${generation}`);
    const preprocessing = samplePreprocessing(now(), method, draw.child("preprocessing"));
    apply({ type: "generation-started", generation, preprocessing });
    const first = now().models.length;
    for (let c = 0; c < CHILDREN; c++) {
      const { parent, rule } = sampleParent(now(), method, draw.child(`parent${c}`));
      const mutate = rule !== "seed-unmutated";
      const from = { child: first + c, parent, task, classes: 10, preprocessing, mutate };
      const plan = applyMutations(from, now(), method, draw.child(`mutate${c}`));
      apply({ type: "child-planned", plan, rule });
    }
    for (let child = first; child < first + CHILDREN; child++) {
      for (let cycle = 0; cycle < 4; cycle++)
        apply({ type: "child-validated", child, cycle, steps: 8, accuracy: 0.5 + child / 1e6, loss: 1 });
      const path = root.path.map((layer) => ({ ...layer, id: `${child}/${layer.name}` as LayerId }));
      apply({
        type: "child-finished",
        child,
        outcome: child % 3 === 0 ? { result: "improved", score: 0.5, path } : { result: "discarded" },
      });
    }
    apply({ type: "generation-ended", generation });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const methods: [string, Method][] = [
    ["µ2Net, s = 1", mu2net],
    ["µ2Net, s = 0.3", { ...mu2net, scaleFactor: 0.3 }],
  ];
  for (const [name, method] of methods)
    for (const tasks of [10, 100, 1000]) {
      const state = bigSystem(tasks, 64, method);
      const all = Array.from({ length: 6 }, () =>
        costsOf({ ...state, retained: { ...state.retained } }, method),
      ).slice(1); // the first one compiles; each one lists the users again
      const least = (value: (costs: Costs) => number) => Math.min(...all.map(value));
      const plan = least(({ planMs }) => planMs).toFixed(3);
      const event = least(({ eventUs }) => eventUs).toFixed(1);
      console.log(
        `${name}, ${tasks} tasks, ${state.models.length - 1} children: ${plan} ms per planned child, ${event} µs per event`,
      );
    }
}
