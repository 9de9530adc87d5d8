// The widgets of a saved notebook in a self-contained page, without Jupyter, a kernel or downloads. The page holds the state
// of all models as nbconvert writes it; this makes the models and puts a view wherever the page names one.

import * as base from "@jupyter-widgets/base";
import { MODULE } from "../src/wire/browser.js";
import { create } from "./create.js";

interface SavedModel {
  readonly model_name: string;
  readonly model_module: string;
  readonly state: Record<string, unknown>;
  readonly buffers?: readonly { readonly path: (string | number)[]; readonly data: string }[];
}

const STATE = "application/vnd.jupyter.widget-state+json";
const VIEW = "application/vnd.jupyter.widget-view+json";

const scripts = (type: string): HTMLScriptElement[] =>
  Array.from(document.querySelectorAll<HTMLScriptElement>(`script[type="${type}"]`));
const decode = (text: string) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

/** Classes of models and views by name, including those of base that ours refer to. */
const classes: Readonly<Record<string, unknown>> = {
  ...create(base),
  LayoutModel: base.LayoutModel,
  StyleModel: base.StyleModel,
};

class SavedWidgets {
  readonly #saved = new Map<string, SavedModel>();
  readonly #models = new Map<string, Promise<base.WidgetModel>>();
  /** The part of a widget manager that models and views use. */
  readonly #manager = {
    get_model: (id: string) => this.model(id),
    has_model: (id: string) => this.#saved.has(id),
    callbacks: () => ({}),
    inline_sanitize: (text: string) => text,
    resolveUrl: async (url: string) => url,
  };

  constructor() {
    for (const { textContent } of scripts(STATE)) {
      const { state } = JSON.parse(textContent ?? "{}") as { state?: Record<string, SavedModel> };
      for (const [id, model] of Object.entries(state ?? {})) this.#saved.set(id, model);
    }
  }

  model(id: string): Promise<base.WidgetModel> {
    const known = this.#models.get(id);
    if (known) return known;
    const made = this.#make(id);
    this.#models.set(id, made);
    return made;
  }

  async #make(id: string): Promise<base.WidgetModel> {
    const saved = this.#saved.get(id);
    const Model = classes[saved?.model_name ?? ""] as typeof base.WidgetModel | undefined;
    if (!saved || !Model) throw new Error(`This page has no state for widget ${id}.`);
    const { state, buffers = [] } = saved;
    base.put_buffers(
      state as never,
      buffers.map(({ path }) => path),
      buffers.map(({ data }) => decode(data)),
    );
    const attributes = await Model._deserialize_state(state as never, this.#manager as never);
    return new Model(attributes, { model_id: id, widget_manager: this.#manager } as never);
  }

  /** True for our models; for those of other packages, the page keeps what it shows in their place. */
  isOurs(id: string): boolean {
    return this.#saved.get(id)?.model_module === MODULE;
  }

  async show(id: string, place: Element): Promise<void> {
    const model = await this.model(id);
    const View = classes[String(model.get("_view_name"))] as typeof base.DOMWidgetView;
    const view = new View({ model, options: {} } as never);
    await view.render();
    place.append(view.el);
    view.trigger("displayed", view);
    for (const still of document.querySelectorAll<HTMLElement>("[data-mulab-still]"))
      if (still.dataset.mulabStill === id)
        (still.closest<HTMLElement>(".jp-OutputArea-child, .output_area") ?? still).style.display = "none";
  }
}

function start(): void {
  const widgets = new SavedWidgets();
  for (const script of scripts(VIEW)) {
    const { model_id: id } = JSON.parse(script.textContent ?? "{}") as { model_id?: string };
    const place = script.parentElement;
    if (id === undefined || !place || !widgets.isOurs(id)) continue;
    widgets.show(id, place).catch((error: unknown) => {
      const textContent = `This widget can't be shown live: ${error instanceof Error ? error.message : String(error)}`;
      place.append(Object.assign(document.createElement("p"), { textContent }));
    });
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
