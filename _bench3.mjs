import sharp from "sharp";
sharp.concurrency(1);
sharp.cache(false);

import { readdirSync, readFileSync } from "node:fs";

for (const k of ["jpg", "png"]) {
  const files = readdirSync("/tmp/dec/" + k).map((f) => readFileSync(`/tmp/dec/${k}/${f}`));
  for (const B of [1, 8, 16, 32]) {
    const batches = [];
    for (let i = 0; i < files.length; i += B) batches.push(files.slice(i, i + B));
    for (const L of [1, 2, 4]) {
      let next = 0;
      const c = process.cpuUsage();
      const t = performance.now();
      await Promise.all(
        Array.from({ length: L }, async () => {
          while (next < batches.length) {
            const b = batches[next++];
            if (b.length < 2) {
              await sharp(b[0]).raw().toBuffer();
              continue;
            }
            await sharp(b, { failOn: "warning", join: { across: b.length, halign: "left", valign: "top" } })
              .raw()
              .toBuffer();
          }
        }),
      );
      const u = process.cpuUsage(c);
      console.log(
        k,
        B,
        L,
        (((performance.now() - t) / files.length) * 1000).toFixed(0) + "µs",
        (u.user / files.length).toFixed(0),
        (u.system / files.length).toFixed(0),
      );
    }
  }
}
