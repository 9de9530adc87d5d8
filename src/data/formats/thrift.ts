// Walks over Thrift's compact protocol, the format of Parquet's footer and page headers, before a parser builds anything
// from it: a list declares its length, for which a parser allocates memory, so a few bytes that declare nested lists of
// millions would cost gigabytes. https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md

/** Most values in lists and structs; those of a large data set's footer are some ten thousand. */
const MOST_VALUES = 2 ** 20;
/** Most levels of nested structs and lists; Parquet needs fewer than ten. */
const MOST_DEPTH = 32;

const [STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
];

/** Throws an Error with the fault if the struct at `start` is incomplete or declares more than its bytes can hold. */
export function checkStruct(bytes: Uint8Array, start = 0): void {
  let at = start;
  let values = 0;
  const byte = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw new Error("it ends in the middle of a value");
    return value;
  };
  const skip = (length: number) => {
    at += length;
    if (at > bytes.length) throw new Error("a value reaches beyond its end");
  };
  const varint = (): number => {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const next = byte();
      value += (next & 0x7f) * 2 ** (7 * i);
      if (next < 0x80) return value;
    }
    throw new Error("a number that does not end");
  };
  const counted = () => {
    if (++values > MOST_VALUES) throw new Error(`more than ${MOST_VALUES} values`);
  };
  const struct = (depth: number): void => {
    for (;;) {
      const head = byte();
      if ((head & 0x0f) === STOP) return;
      if (head >> 4 === 0) varint();
      counted();
      value(head & 0x0f, depth, false);
    }
  };
  const value = (type: number, depth: number, isElement: boolean): void => {
    if (depth > MOST_DEPTH) throw new Error(`values inside each other ${MOST_DEPTH} times`);
    switch (type) {
      case TRUE:
      case FALSE:
        if (isElement) byte();
        return;
      case BYTE:
        byte();
        return;
      case I16:
      case I32:
      case I64:
        varint();
        return;
      case DOUBLE:
        skip(8);
        return;
      case BINARY:
        skip(varint());
        return;
      case LIST:
      case SET: {
        const head = byte();
        const count = head >> 4 === 15 ? varint() : head >> 4;
        // Every element takes at least one byte.
        if (count > bytes.length - at)
          throw new Error(`a list of ${count} values in ${bytes.length - at} bytes`);
        for (let i = 0; i < count; i++) {
          counted();
          value(head & 0x0f, depth + 1, true);
        }
        return;
      }
      case STRUCT:
        struct(depth + 1);
        return;
      case MAP:
        throw new Error("a map, which Parquet does not have");
      default:
        throw new Error(`a value of type ${type}`);
    }
  };
  struct(0);
}
