// The browser's half of the widget tests: a page with a manager of a few lines and mock comms, on the real
// @jupyter-widgets/base. Messages go to the test and come from it as JSON, buffers as base64.

import * as base from "@jupyter-widgets/base";

interface Message {
  readonly msgType: "comm_open" | "comm_msg" | "comm_close";
  readonly content: {
    readonly comm_id: string;
    readonly data: { state?: Record<string, unknown>; buffer_paths?: (string | number)[][]; method?: string };
  };
  readonly buffers: readonly string[];
}

declare global {
  interface Window {
    toKernel(message: Message): Promise<void>;
    host: Host;
    widgetModule: Record<string, typeof base.DOMWidgetModel | typeof base.DOMWidgetView>;
    define(names: string[], make: (b: typeof base) => Window["widgetModule"]): void;
  }
}

const decode = (text: string): DataView =>
  new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

window.define = (_names, make) => {
  window.widgetModule = make(base);
};

class Host {
  readonly models = new Map<string, Promise<base.DOMWidgetModel>>();

  readonly manager = {
    get_model: (id: string) => this.models.get(id),
    has_model: (id: string) => this.models.has(id),
    callbacks: () => ({}),
    inline_sanitize: (text: string) => text,
    resolveUrl: async (url: string) => url,
  };

  async deliver({ msgType, content, buffers }: Message): Promise<void> {
    if (msgType === "comm_open") {
      const made = this.#open(content.comm_id, content.data, buffers);
      this.models.set(content.comm_id, made);
      await made;
      return;
    }
    const model = await this.models.get(content.comm_id);
    if (!model) return;
    const message = { content, buffers: buffers.map(decode), parent_header: {} };
    if (msgType === "comm_msg") await model._handle_comm_msg(message as never);
    else model._handle_comm_closed(message as never);
  }

  async #open(
    id: string,
    data: Message["content"]["data"],
    buffers: readonly string[],
  ): Promise<base.DOMWidgetModel> {
    const state = data.state ?? {};
    base.put_buffers(state as never, data.buffer_paths ?? [], buffers.map(decode));
    return this.#make(id, state, {
      comm_id: id,
      on_msg() {},
      on_close() {},
      close() {},
      open() {},
      send: (body: object) => {
        void window.toKernel({ msgType: "comm_msg", content: { comm_id: id, data: body }, buffers: [] });
        return "message";
      },
    });
  }

  /** A model with a comm, or, as in a saved notebook, without. */
  async #make(id: string, state: Record<string, unknown>, comm?: object): Promise<base.DOMWidgetModel> {
    const Model = window.widgetModule[state._model_name as string] as typeof base.DOMWidgetModel;
    const attributes = await Model._deserialize_state(state as never, this.manager as never);
    return new Model(attributes, { model_id: id, comm, widget_manager: this.manager } as never);
  }

  /** Makes the models of a saved notebook; they have no comm. */
  async restore(
    states: Record<
      string,
      { state: Record<string, unknown>; buffers: { path: (string | number)[]; data: string }[] }
    >,
  ) {
    for (const [id, { state, buffers }] of Object.entries(states)) {
      base.put_buffers(
        state as never,
        buffers.map(({ path }) => path),
        buffers.map(({ data }) => decode(data)),
      );
      this.models.set(id, this.#make(id, state));
    }
    await Promise.all(this.models.values());
  }

  /** Shows a model's view below what is there. */
  async show(id: string): Promise<void> {
    const model = await this.models.get(id)!;
    const View = window.widgetModule[model.get("_view_name") as string] as typeof base.DOMWidgetView;
    const view = new View({ model, options: {} } as never);
    const place = document.createElement("div");
    place.className = "output";
    place.dataset.view = model.get("_view_name") as string;
    document.body.append(place);
    await view.render();
    place.append(view.el);
    view.trigger("displayed", view);
  }

  async disconnect(): Promise<void> {
    for (const model of this.models.values()) (await model).comm_live = false;
  }
}

window.host = new Host();
