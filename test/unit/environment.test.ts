import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { MODULE_VERSION } from "../../src/wire/schema.js";

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const own = JSON.parse(read("package.json"));

describe("environment.yml and package.json", () => {
  const dependencies: string[] = parse(read("environment.yml")).dependencies;
  const floorOf = (name: string) => dependencies.find((line) => line.startsWith(`${name} `))?.split(">=")[1];

  it("ask for the same Node", () => expect(`>=${floorOf("nodejs")}`).toBe(own.engines.node));
  it("bring a JupyterLab and widgets that the front end works with", () => {
    expect(floorOf("jupyterlab")).toBe("4.2");
    expect(floorOf("jupyterlab_widgets")).toBe("3");
  });
});

describe("versions", () => {
  it("of the widgets is the package's", () => expect(MODULE_VERSION).toBe(own.version));

  it("of tslab is pinned, and tslab still has the shape that the kernel builds on", () => {
    const require = createRequire(import.meta.url);
    const { createConverter } = require("#tslab/converter.js");
    expect(typeof createConverter).toBe("function");
    expect(require("../../vendor/tslab/package.json").version).toBe("1.0.22");
  });
});
