/** A sweep's variants from a few lines of a cell, in the built kernel. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JupyterClient } from "../support/jupyter-client.js";
import { startKernel } from "../support/jupyter-kernel.js";

const CELL = [
  "%%sweep curves",
  "experiment: characters",
  "budget: smoke",
  "tasks: [glyphs/thai, glyphs/lao]",
  "threads: 1",
  "scaleFactors: 0.3",
  "repetitions: 1",
  "baselines: multi-head",
  "set:",
  "  limit: 48",
  "  batchSize: 16",
  "  generations: 1",
  "  children: 2",
].join("\n");

let client: JupyterClient;
beforeAll(async () => {
  client = await startKernel();
  await client.execute('import { readSweep } from "mulab"');
});
afterAll(() => client.stop());

describe("%%sweep", () => {
  it("runs a sweep, shows it in place, and leaves it in a variable", async () => {
    const { reply, output } = await client.execute(CELL);
    expect(reply.content.status).toBe("ok");
    const shown = output.filter(({ type }) => type === "display_data" || type === "update_display_data");
    const first = shown.find(({ content }) => String(content.data["text/html"]).includes("of 2 points"));
    expect(first?.type).toBe("display_data");
    expect(String(shown.at(-1)!.content.data["text/html"])).toContain("ended; 2 of 2 points");
    expect(await client.text("curves.points.length")).toBe("2");
    expect(await client.text('(await readSweep("runs/curves")).points[1]!.variant.method')).toBe(
      "'multi-head'",
    );
  });

  it("is shown by %table and %figure, by its variable or from its folder", async () => {
    const { output } = await client.execute("%table methods");
    expect(String(output.at(-1)!.content.data["text/plain"])).toMatch(/multi-head|Multi-head/i);
    const { reply } = await client.execute("%figure quality-size runs/curves");
    expect(reply.content.status).toBe("ok");
    const unknown = await client.execute("%table metods curves");
    expect(unknown.reply.content.evalue).toContain('did you mean "methods"');
  });

  it("with planClaims shows what would decide the claims, and runs nothing", async () => {
    const planned = CELL.replace("%%sweep curves", "%%sweep planned").replace(
      "repetitions: 1",
      "repetitions: 1\nplanClaims: true\npilot: runs/curves",
    );
    const { reply, output } = await client.execute(planned);
    expect(reply.content).toMatchObject({ status: "ok" });
    const shown = output.map(({ content }) => String(content.data?.["text/plain"] ?? content.text ?? ""));
    expect(shown.join("\n")).toContain("At some scale factor muNet beats every baseline");
    expect(await client.text('(await import("node:fs")).existsSync("runs/planned")')).toBe("false");
  });

  it("with a mistake says where", async () => {
    const { reply } = await client.execute(CELL.replace("multi-head", "multi-haed"));
    expect(reply.content).toMatchObject({ status: "error" });
    expect(reply.content.evalue).toContain('did you mean "multi-head"');
  });

  it("over settings does not keep other cells waiting with wait: false", async () => {
    const cell = CELL.replace("%%sweep curves", "%%sweep seeds").replace(
      /scaleFactors.*\n.*\n.*\n/,
      "wait: false\nover:\n  seed: [0, 1]\n",
    );
    const { reply } = await client.execute(cell);
    expect(reply.content).toMatchObject({ status: "ok" });
    expect(await client.text("seeds.length")).toBe("1"); // the second waits for the first, and not this cell
    await client.execute(
      "await seeds[0]!.done(); while (seeds.length < 2) await new Promise((r) => setTimeout(r, 50)); await seeds[1]!.done()",
    );
    expect(await client.text("seeds.map((run) => run.status).join()")).toBe("'ended,ended'");
  });

  it("needs variants or settings to vary", async () => {
    const { reply } = await client.execute("%%sweep other\nexperiment: characters\nbudget: smoke");
    expect(reply.content.evalue).toContain("scaleFactors: [0.3, 1]");
  });
});
