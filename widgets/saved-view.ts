// A watched run in a notebook of JupyterLab or Notebook 7, whatever the front end has kept of it: the live widget where its
// model is there, and otherwise the still picture that was saved beside it, with one line that says why. The widget
// manager alone would show "model not found", because by default it saves no widget state, and in a notebook that is not
// trusted it would show nothing.

import { Panel, Widget } from "@lumino/widgets";
import { VIEW_MIME } from "../src/wire/browser.js";
import type { Application, MimeModel, Renderer, RenderMime } from "./jupyterlab.js";
import { themed } from "./theme.js";

const WIDGET_MIME = "application/vnd.jupyter.widget-view+json";
/** Before the widget manager's own renderer, which has rank -10. */
const RANK = -20;
/** Between looks for the view, in milliseconds. */
const LOOK_MS = 500;
/** How long the live view may take before the line below the picture says that it isn't coming, in milliseconds. */
const PATIENCE_MS = 6_000;

const REASONS = {
  untrusted: "A still picture, because this notebook is not trusted yet.",
  gone: "A still picture, because the kernel that drew it is gone. Run the cell again for a live one.",
  widgetless: "A still picture, because this front end has no widget manager (jupyterlab_widgets).",
} as const;

/** Has watched runs in what `rendermime` renders shown through `SavedView`. */
export function showSavedViews(rendermime: RenderMime, app: Application): void {
  const createRenderer = () => new SavedView(rendermime, app);
  // Safe: an untrusted model is never made live, and its still is chosen among the safe types.
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

  /** Renders by what renders widgets now: a notebook's manager, or, before that is there, a placeholder that stays empty. */
  #renderLive(model: MimeModel): void {
    const factory = this.#rendermime.getFactory(WIDGET_MIME);
    if (factory === undefined) {
      this.#note.say("widgetless");
      return;
    }
    if (this.#live === undefined || factory !== this.#factory) this.#makeLive();
    this.#factory = factory;
    // Its promise may wait for a kernel for ever: what counts is what appears.
    this.#live!.renderModel(model).catch(() => this.#note.say("gone"));
  }

  /**
   * Renders again until there is a view: the manager comes to a notebook some time after its first outputs, and what it
   * says of a model before it has read the notebook's saved state ("not found") is not its last word.
   */
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

  /** Whether the manager has put a view in place. Its texts ("Loading widget…", "model not found") are not elements. */
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

/** The line below a still picture, with a button where one helps. */
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
