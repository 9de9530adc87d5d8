// All figures: first those of sweeps, then those of one network, then those that need a run. Each figure is a file of this
// folder, with the source of its rows, its spec or scene, its name and its title.

import type { FigureDefinition } from "../drawing.js";
import { ablation } from "./ablation.js";
import { access } from "./access.js";
import { architecture } from "./architecture.js";
import { compute } from "./compute.js";
import { continualChart } from "./continual.js";
import { curves } from "./curves.js";
import { differences } from "./differences.js";
import { exchange } from "./exchange.js";
import { final } from "./final.js";
import { flow } from "./flow.js";
import { growth } from "./growth.js";
import { layers } from "./layers.js";
import { learning } from "./learning.js";
import { lineage } from "./lineage.js";
import { pareto } from "./pareto.js";
import { qualitySize } from "./quality-size.js";
import { sampled } from "./sampled.js";
import { schedule } from "./schedule.js";
import { selectionBias } from "./selection-bias.js";
import { shared } from "./shared.js";
import { spread } from "./spread.js";
import { tasks } from "./tasks.js";
import { transfer } from "./transfer.js";

export const FIGURES: readonly FigureDefinition[] = [
  ...[qualitySize, ablation, compute, curves, sampled, final, spread, differences, tasks, selectionBias],
  ...[architecture, shared, exchange, flow, schedule],
  ...[growth, continualChart, learning, pareto, transfer, access, layers, lineage],
];
