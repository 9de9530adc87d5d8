// How VS Code and pages of ipywidgets' html-manager find a widget's code: at NAME@VERSION/dist/index.js of a CDN of npm packages. A
// server on this machine stands in for the CDN, with the package as it is published.

import { createReadStream } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { widgetNames } from "../../src/notebook/live-run.js";
import { chromiumPath, launchChromium } from "../support/chromium.js";
import { requireOrSkip } from "../support/lab-require.js";
import { installed } from "../support/tarball.js";

const canRun = requireOrSkip(
  "widgets from a CDN",
  chromiumPath() === undefined ? ["Chromium (apt-get install chromium; or set MULAB_CHROMIUM)"] : [],
);

/** The address of a widget's code, as ipywidgets' html-manager and VS Code make it. */
function addressOf(cdn: string, module: string, version: string): string {
  const parts = module.split("/");
  const name = module.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0]!;
  const file = module.slice(name.length + 1) || "index";
  return `${cdn}${name}@${version}/dist/${file}.js`;
}

/** An AMD loader of a few lines with a stand-in for base: what it is given is what a front end's loader is given. */
const LOADER = `
  window.base = { DOMWidgetModel: class {}, DOMWidgetView: class {}, WidgetModel: class {}, WidgetView: class {} };
  window.define = (names, make) => {
    if (String(names) !== "@jupyter-widgets/base") throw new Error("asks for " + names);
    window.loaded = make(window.base);
  };
  window.define.amd = {};`;

describe.skipIf(!canRun)("the widgets' code", () => {
  let server: Server;
  let browser: Browser;
  let cdn: string;

  beforeAll(async () => {
    const { version } = (await import(join(installed(), "package.json"), { with: { type: "json" } }))
      .default as { version: string };
    server = createServer(({ url = "" }, response) => {
      const [, name, range, file] = /^\/npm\/([^/@]+)@([^/]+)\/(.+)$/.exec(decodeURI(url)) ?? [];
      // A range is answered with the newest version in it; there is one.
      if (name !== "mulab" || range?.replace("^", "") !== version) response.writeHead(404).end();
      else {
        response.writeHead(200, { "content-type": "text/javascript" });
        createReadStream(join(installed(), file!)).pipe(response);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cdn = `http://127.0.0.1:${(server.address() as AddressInfo).port}/npm/`;
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it("is where front ends without our extension look for it", async () => {
    const names = widgetNames("RunModel", "DashboardView");
    const page = await browser.newPage();
    await page.evaluate(LOADER);
    await page.addScriptTag({ url: addressOf(cdn, names._view_module, names._view_module_version) });
    const found = await page.evaluate(
      (exported) => {
        const { loaded, base } = window as unknown as {
          loaded: Record<string, { prototype: object }>;
          base: Record<string, { prototype: object }>;
        };
        return exported.map(([name, parent]) => loaded[name!]?.prototype instanceof (base[parent!] as never));
      },
      [
        [names._model_name, "DOMWidgetModel"],
        [names._view_name, "DOMWidgetView"],
      ],
    );
    expect(found).toEqual([true, true]);
  });
});
