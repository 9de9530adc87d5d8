import sharp from "sharp";
sharp.concurrency(1);
sharp.cache(false);

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const N = 600;
mkdirSync("/tmp/dec/jpg", { recursive: true });
mkdirSync("/tmp/dec/png", { recursive: true });
if (!readdirSync("/tmp/dec/jpg").length)
  for (let i = 0; i < N; i++) {
    const w = 28 + (i % 40),
      h = 28 + ((i * 7) % 40);
    const px = Buffer.from(
      Uint8Array.from({ length: w * h * 3 }, (_, j) => (j * i + ((j * j) >> 5)) & 255 & ~7),
    );
    const s = sharp(px, { raw: { width: w, height: h, channels: 3 } });
    writeFileSync(`/tmp/dec/jpg/${i}.jpg`, await s.clone().blur(2).jpeg().toBuffer());
    writeFileSync(`/tmp/dec/png/${i}.png`, await s.clone().blur(2).png().toBuffer());
  }
const meta = async (b) => sharp(b, { failOn: "error", limitInputPixels: false }).metadata();
const dec = (b) =>
  sharp(b, { failOn: "warning", limitInputPixels: 2 ** 26, autoOrient: true })
    .timeout({ seconds: 60 })
    .flatten({ background: "#fff" })
    .resize(32, 32, { fit: "fill", kernel: "linear" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer();
const rawdec = (b) => sharp(b, { failOn: "warning" }).raw().toBuffer();
async function lanes(fn, files, n) {
  let next = 0;
  const t = performance.now();
  await Promise.all(
    Array.from({ length: n }, async () => {
      while (next < files.length) {
        await fn(files[next++]);
      }
    }),
  );
  return (((performance.now() - t) / files.length) * 1000).toFixed(0) + "µs";
}
for (const k of ["jpg", "png"]) {
  const files = readdirSync("/tmp/dec/" + k).map((f) => readFileSync(`/tmp/dec/${k}/${f}`));
  await lanes(dec, files, 4);
  for (const n of [1, 2, 4])
    console.log(
      k,
      n,
      "meta",
      await lanes(meta, files, n),
      "dec",
      await lanes(dec, files, n),
      "raw",
      await lanes(rawdec, files, n),
    );
}
