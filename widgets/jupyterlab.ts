// The few interfaces of JupyterLab 4 and Notebook 7 that the extension uses. Written out here because JupyterLab's packages
// are large and only their types would be used.

import type { Widget } from "@lumino/widgets";

export interface MimeModel {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly trusted: boolean;
  setData(options: unknown): void;
}

export interface Renderer extends Widget {
  renderModel(model: MimeModel): Promise<void>;
}

export interface RenderMime {
  addFactory(
    factory: { safe: boolean; mimeTypes: readonly string[]; createRenderer(): Renderer },
    rank: number,
  ): void;
  createRenderer(mimeType: string): Renderer;
  getFactory(mimeType: string): unknown;
  preferredMimeType(bundle: Readonly<Record<string, unknown>>, safe: "any" | "ensure"): string | undefined;
}

export interface Application {
  readonly commands?: { execute(id: string): Promise<unknown> };
  readonly docRegistry?: {
    addWidgetExtension(
      factory: string,
      extension: { createNew(panel: { content: { rendermime: RenderMime } }): void },
    ): unknown;
  };
}
