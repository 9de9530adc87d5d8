// SVG as PNG, and many PNG on one sheet, so that a person can look at all of them.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";

export interface Made {
  readonly file: string;
  readonly name: string;
}

const WIDTH = 2000;
const HEIGHT = 2600;
const GAP = 14;
const LABEL = 22;
/** Larger pictures are scaled down on a sheet; they are whole in their own files. */
const MOST = { width: 980, height: 900 };

/** `svg` drawn one pixel for each of its own. */
export const png = (svg: string): Promise<Buffer> =>
  sharp(Buffer.from(svg), { density: 72, unlimited: true })
    .resize({ width: 3000, height: 6000, fit: "inside", withoutEnlargement: true })
    .png()
    .toBuffer();

interface Placed {
  readonly input: Buffer;
  readonly left: number;
  readonly top: number;
}

/** Writes sheets of `pictures` into `folder`; returns their paths. */
export async function contactSheets(pictures: readonly Made[], folder: string): Promise<string[]> {
  const sheets: Placed[][] = [];
  let sheet: Placed[] = [];
  let [x, y, row] = [GAP, GAP, 0];
  for (const { file, name } of pictures) {
    const { data, info } = await sharp(file, { unlimited: true })
      .resize({ ...MOST, fit: "inside", withoutEnlargement: true })
      .png()
      .toBuffer({ resolveWithObject: true });
    const width = Math.max(info.width, 8 * name.length);
    if (x + width > WIDTH) [x, y, row] = [GAP, y + row + GAP, 0];
    if (sheet.length === 0 || y + info.height + LABEL > HEIGHT) {
      sheet = [];
      sheets.push(sheet);
      [x, y, row] = [GAP, GAP, 0];
    }
    sheet.push({ input: label(name, width), left: x, top: y }, { input: data, left: x, top: y + LABEL });
    x += width + GAP;
    row = Math.max(row, info.height + LABEL);
  }
  const files: string[] = [];
  for (const [i, placed] of sheets.entries()) {
    const file = join(folder, `sheet-${String(i + 1).padStart(2, "0")}.png`);
    const ground = { width: WIDTH, height: HEIGHT, channels: 3 as const, background: "#b9bec7" };
    await writeFile(file, await sharp({ create: ground }).composite(placed).png().toBuffer());
    files.push(file);
  }
  return files;
}

const label = (text: string, width: number): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${LABEL}"><text x="2" y="15" font-size="13" font-family="monospace" fill="#222">${text}</text></svg>`,
  );
