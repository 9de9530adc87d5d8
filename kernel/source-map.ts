/** Source maps, as far as an error needs them: from a place in generated code to the place it came from. */

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** A place in a text; lines and columns from 0. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

interface Segment {
  readonly column: number;
  readonly source: Place;
}

/** Numbers of one segment of a "mappings" string: base64 digits of 5 bits, lowest first, sign in the lowest bit. */
function decodeVlq(text: string): number[] {
  const out: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of text) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) << shift;
    if (bits & 32) {
      shift += 5;
      continue;
    }
    out.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return out;
}

export class SourceMap {
  private readonly lines: Segment[][];

  constructor(json: string) {
    const { mappings } = JSON.parse(json) as { mappings: string };
    let line = 0;
    let column = 0;
    this.lines = mappings.split(";").map((row) => {
      let generated = 0;
      const segments: Segment[] = [];
      for (const text of row === "" ? [] : row.split(",")) {
        const [columnStep = 0, , lineStep, sourceColumnStep] = decodeVlq(text);
        generated += columnStep;
        if (lineStep === undefined || sourceColumnStep === undefined) continue;
        line += lineStep;
        column += sourceColumnStep;
        segments.push({ column: generated, source: { line, column } });
      }
      return segments;
    });
  }

  /** Where the code at `place` came from: the nearest mapping at or before it on its line, else the first one after it. */
  find(place: Place): Place | undefined {
    const segments = this.lines[place.line] ?? [];
    const before = segments.findLast((segment) => segment.column <= place.column);
    return (before ?? segments[0])?.source;
  }
}

/** Follows a place back through several steps of compiling, the last step first. */
export function traceBack(maps: readonly SourceMap[], place: Place): Place | undefined {
  return maps.reduce<Place | undefined>((at, map) => at && map.find(at), place);
}
