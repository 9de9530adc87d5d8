// How fast many small images of a person's own are decoded, by kind of file, as a ratio to Pillow in the same run (if the
// Python of MULAB_PYTHON, or python3, has it), and how fast the cache returns them. Run: node dist/bench/decode.js

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { loadOwn } from "../src/data/own/load-own.js";

const PER_CLASS = 1_000;
const SIZE = 32;
const KINDS = ["png", "jpg", "ppm", "bmp", "gif", "webp", "tif"] as const;

const PILLOW = `
import glob, sys, time
from PIL import Image
files = sorted(glob.glob(sys.argv[1] + "/*/*"))
best = 1e9
for _ in range(3):
    began = time.perf_counter()
    for file in files:
        with Image.open(file) as image:
            image.convert("RGB").resize((${SIZE}, ${SIZE}), Image.BILINEAR).tobytes()
    best = min(best, time.perf_counter() - began)
print(best / len(files) * 1e6)
`;

/** Sides of 28 to 67 pixels, as small pictures have. */
async function write(folder: string, kind: (typeof KINDS)[number]): Promise<void> {
  for (const name of ["a", "b"]) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = 0; i < PER_CLASS; i++) {
      const [width, height] = [28 + (i % 40), 28 + ((i * 7) % 40)];
      const pixels = Uint8Array.from(
        { length: width * height * 3 },
        (_, p) => (p * i + ((p * p) >> 5)) & 0xf8,
      );
      const image = sharp(pixels, { raw: { width, height, channels: 3 } }).blur(2);
      writeFileSync(join(folder, name, `${i}.${kind}`), await encoded(image, kind, width, height));
    }
  }
}

async function encoded(image: Sharp, kind: (typeof KINDS)[number], width: number, height: number) {
  if (kind === "png") return image.png().toBuffer();
  if (kind === "jpg") return image.jpeg().toBuffer();
  if (kind === "gif") return image.gif().toBuffer();
  if (kind === "webp") return image.webp().toBuffer();
  if (kind === "tif") return image.tiff({ compression: "lzw" }).toBuffer();
  const rgb = await image.raw().toBuffer();
  if (kind === "ppm") return Buffer.concat([Buffer.from(`P6 ${width} ${height} 255\n`), rgb]);
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const bmp = Buffer.alloc(54 + rowBytes * height);
  bmp.write("BM");
  bmp.writeUInt32LE(54, 10);
  bmp.writeUInt32LE(40, 14);
  bmp.writeInt32LE(width, 18);
  bmp.writeInt32LE(-height, 22);
  bmp.writeUInt16LE(1, 26);
  bmp.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) bmp[54 + y * rowBytes + x * 3 + c] = rgb[(y * width + x) * 3 + 2 - c]!;
  return bmp;
}

/** Microseconds per image, the best of three. */
async function ours(path: string, cacheDir?: string): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const began = performance.now();
    await loadOwn({ kind: "own", name: "mine/x", images: { path }, mostBytes: 2 ** 31, cacheDir }, () => {});
    best = Math.min(best, performance.now() - began);
  }
  return (best * 1000) / (2 * PER_CLASS);
}

function pillow(path: string): number | undefined {
  const python = process.env.MULAB_PYTHON ?? "python3";
  const { status, stdout } = spawnSync(python, ["-c", PILLOW, path], { encoding: "utf8" });
  return status === 0 ? Number(stdout) : undefined;
}

const folder = mkdtempSync(join(tmpdir(), "mulab-decode-"));
try {
  for (const kind of KINDS) {
    const path = join(folder, kind);
    await write(path, kind);
    const theirs = pillow(path);
    const here = await ours(path);
    const cached = await ours(path, join(folder, "cache"));
    const ratio =
      theirs === undefined
        ? "no Pillow here"
        : `${(here / theirs).toFixed(2)} × Pillow's ${theirs.toFixed(0)} µs`;
    console.log(
      `${kind}: ${here.toFixed(0)} µs per image (${ratio}); from the cache ${cached.toFixed(0)} µs; ${readdirSync(join(path, "a")).length * 2} images`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
