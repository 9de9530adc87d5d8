/** Edits of a text that remember where each piece came from, so that a place in the result leads back to a place in the text. */

/** A place in a text; lines and columns from 0, columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** At one offset, what closes comes before what opens, and what replaces comes last. */
const RANKS = { close: 0, open: 1, replace: 2 } as const;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly rank: number;
  readonly order: number;
}

/** The result of edits: a text, and the way back. */
export interface Edited {
  readonly text: string;
  /** The place in the original text; what was inserted leads to where it was inserted. */
  originalPlace(place: Place): Place;
}

export class Edits {
  readonly #source: string;
  readonly #edits: Edit[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  /** Replaces `[start, end)`. */
  replace(start: number, end: number, text: string): void {
    this.#add(start, end, text, RANKS.replace);
  }

  /** Puts text before what begins at `offset`; of several, the first one called is the outermost. */
  open(offset: number, text: string): void {
    this.#add(offset, offset, text, RANKS.open);
  }

  /** Puts text behind what ends at `offset`; of several, the first one called is the innermost. */
  close(offset: number, text: string): void {
    this.#add(offset, offset, text, RANKS.close);
  }

  apply(): Edited {
    const edits = this.#edits.sort((a, b) => a.start - b.start || a.rank - b.rank || a.order - b.order);
    const source = this.#source;
    let out = "";
    let at = 0;
    /** Where pieces of the original begin in the result: pairs of offsets, ascending. */
    const pieces: [result: number, original: number, length: number][] = [];
    const copy = (end: number) => {
      pieces.push([out.length, at, end - at]);
      out += source.slice(at, end);
      at = end;
    };
    for (const { start, end, text } of edits) {
      if (start > at) copy(start);
      out += text;
      at = Math.max(at, end);
    }
    copy(source.length);
    return {
      text: out,
      originalPlace: (place) => {
        const offset = offsetOf(out, place);
        const piece = pieces.findLast(([result]) => result <= offset);
        if (!piece) return { line: 0, column: 0 };
        return placeOf(source, Math.min(piece[1] + offset - piece[0], piece[1] + piece[2]));
      },
    };
  }

  #add(start: number, end: number, text: string, rank: number): void {
    this.#edits.push({ start, end, text, rank, order: this.#edits.length });
  }
}

export function offsetOf(text: string, { line, column }: Place): number {
  let offset = 0;
  for (let i = 0; i < line; i++) {
    const next = text.indexOf("\n", offset);
    if (next < 0) return text.length;
    offset = next + 1;
  }
  return Math.min(offset + column, text.length);
}

export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  let line = 0;
  for (let at = before.indexOf("\n"); at >= 0; at = before.indexOf("\n", at + 1)) line++;
  return { line, column: offset - lineStart };
}
