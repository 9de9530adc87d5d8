// The papers' benchmarks as lists of task names, in the papers' order. method.md §g.

import type { TaskName } from "../core/model.js";
import { DECATHLON } from "./catalog/decathlon.js";
import { VIT } from "./catalog/vit.js";
import { VTAB, VTAB_1K } from "./catalog/vtab.js";

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** Paper and section. */
  readonly source: string;
  readonly tasks: readonly TaskName[];
}

const names = (tasks: readonly { readonly name: TaskName }[]): TaskName[] => tasks.map(({ name }) => name);

/** The Multitask Character Classification Benchmark. */
export const CHARACTERS: readonly TaskName[] = [
  "emnist/digits",
  "emnist/letters",
  "kmnist",
  "mnist",
  "omniglot",
  "cmaterdb/bangla",
  "cmaterdb/devanagari",
  "cmaterdb/telugu",
];

export const BENCHMARKS: readonly Benchmark[] = [
  {
    name: "characters",
    title: "Multitask Character Classification Benchmark",
    source: "muNet §3.1, µ2Net §5.2",
    tasks: CHARACTERS,
  },
  {
    name: "decathlon",
    title: "Visual Domain Decathlon",
    source: "muNet §3.2, µ2Net §5.2",
    tasks: names(DECATHLON),
  },
  { name: "vit", title: "ViT tasks", source: "µ2Net §5.1", tasks: names(VIT) },
  {
    name: "vtab",
    title: "Visual Task Adaptation Benchmark, full",
    source: "µ2Net §5.2",
    tasks: names(VTAB),
  },
  {
    name: "vtab-1k",
    title: "Visual Task Adaptation Benchmark, 1,000 images per task",
    source: "µ2Net §5.2",
    tasks: names(VTAB_1K),
  },
];
