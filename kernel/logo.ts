/**
 * The kernel's logo: a small lineage tree, as SVG and as PNG.
 *
 * Drawn from one list of shapes, so that the two agree and no image has to be stored. Jupyter wants 32 and 64 pixels.
 */
import { deflateSync } from "node:zlib";

/** In units of a 64 × 64 square. */
const BACKGROUND = "#1b3a4b";
const BRANCHES: readonly [x1: number, y1: number, x2: number, y2: number][] = [
  [32, 14, 18, 34],
  [32, 14, 46, 34],
  [18, 34, 12, 51],
  [18, 34, 28, 51],
  [46, 34, 44, 51],
];
const NODES: readonly [x: number, y: number, radius: number, color: string][] = [
  [32, 14, 7, "#f4d35e"],
  [18, 34, 6, "#5bc0be"],
  [46, 34, 6, "#ee964b"],
  [12, 51, 5, "#5bc0be"],
  [28, 51, 5, "#f4d35e"],
  [44, 51, 5, "#ee964b"],
];
const BRANCH_COLOR = "#c8d6e5";
const BRANCH_WIDTH = 3;
const CORNER = 12;

export function logoSvg(): string {
  const lines = BRANCHES.map(
    ([x1, y1, x2, y2]) => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`,
  ).join("");
  const dots = NODES.map(([x, y, r, color]) => `<circle cx="${x}" cy="${y}" r="${r}" fill="${color}"/>`).join(
    "",
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="mulab"><rect width="64" height="64" rx="${CORNER}" fill="${BACKGROUND}"/><g stroke="${BRANCH_COLOR}" stroke-width="${BRANCH_WIDTH}" stroke-linecap="round">${lines}</g>${dots}</svg>\n`;
}

/** Edges are smoothed by 4 × 4 samples per pixel. */
export function logoPng(size: number): Buffer {
  const samples = 4;
  const rows = Buffer.alloc(size * (1 + size * 4)); // a filter byte, then RGBA
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const sum = [0, 0, 0, 0];
      for (let i = 0; i < samples * samples; i++) {
        const px = ((x + ((i % samples) + 0.5) / samples) * 64) / size;
        const py = ((y + (Math.floor(i / samples) + 0.5) / samples) * 64) / size;
        const color = colorAt(px, py);
        if (!color) continue;
        for (let c = 0; c < 3; c++) sum[c]! += Number.parseInt(color.slice(1 + 2 * c, 3 + 2 * c), 16);
        sum[3]!++;
      }
      const covered = sum[3]!;
      const at = y * (1 + size * 4) + 1 + x * 4;
      for (let c = 0; c < 3; c++) rows[at + c] = covered === 0 ? 0 : Math.round(sum[c]! / covered);
      rows[at + 3] = Math.round((255 * covered) / (samples * samples));
    }
  }
  return png(size, rows);
}

/** The colour of the topmost shape at a point; undefined outside the rounded square. */
function colorAt(x: number, y: number): string | undefined {
  const dx = Math.max(CORNER - x, x - (64 - CORNER), 0);
  const dy = Math.max(CORNER - y, y - (64 - CORNER), 0);
  if (Math.hypot(dx, dy) > CORNER) return undefined;
  const node = NODES.findLast(([nx, ny, r]) => Math.hypot(x - nx, y - ny) <= r);
  if (node) return node[3];
  return BRANCHES.some((branch) => distanceTo(branch, x, y) <= BRANCH_WIDTH / 2) ? BRANCH_COLOR : BACKGROUND;
}

function distanceTo(
  [x1, y1, x2, y2]: readonly [number, number, number, number],
  x: number,
  y: number,
): number {
  const along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - (x1 + t * (x2 - x1)), y - (y1 + t * (y2 - y1)));
}

function png(size: number, rows: Buffer): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8); // 8 bits per channel, RGBA
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** The checksum of PNG chunks. node:zlib has it from Node 20.15 on only in some lines, and this is all of it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
