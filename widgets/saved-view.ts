// A watched run in a notebook of JupyterLab or Notebook 7: the live widget if the front end has its model, and otherwise the
// still picture that was saved beside it, with one line that says why. By itself the widget manager would show "model not
// found", because by default it saves no widget state, and in an untrusted notebook it would show nothing.

import { Panel, Widget } from "@lumino/widgets";
import { VIEW_MIME } from "../src/wire/browser.js";
import type { Application, MimeModel, Renderer, RenderMime } from "./jupyterlab.js";
import { themed } from "./theme.js";

const WIDGET_MIME = "application/vnd.jupyter.widget-view+json";
/** Ranks before the widget manager's own renderer, which has rank -10. */
const RANK = -20;
/** Milliseconds between checks for the view. */
const LOOK_MS = 500;
/** Milliseconds that the live view may take before the line below the picture says that it isn't coming. */
const PATIENCE_MS = 6_000;

const REASONS = {
  untrusted: "A still picture, because this notebook is not trusted yet.",
  gone: "A still picture, because the kernel that drew it is gone. Run the cell again for a live one.",
  widgetless: "A still picture, because this front end has no widget manager (jupyterlab_widgets).",
} as const;

/** Makes `rendermime` show watched runs through `SavedView`. */
export function showSavedViews(rendermime: RenderMime, app: Application): void {
  const createRenderer = () => new SavedView(rendermime, app);
  // Safe, because an untrusted model is never made live, and its still picture is chosen among the safe types.
  rendermime.addFactory({ safe: true, mimeTypes: [VIEW_MIME], createRenderer }, RANK);
}

class SavedView extends Panel implements Renderer {
  readonly #rendermime: RenderMime;
  readonly #note: Note;
  #live: Renderer | undefined;
  #still: Renderer | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #factory: unknown;
  #observer: MutationObserver | undefined;

  constructor(rendermime: RenderMime, app: Application) {
    super();
    this.#rendermime = rendermime;
    this.#note = new Note(app);
    this.addClass("mulab-saved");
    this.addWidget(this.#note);
  }

  async renderModel(model: MimeModel): Promise<void> {
    const { [VIEW_MIME]: _, [WIDGET_MIME]: view, ...still } = model.data;
    if (!this.#isLive) await this.#showStill(model, still);
    if (!model.trusted) return this.#note.say("untrusted");
    if (view === undefined) return this.#note.say("gone");
    this.#renderLive(model);
    this.#lookForView(model);
  }

  /** Renders with the present renderer of widgets: a notebook's manager or, before it exists, a placeholder that stays empty. */
  #renderLive(model: MimeModel): void {
    const factory = this.#rendermime.getFactory(WIDGET_MIME);
    if (factory === undefined) {
      this.#note.say("widgetless");
      return;
    }
    if (this.#live === undefined || factory !== this.#factory) this.#makeLive();
    this.#factory = factory;
    // Its promise may wait for a kernel for ever, so this looks at what appears.
    this.#live!.renderModel(model).catch(() => this.#note.say("gone"));
  }

  /** Renders again until there is a view: the manager appears some time after the notebook's first outputs, and before it has read the notebook's saved state it reports models as "not found" that it will find later. */
  #lookForView(model: MimeModel): void {
    const began = performance.now();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      if (!this.#isLive) this.#renderLive(model);
      if (!this.#isLive && performance.now() - began < PATIENCE_MS) return;
      clearInterval(this.#timer);
      if (!this.#isLive) this.#note.say("gone");
    }, LOOK_MS);
  }

  override dispose(): void {
    clearInterval(this.#timer);
    this.#observer?.disconnect();
    super.dispose();
  }

  /** Whether the manager has inserted a view. Its messages ("Loading widget…", "model not found") are not elements. */
  get #isLive(): boolean {
    return (this.#live?.node.childElementCount ?? 0) > 0;
  }

  #makeLive(): void {
    this.#observer?.disconnect();
    this.#live?.dispose();
    const live = this.#rendermime.createRenderer(WIDGET_MIME);
    live.hide();
    this.insertWidget(0, live);
    this.#observer = new MutationObserver(() => this.#follow());
    this.#observer.observe(live.node, { childList: true, subtree: true, characterData: true });
    this.#live = live;
  }

  #follow(): void {
    if (this.#isLive) {
      this.#live!.show();
      this.#still?.hide();
      this.#note.hide();
      return;
    }
    this.#live!.hide();
    this.#still?.show();
  }

  async #showStill({ trusted, metadata }: MimeModel, data: Readonly<Record<string, unknown>>): Promise<void> {
    const mime = this.#rendermime.preferredMimeType(data, trusted ? "any" : "ensure");
    if (mime === undefined) return;
    const still = this.#rendermime.createRenderer(mime);
    await still.renderModel({ data, metadata, trusted, setData: () => {} });
    this.#still?.dispose();
    this.#still = still;
    this.insertWidget(0, still);
  }
}

/** The line below a still picture, with a button if one helps. */
class Note extends Widget {
  readonly #app: Application;
  readonly #unthemed: () => void;

  constructor(app: Application) {
    super();
    this.#app = app;
    this.addClass("mulab-still-note");
    this.#unthemed = themed(this.node, () => {});
    this.hide();
  }

  say(reason: keyof typeof REASONS): void {
    this.node.replaceChildren(REASONS[reason]);
    if (reason === "untrusted") this.node.append(" Run the cell again, or ", this.#trustButton(), ".");
    this.show();
  }

  #trustButton(): HTMLButtonElement {
    const button = document.createElement("button");
    button.textContent = "trust the notebook";
    button.addEventListener("click", () => void this.#app.commands?.execute("notebook:trust"));
    return button;
  }

  override dispose(): void {
    this.#unthemed();
    super.dispose();
  }
}
