// Turns polygons into ink: a scanline rasteriser in whole numbers, so that every machine draws the same bytes. Vertices are
// on a grid of 1/64 px, each pixel row is sampled by four lines, and coverage along a line is exact to 1/64 px. Non-zero
// winding, as fonts require.

/** Grid steps per pixel. */
export const GRID = 64;
const LINES = 4;
/** Coverage of a pixel that is all ink. */
export const FULL = GRID * LINES;
const MOST_CROSSINGS = 64; // a line; the busiest digits have about 20

/** A rasteriser of size × size pixels that keeps its scratch between images. */
export function createRaster(size: number) {
  const lines = size * LINES;
  const crossings = new Int32Array(lines * MOST_CROSSINGS); // grid x · 2 + (1 where the edge runs upwards)
  const counts = new Int32Array(lines);

  function addEdge(x0: number, y0: number, x1: number, y1: number): void {
    if (y0 === y1) return;
    const up = y1 < y0;
    const [top, bottom] = up ? [y1, y0] : [y0, y1];
    const slope = (x1 - x0) / (y1 - y0);
    // Line l is at grid y = (l + ½) · GRID / LINES; an edge owns the lines in [top, bottom).
    const spacing = GRID / LINES;
    const first = Math.max(0, Math.ceil(top / spacing - 0.5));
    const last = Math.min(lines, Math.ceil(bottom / spacing - 0.5));
    for (let line = first; line < last; line++) {
      const count = counts[line]!;
      if (count === MOST_CROSSINGS) continue;
      const x = Math.round(x0 + ((line + 0.5) * spacing - y0) * slope);
      const key = Math.max(0, Math.min(x, size * GRID)) * 2 + (up ? 1 : 0);
      let at = line * MOST_CROSSINGS + count;
      for (; at > line * MOST_CROSSINGS && crossings[at - 1]! > key; at--) crossings[at] = crossings[at - 1]!;
      crossings[at] = key;
      counts[line] = count + 1;
    }
  }

  function fillLine(line: number, ink: Int32Array): void {
    const row = Math.floor(line / LINES) * size;
    let winding = 0;
    let from = 0;
    for (let i = 0; i < counts[line]!; i++) {
      const key = crossings[line * MOST_CROSSINGS + i]!;
      const x = key >> 1;
      const before = winding;
      winding += key & 1 ? 1 : -1;
      if (before === 0) from = x;
      else if (winding === 0) addSpan(from, x, row, ink);
    }
  }

  /** Adds the grid steps from…to of one line to the pixels that contain them. */
  function addSpan(from: number, to: number, row: number, ink: Int32Array): void {
    const last = (to - 1) >> 6;
    for (let pixel = from >> 6; pixel <= last; pixel++) {
      const covered = Math.min(to, (pixel + 1) * GRID) - Math.max(from, pixel * GRID);
      ink[row + pixel] = ink[row + pixel]! + covered;
    }
  }

  /** Draws closed contours (grid units; `ends` as in Outline) into `ink` [size, size], 0…FULL. */
  return function draw(x: Int32Array, y: Int32Array, ends: readonly number[], ink: Int32Array): void {
    counts.fill(0);
    ink.fill(0);
    let start = 0;
    for (const end of ends) {
      for (let i = start, before = end - 1; i < end; before = i++)
        addEdge(x[before]!, y[before]!, x[i]!, y[i]!);
      start = end;
    }
    for (let line = 0; line < lines; line++) fillLine(line, ink);
  };
}
