// An ablation beside a run, as one widget model: receives what should differ, starts the variant from the same seed in a
// folder beside the run's, and adds it to the panel's runs. A variant that already has a folder is continued.

import type { Experiment } from "../core/experiment.js";
import type { HyperparamName } from "../core/hyperparams.js";
import { settingsOf } from "../experiments/overrides.js";
import { methodLabel } from "../format/method-names.js";
import type { Changes } from "../sweep/changes.js";
import {
  type AblationChanges,
  type AblationSettings,
  type AblationWire,
  changeName,
  changesOf,
  changeWords,
  type Variant,
  variantName,
} from "../wire/ablation.js";
import type { WidgetModel } from "./layer.js";
import { type LiveRun, type Watchable, widgetNames } from "./live-run.js";

/** Opens, in `dir`, the run that differs from the watched one by `changes`. */
export type StartVariant = (dir: string, changes: Changes) => Promise<Watchable>;

interface Parts {
  readonly run: Watchable;
  readonly start: StartVariant;
  /** Opens the widget with its first state. */
  readonly make: (state: Record<string, unknown>) => WidgetModel;
  /** The live view of a run, called `name` if it is a variant. */
  readonly live: (run: Watchable, name?: string) => LiveRun;
  /** Receives every variant that is opened. */
  readonly onVariant?: (live: LiveRun) => void;
}

/** µ for methods that don't search it. */
const SOME_MU = [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1];

export class LiveAblation {
  readonly widget: WidgetModel;
  readonly #parts: Parts;
  readonly #settings: AblationSettings;
  readonly #variants: Variant[] = [];
  readonly #lives: LiveRun[];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#settings = ablationSettings(parts.run.experiment);
    this.#lives = [parts.live(parts.run)];
    this.widget = parts.make({
      ...widgetNames("AblationModel", "AblationView"),
      ...this.#state(null, false),
    });
    this.widget.onCustom(({ command, changes }) => {
      if (command === "ablate") void this.ablate(changes);
    });
  }

  get lives(): readonly LiveRun[] {
    return this.#lives;
  }

  /** Starts the variant that `wish` describes; never throws, because the panel shows errors. */
  async ablate(wish: unknown): Promise<void> {
    const changes = changesOf(wish, this.#settings);
    if (!changes) return this.#show("Nothing differs from the run. Change something first.", true);
    const name = changeName(changes);
    const words = changeWords(changes);
    if (this.#variants.some((variant) => variant.name === name))
      return this.#show(`The variant ${words} is already shown.`, true);
    this.#show(`Opening the variant ${words} …`, false);
    const { run, live, start } = this.#parts;
    try {
      const variant = await start(`${run.dir}-ablation/${name}`, inKernelWords(changes));
      this.#variants.push({ name, words });
      const opened = live(variant, variantName(methodLabel(variant.experiment.method).curve, changes));
      this.#lives.push(opened);
      this.#show(variant.status === "ended" ? `The variant ${words} had already ended.` : null, false);
      this.#parts.onVariant?.(opened);
    } catch (error) {
      this.#show(error instanceof Error ? error.message : String(error), true);
    }
  }

  #show(message: string | null, isError: boolean): void {
    this.widget.set(this.#state(message, isError));
  }

  #state(message: string | null, isError: boolean): Record<string, unknown> {
    const wire: AblationWire = {
      settings: this.#settings,
      variants: [...this.#variants],
      message,
      isError,
    };
    return { ...wire, runs: this.#lives.map(({ widget }) => `IPY_MODEL_${widget.id}`) };
  }
}

/** The settings of `experiment` that a panel can change. */
export function ablationSettings(experiment: Experiment): AblationSettings {
  const { method } = experiment;
  const values = settingsOf(experiment).get("mutationProbability")?.values as readonly number[] | undefined;
  const mu = method.defaults.mutationProbability;
  const [fewest, most] = method.blocksRange;
  return {
    adapters: method.insertAdapters,
    tuning: method.tuneHyperparams,
    depth: fewest === most ? null : true,
    cloneUnlocked: method.autoCloneUnlocked,
    scaleFactor: method.scaleFactor,
    rootParams: method.rootParams,
    mu,
    muValues: values ?? [...new Set([...SOME_MU, mu])].sort((a, b) => a - b),
    tuned: Object.keys(method.search),
  };
}

const inKernelWords = ({ cloneUnlocked, mu, held, ...others }: AblationChanges): Changes => ({
  ...others,
  ...(mu !== undefined && { mutationProbability: mu }),
  ...(held && { held: held as readonly HyperparamName[] }),
  ...(cloneUnlocked !== undefined && { set: { autoCloneUnlocked: cloneUnlocked } }),
});
