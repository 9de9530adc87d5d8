/**
 * `Deno.jupyter` as cells of Deno's kernel use it, so that their notebooks show their output here.
 *
 * A variable of the cells, made for the first cell that mentions it: a global `Deno` would make packages believe that they run there.
 */
import type { KernelLayer } from "./comm/layer.js";
import type { MimeBundle } from "./display.js";
import { html, image, md, svg } from "./display-helpers.js";
import type { SendOptions } from "./io.js";

/** How TypeScript sees it. */
const TYPE = `{ readonly jupyter: {
  display(value: unknown, options?: { raw?: boolean; update?: boolean; display_id?: string }): Promise<void>;
  broadcast(msgType: string, content: object, extra?: { metadata?: object; buffers?: Uint8Array[] }): Promise<void>;
  html(strings: TemplateStringsArray, ...values: unknown[]): object;
  md(strings: TemplateStringsArray, ...values: unknown[]): object;
  svg(strings: TemplateStringsArray, ...values: unknown[]): object;
  image(source: Uint8Array | string): object;
  readonly $display: unique symbol;
} }`;

interface DenoParts {
  readonly layer: KernelLayer;
  /** Publishes a message of the cell that runs. */
  publish(msgType: string, content: object, options: SendOptions): void;
  define(name: string, value: unknown, type: string): void;
}

/** Returns what to call with the text of each cell before it runs. */
export function denoFor({ layer, publish, define }: DenoParts): (code: string) => void {
  const jupyter = {
    $display: Symbol.for("Jupyter.display"),
    html,
    md,
    svg,
    image,
    async display(
      value: unknown,
      { raw, update = false, display_id: id }: { raw?: boolean; update?: boolean; display_id?: string } = {},
    ) {
      const named = id === undefined ? {} : { id };
      if (raw) layer.displayBundle(value as MimeBundle, { update, ...named });
      else layer.display(value, named);
    },
    async broadcast(
      msgType: string,
      content: object,
      { metadata = {}, buffers = [] }: { metadata?: object; buffers?: Uint8Array[] } = {},
    ) {
      publish(msgType, content, { metadata, buffers });
    },
  };
  let isDefined = false;
  return (code) => {
    if (isDefined || !code.includes("Deno.jupyter")) return;
    isDefined = true;
    define("Deno", { jupyter }, TYPE);
  };
}
