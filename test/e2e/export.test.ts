// A model that leaves its run, with the installed package: exported, then run by ONNX Runtime alone, and asked in a cell.

import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { expect, test } from "vitest";
import { CLI, lastJson, runCli, TINY } from "../support/cli.js";
import { startKernel } from "../support/jupyter-kernel.js";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();

test("a model exported by the command line runs without mulab and agrees with mulab predict and %predict", async () => {
  const home = newFolder();
  const dir = join(home, "runs/first");
  const task = "glyphs/bengali";
  const begun = await runCli(["run", "preliminary", ...TINY, "--out", dir, "--json"]);
  expect(begun.code, begun.stderr).toBe(0);
  const pixels = Buffer.from(Uint8Array.from({ length: 2 * 32 * 32 * 3 }, (_, i) => (i * 37) % 251));
  const images = join(home, "images");
  mkdirSync(images);
  for (const n of [0, 1]) {
    const raw = { width: 32, height: 32, channels: 3 } as const;
    const part = pixels.subarray(n * 3072, (n + 1) * 3072);
    writeFileSync(join(images, `${n}.png`), await sharp(part, { raw }).png().toBuffer());
  }

  const file = join(home, "bengali.onnx");
  const exported = await runCli([
    "export",
    dir,
    "--task",
    task,
    "--out",
    file,
    "--layers",
    join(home, "l.safetensors"),
    "--tables",
    join(home, "t"),
    "--json",
  ]);
  expect(exported.code, exported.stderr).toBe(0);
  expect(exported.stderr).toContain("ONNX Runtime and mulab agree");
  expect(lastJson(exported)).toMatchObject({ model: { task, private: [] }, layers: { models: 4 } });

  const predicted = await runCli(["predict", dir, images, "--task", task, "--top", "10", "--json"]);
  expect(predicted.code, predicted.stderr).toBe(0);
  const { predictions } = lastJson(predicted) as {
    predictions: { top: { class: number; probability: number }[] }[];
  };

  // The runtime as any program loads it; nothing of mulab but the path of the library.
  const runtime = createRequire(CLI).resolve("../../vendor/onnxruntime-node/dist/index.js");
  const { default: ort } = await import(pathToFileURL(runtime).href);
  const session = await ort.InferenceSession.create(file);
  const input = new ort.Tensor("uint8", new Uint8Array(pixels), [2, 32, 32, 3]);
  const { probabilities } = await session.run({ images: input });
  expect(predictions).toHaveLength(2);
  predictions.forEach(({ top }, i) => {
    expect(top).toHaveLength(10);
    for (const guess of top)
      expect(Math.abs(probabilities.data[i * 10 + guess.class] - guess.probability)).toBeLessThan(1e-5);
  });

  const kernel = await startKernel({ cwd: home, commands: ["mulab"] });
  try {
    const { output, reply } = await kernel.execute(`%predict ${task} first images/0.png`);
    expect(reply.content.status, JSON.stringify(reply.content)).toBe("ok");
    const { data } = output.find(({ type }) => type === "execute_result")!.content;
    expect(data["text/plain"]).toMatch(/images\/0\.png {2}\d {2}\d+\.\d %/);
  } finally {
    await kernel.stop();
  }
});
