// Numbers as bytes, compactly: counts take as many bytes as they need, other numbers eight.

/** Bytes under construction. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(1 << 16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  /** A whole number from 0, seven bits per byte, the lowest first. */
  count(value: number): void {
    this.#reserve(8);
    let left = value;
    for (; left > 127; left = Math.floor(left / 128)) this.#bytes[this.#length++] = (left % 128) + 128;
    this.#bytes[this.#length++] = left;
  }

  /** Any number, infinite ones and NaN included. */
  number(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  text(value: string): void {
    const bytes = Buffer.from(value);
    this.count(bytes.length);
    this.bytes(bytes);
  }

  done(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Reads what a ByteWriter wrote, from `at` on. */
export class ByteReader {
  constructor(
    readonly source: Buffer,
    public at = 0,
  ) {}

  count(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.source[this.at++]!;
      value += (byte % 128) * unit;
      if (byte < 128) return value;
    }
  }

  number(): number {
    const value = this.source.readDoubleLE(this.at);
    this.at += 8;
    return value;
  }

  bytes(length: number): Buffer {
    this.at += length;
    return this.source.subarray(this.at - length, this.at);
  }

  text(): string {
    return this.bytes(this.count()).toString("utf8");
  }
}
