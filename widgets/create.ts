// All models and views, made on an injected @jupyter-widgets/base: JupyterLab's own in the labextension, the page's in
// static HTML, the bundle's in tests.

import type * as JupyterBase from "@jupyter-widgets/base";
import { MODULE, MODULE_VERSION } from "../src/wire/browser.js";
import { ablationClientOf } from "./ablation-client.js";
import { adopted, type Holder, refocus, type Shown, watchFocus } from "./adopt.js";
import type { Panel, RunClient } from "./client.js";
import { listingClientOf } from "./listing-client.js";
import { lookingBack } from "./looking-back.js";
import { clientOf } from "./model-client.js";
import { ablationPanel } from "./panels/ablation.js";
import { accuracyPanel } from "./panels/accuracy.js";
import { architecturePanel } from "./panels/architecture.js";
import { comparePanel } from "./panels/compare/compare.js";
import { curvesPanel } from "./panels/curves.js";
import { dashboardPanel } from "./panels/dashboard.js";
import { detailsPanel } from "./panels/details.js";
import { boxed, framed } from "./panels/frame.js";
import { lineagePanel } from "./panels/lineage.js";
import { listingPanel } from "./panels/listing.js";
import { paretoPanel } from "./panels/pareto/pareto.js";
import { progressPanel } from "./panels/progress.js";
import { filmed } from "./panels/scrubber.js";
import { transferPanel } from "./panels/transfer.js";
import { themed } from "./theme.js";

export type Base = typeof JupyterBase;

/** The runs that `model` shows: those it names, or itself. */
const runsOf = (model: JupyterBase.DOMWidgetModel): JupyterBase.DOMWidgetModel[] =>
  (model.get("runs") as JupyterBase.DOMWidgetModel[] | undefined) ?? [model];

const one = (make: (run: RunClient) => Panel) => (model: JupyterBase.DOMWidgetModel) =>
  make(clientOf(runsOf(model)[0]!));

/** Adds the chosen model's details beside the panel. */
const detailed = (make: (run: RunClient) => Panel) => (run: RunClient) =>
  framed(make(run), [run], detailsPanel(run));

/** The same, with a slider over the moments of the run. */
const filmedDetailed = (make: (run: RunClient) => Panel) => (run: RunClient) =>
  framed(filmed(run, make), [run], detailsPanel(lookingBack(run)));

const many = (make: (runs: readonly RunClient[]) => Panel) => (model: JupyterBase.DOMWidgetModel) => {
  const runs = runsOf(model).map(clientOf);
  return framed(make(runs), runs);
};

/** A single run gets a slider over its moments. */
const filmedMany = (make: (runs: readonly RunClient[]) => Panel) =>
  many((runs) => (runs.length > 1 ? make(runs) : filmed(runs[0]!, (past) => make([past]))));

const names = (model: string, view: string) => ({
  _model_module: MODULE,
  _model_module_version: MODULE_VERSION,
  _model_name: model,
  _view_module: MODULE,
  _view_module_version: MODULE_VERSION,
  _view_name: view,
});

/** The state of one run; see src/wire/schema. */
const runModel = (base: Base) =>
  class RunModel extends base.DOMWidgetModel {
    override defaults() {
      return {
        ...super.defaults(),
        ...names("RunModel", "DashboardView"),
        selected: null,
        scale: null,
        failure: null,
      };
    }

    /** The base class copies values through JSON, so a saved notebook would lose the pages of columns. */
    override serialize(
      state: Record<string, unknown>,
    ): ReturnType<InstanceType<Base["DOMWidgetModel"]>["serialize"]> {
      const pages = Object.entries(state).filter(([, value]) => ArrayBuffer.isView(value));
      const others = Object.entries(state).filter(([, value]) => !ArrayBuffer.isView(value));
      // The base's type allows only JSON, though every front end sends views as buffers.
      return { ...super.serialize(Object.fromEntries(others)), ...(Object.fromEntries(pages) as object) };
    }
  };

