// Widgets without Jupyter: the kernel's real comm layer in this process, the real widgets in headless Chromium, and
// between them nothing but messages.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { CommManager, toUint8Array } from "../../kernel/comm/comm.js";
import { type WidgetModel as KernelWidgetModel, removeBuffers, Widgets } from "../../kernel/comm/widget.js";
import { DISPLAY } from "../../kernel/display.js";
import { buildWidgets } from "../../scripts/build-widgets.mjs";

const DIST = new URL("../../dist/widgets/", import.meta.url);
export const path = (relative: string): string => fileURLToPath(new URL(relative, DIST));

let scripts: Promise<{ host: string; widgets: string }> | undefined;

async function bundles() {
  await buildWidgets();
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("./widgets-page.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
  });
  return { host: outputFiles[0]!.text, widgets: path("amd/index.js") };
}

export interface WidgetHost {
  readonly page: Page;
  /** Bytes of binary buffers and of JSON that went to the page. */
  readonly traffic: { messages: number; bytes: number };
  /** Resolves when the page has received all that was sent. */
  settled(): Promise<void>;
  /** What a notebook would save now. */
  saved(): SavedWidgets;
  /** Displays so far: the model's id and the bundle beside it. */
  readonly shown: { readonly id: string; readonly bundle: Record<string, unknown> }[];
  close(): void;
}

/** The state of all widgets as a notebook file holds it. */
export type SavedWidgets = Record<
  string,
  { state: Record<string, unknown>; buffers: { path: (string | number)[]; data: string }[] }
>;

const LAYER = Symbol.for("mulab.comms");

/** Puts a kernel layer where src/notebook finds it, and its other end into `page`. */
export async function hostWidgets(page: Page, theme: "light" | "dark"): Promise<WidgetHost> {
  scripts ??= bundles();
  const { host, widgets } = await scripts;
  const traffic = { messages: 0, bytes: 0 };
  let queue: Promise<unknown> = Promise.resolve();
  const send = (work: () => Promise<unknown>) => {
    queue = queue.then(work);
    queue.catch(() => {});
  };
  const comms = new CommManager({
    publish(msgType, content, { buffers = [] }) {
      const message = {
        msgType,
        content,
        buffers: buffers.map((bytes) => Buffer.from(bytes).toString("base64")),
      };
      traffic.messages += 1;
      traffic.bytes +=
        JSON.stringify(content).length + buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
      send(() => page.evaluate((m) => window.host.deliver(m as never), message));
    },
    bind: (handler) => handler,
    report: (error) => console.error(error),
  });
  const all = new Widgets(comms);
  const shown: { id: string; bundle: Record<string, unknown> }[] = [];
  const made: KernelWidgetModel[] = [];
  const display = (value: { id: string; [DISPLAY]?: () => Record<string, unknown> }) => {
    shown.push({ id: value.id, bundle: value[DISPLAY]!() });
    send(() => page.evaluate((id) => window.host.show(id), value.id));
    return { update: () => shown.push({ id: value.id, bundle: value[DISPLAY]!() }) };
  };
  const widget: Widgets["create"] = (state, options) => {
    const model = all.create(state, options);
    made.push(model);
    return model;
  };
  (globalThis as Record<symbol, unknown>)[LAYER] = { widget, display };
  await page.exposeFunction("toKernel", ({ msgType, content }: { msgType: string; content: never }) =>
    comms.handle(msgType, content, {}, []),
  );
  await page.setContent(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>widgets</title>
    <body data-jp-theme-light="${theme === "light"}" style="margin:0;padding:16px;background:${theme === "light" ? "#fff" : "#111"}"><style>.output{margin-bottom:16px}</style></body>`,
  );
  await page.addScriptTag({ content: host });
  await page.addScriptTag({ path: widgets });
  return {
    page,
    traffic,
    shown,
    saved: () =>
      Object.fromEntries(
        made.map((model) => {
          const { state, paths, buffers } = removeBuffers({ ...model.get() });
          const data = buffers.map((bytes) => Buffer.from(toUint8Array(bytes)).toString("base64"));
          return [model.id, { state, buffers: paths.map((path, i) => ({ path, data: data[i]! })) }];
        }),
      ),
    settled: async () => {
      await queue;
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
    },
    close: () => {
      delete (globalThis as Record<symbol, unknown>)[LAYER];
    },
  };
}
