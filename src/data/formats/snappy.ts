// Snappy's raw format, which packs Parquet's pages: literals and copies of earlier output. Every length and offset is
// checked against both buffers before use. https://github.com/google/snappy/blob/main/format_description.txt

/** Unpacks exactly `size` bytes; undefined if the input is not complete snappy data of that size. */
export function unpackSnappy(packed: Uint8Array, size: number): Uint8Array | undefined {
  const out = new Uint8Array(size);
  const start = skipLength(packed, size);
  if (start === undefined) return undefined;
  let from = start;
  let to = 0;
  while (from < packed.length) {
    const tag = packed[from++]!;
    const extra = EXTRA[tag & 3]! || literalExtra(tag);
    if (from + extra > packed.length) return undefined;
    const number = littleEndian(packed, from, extra);
    from += extra;
    if ((tag & 3) === 0) {
      const length = (extra === 0 ? tag >> 2 : number) + 1;
      if (from + length > packed.length || to + length > size) return undefined;
      out.set(packed.subarray(from, from + length), to);
      from += length;
      to += length;
    } else {
      const short = (tag & 3) === 1;
      const length = short ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
      const offset = short ? ((tag >> 5) << 8) | number : number;
      if (offset === 0 || offset > to || to + length > size) return undefined;
      for (let i = 0; i < length; i++, to++) out[to] = out[to - offset]!; // may overlap: byte by byte
    }
  }
  return to === size ? out : undefined;
}

/** Bytes after the tag of a copy; literals have theirs in the tag. */
const EXTRA = [0, 1, 2, 4] as const;

const literalExtra = (tag: number): number => ((tag & 3) === 0 && tag >> 2 >= 60 ? (tag >> 2) - 59 : 0);

function littleEndian(bytes: Uint8Array, at: number, length: number): number {
  let number = 0;
  for (let i = length - 1; i >= 0; i--) number = number * 256 + bytes[at + i]!;
  return number;
}

/** Skips the unpacked length at the beginning; undefined if it is not `size`. */
function skipLength(packed: Uint8Array, size: number): number | undefined {
  let length = 0;
  for (let i = 0; i < 5 && i < packed.length; i++) {
    length += (packed[i]! & 127) * 2 ** (7 * i);
    if (packed[i]! < 128) return length === size ? i + 1 : undefined;
  }
  return undefined;
}