/** A view with one picture of one or several runs. */
const pictureModel = (base: Base) =>
  class PictureModel extends base.DOMWidgetModel {
    static override serializers = {
      ...base.DOMWidgetModel.serializers,
      runs: { deserialize: base.unpack_models, serialize: base.pack_models },
    };

    override defaults() {
      return { ...super.defaults(), ...names("PictureModel", "LineageView"), runs: [] };
    }
  };

/** A view that shows a panel, or takes over the panel of a view that the page has just thrown away. */
function viewOf(base: Base, make: (model: JupyterBase.DOMWidgetModel) => Panel) {
  const holders = new WeakMap<JupyterBase.WidgetModel, Set<Holder>>();
  return class extends base.DOMWidgetView implements Holder {
    shown: Shown | undefined;
    wasPlaced = false;

    override render() {
      const others = holders.get(this.model) ?? new Set();
      holders.set(this.model, others.add(this));
      this.shown = adopted(others) ?? this.begin();
      const { panel } = this.shown;
      this.el.replaceChildren(panel.element);
      void this.displayed.then(() => {
        this.wasPlaced = true;
        refocus(panel);
      });
    }

    begin(): Shown {
      const panel = make(this.model);
      const { soon, forget } = updating(panel);
      return {
        panel,
        forget: [
          ...forget,
          themed(panel.element, () => panel.update()),
          watchFocus(panel),
          onChange(this.model, soon),
        ],
      };
    }

    override remove() {
      holders.get(this.model)?.delete(this);
      for (const forget of this.shown?.forget ?? []) forget();
      this.shown?.panel.dispose?.();
      return super.remove();
    }
  };
}

/** The exports of the widget module. */
export function create(
  base: Base,
): Record<string, typeof JupyterBase.WidgetModel | typeof JupyterBase.WidgetView> {
  const view = (make: (model: JupyterBase.DOMWidgetModel) => Panel) => viewOf(base, make);
  const PictureModel = pictureModel(base);
  return {
    RunModel: runModel(base),
    PictureModel,
    AblationModel: PictureModel,
    ListingModel: PictureModel,
    DashboardView: view(one((run) => dashboardPanel(run))),
    ProgressView: view(one((run) => boxed(progressPanel(run), [run]))),
    LineageView: view(one(filmedDetailed(lineagePanel))),
    ArchitectureView: view(one(filmedDetailed(architecturePanel))),
    TransferView: view(one(filmedDetailed(transferPanel))),
    ParetoView: view(filmedMany((runs) => paretoPanel(runs))),
    AccuracyView: view(many(accuracyPanel)),
    LearningView: view(one(detailed(curvesPanel))),
    CompareView: view((model) => {
      const runs = runsOf(model).map(clientOf);
      return framed(comparePanel(runs, (model.get("models") as (number | null)[] | undefined) ?? []), runs);
    }),
    ListingView: view((model) => listingPanel(listingClientOf(model))),
    AblationView: view((model) => ablationPanel(ablationClientOf(model))),
  };
}

/** Draws `panel` after a call of `soon`, at most once per frame and only while it is visible. */
function updating(panel: Panel): { soon: () => void; forget: (() => void)[] } {
  let frame = 0;
  let isStale = true;
  let isSeen = true;
  const draw = () => {
    frame = 0;
    if (!isSeen) return;
    isStale = false;
    panel.update();
  };
  const soon = () => {
    isStale = true;
    frame ||= requestAnimationFrame(draw);
  };
  const seen = new IntersectionObserver((entries) => {
    isSeen = entries.at(-1)!.isIntersecting;
    if (isSeen && isStale) soon();
  });
  seen.observe(panel.element);
  soon();
  return { soon, forget: [() => seen.disconnect(), () => cancelAnimationFrame(frame)] };
}

/** Calls `act` after any change of `model` or of a run that it shows, including runs added later. */
function onChange(model: JupyterBase.DOMWidgetModel, act: () => void): () => void {
  let forget: (() => void)[] = [];
  const listen = () => {
    for (const each of forget) each();
    forget = runsOf(model).map((run) => clientOf(run).subscribe(act));
    act();
  };
  listen();
  model.on("change", act);
  model.on("change:runs", listen);
  return () => {
    model.off("change", act);
    model.off("change:runs", listen);
    for (const each of forget) each();
  };
}
