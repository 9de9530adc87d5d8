import sharp from "sharp";
sharp.concurrency(1);
sharp.cache(false);

import { readdirSync, readFileSync } from "node:fs";

async function lanes(fn, files, n) {
  let next = 0;
  const c = process.cpuUsage();
  const t = performance.now();
  await Promise.all(
    Array.from({ length: n }, async () => {
      while (next < files.length) {
        await fn(files[next++]);
      }
    }),
  );
  const u = process.cpuUsage(c);
  return (
    (((performance.now() - t) / files.length) * 1000).toFixed(0) +
    "µs (cpu " +
    (u.user / files.length).toFixed(0) +
    "+" +
    (u.system / files.length).toFixed(0) +
    ")"
  );
}
const V = {
  full: (b) =>
    sharp(b, { failOn: "warning", limitInputPixels: 2 ** 26, autoOrient: true })
      .timeout({ seconds: 60 })
      .flatten({ background: "#fff" })
      .resize(32, 32, { fit: "fill", kernel: "linear" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer(),
  notimeout: (b) =>
    sharp(b, { failOn: "warning", limitInputPixels: 2 ** 26, autoOrient: true })
      .flatten({ background: "#fff" })
      .resize(32, 32, { fit: "fill", kernel: "linear" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer(),
  random: (b) =>
    sharp(b, { failOn: "warning", sequentialRead: false })
      .resize(32, 32, { fit: "fill", kernel: "linear" })
      .raw({ depth: "uchar" })
      .toBuffer(),
  seq: (b) =>
    sharp(b, { failOn: "warning" })
      .resize(32, 32, { fit: "fill", kernel: "linear" })
      .raw({ depth: "uchar" })
      .toBuffer(),
  raw: (b) => sharp(b, { failOn: "warning" }).raw().toBuffer(),
  rawrandom: (b) => sharp(b, { failOn: "warning", sequentialRead: false }).raw().toBuffer(),
  rawtimeout: (b) => sharp(b, { failOn: "warning" }).timeout({ seconds: 60 }).raw().toBuffer(),
};
for (const k of ["jpg", "png"]) {
  const files = readdirSync("/tmp/dec/" + k).map((f) => readFileSync(`/tmp/dec/${k}/${f}`));
  await lanes(V.full, files, 4);
  for (const [name, fn] of Object.entries(V))
    console.log(k, name, await lanes(fn, files, 1), await lanes(fn, files, 4));
}
