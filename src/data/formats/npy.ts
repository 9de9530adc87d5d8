// One NumPy array as .npy versions 1 to 3 store it: a header in Python's notation, then the values in C order.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

import { badFile } from "../../core/errors/index.js";

export interface Npy {
  /** As in the header, byte order included: "|u1", "<i8". */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** The bytes of the values, exactly as many as dtype and shape require. */
  readonly bytes: Uint8Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/** Parses a whole .npy file; `where` is for messages. */
export function parseNpy(file: Uint8Array, where: string): Npy {
  const { dtype, shape, start, size } = parseNpyHeader(file, where);
  if (!Number.isSafeInteger(size) || size !== file.length - start)
    throw badFile(
      where,
      `${file.length - start} bytes of values`,
      `${size} for dtype ${dtype} and shape [${shape.join(", ")}]`,
    );
  return { dtype, shape, bytes: file.subarray(start) };
}

/** The header of a .npy file, which may continue after `file`; its values are `size` bytes from `start` on. */
export function parseNpyHeader(file: Uint8Array, where: string) {
  const bad = (found: string, expected = "a NumPy array") => badFile(where, found, expected);
  if (file.length < 12 || MAGIC.some((byte, i) => file[i] !== byte)) throw bad("no NumPy header");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const version = file[6]!;
  if (version < 1 || version > 3) throw bad(`.npy version ${version}`, "version 1, 2 or 3");
  const start = version === 1 ? 10 : 12;
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > file.length) throw bad("its header is cut off");

  const header = parseHeader(Buffer.from(file.subarray(start, end)).toString("latin1"));
  if (!header) throw bad("a header that is not descr, fortran_order and shape");
  const { dtype, fortran, shape } = header;
  if (fortran) throw bad("values in Fortran order", "C order (numpy.ascontiguousarray)");
  const itemSize = Number(/^[<>|=][a-zA-Z](\d{1,3})$/.exec(dtype)?.[1]);
  if (!(itemSize > 0)) throw bad(`dtype ${dtype}`, "a plain number type");
  const size = shape.reduce((product, side) => product * side, itemSize);
  return { dtype, shape, start: end, size };
}

function parseHeader(text: string): { dtype: string; fortran: boolean; shape: number[] } | undefined {
  const body = /^\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) return undefined;
  const fields = new Map<string, string>();
  const rest = body.replaceAll(
    /\s*'(\w+)'\s*:\s*('[^']*'|True|False|\([\d,\s]*\))\s*(?:,\s*|$)/g,
    (_, key: string, value: string) => {
      fields.set(key, value);
      return "";
    },
  );
  const dtype = /^'(.*)'$/.exec(fields.get("descr") ?? "")?.[1];
  const sides = /^\((.*)\)$/s.exec(fields.get("shape") ?? "")?.[1]?.split(",");
  const fortran = fields.get("fortran_order");
  if (rest.trim() !== "" || fields.size !== 3 || !dtype || !sides || !/^True$|^False$/.test(fortran ?? ""))
    return undefined;
  if (sides.at(-1)?.trim() === "") sides.pop(); // Python writes one side as (5,)
  if (!sides.every((side) => /^\s*\d{1,15}\s*$/.test(side))) return undefined;
  return { dtype, fortran: fortran === "True", shape: sides.map(Number) };
}

/** Integers of any width as JavaScript numbers; undefined if the dtype is not an integer type. */
export function integers({ dtype, bytes }: Npy): { length: number; at(index: number): number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = dtype[0] !== ">";
  const readers: Record<string, (at: number) => number> = {
    u1: (at) => view.getUint8(at),
    i1: (at) => view.getInt8(at),
    u2: (at) => view.getUint16(at, little),
    i2: (at) => view.getInt16(at, little),
    u4: (at) => view.getUint32(at, little),
    i4: (at) => view.getInt32(at, little),
    u8: (at) => Number(view.getBigUint64(at, little)),
    i8: (at) => Number(view.getBigInt64(at, little)),
  };
  const read = readers[dtype.slice(1)];
  if (!read) return undefined;
  const size = Number(dtype.slice(2));
  return { length: bytes.length / size, at: (index) => read(index * size) };
}
