// The one source of randomness: counter-based and splittable (Threefry-2x32-20, Salmon et al. 2011), so that
// every draw is a pure function of the run's seed and a path of labels. A resumed run needs no saved RNG
// state: `rng.child("iter0/bangla/g3/c5")` is the same stream wherever and whenever it is requested.

/** A stream of random numbers; `child` returns an independent stream that depends only on this one's key, not on how far it was read. */
export interface Rng {
  /** An independent stream for `label`; the same label gives the same stream. */
  child(label: string): Rng;
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Uniform integer in [0, n), n in 1…2^32. */
  int(n: number): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** A new array with the items in random order (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** The 64-bit key as two unsigned words, enough to rebuild the stream in a worker with `rngFromKey`. */
  readonly key: RngKey;
}

export type RngKey = readonly [number, number];

/** A stream from a whole-number seed in 0…2^53-1. */
export function rngFromSeed(seed: number): Rng {
  return rngFromKey([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]);
}

/** The stream with the `key` of another stream. */
export function rngFromKey(key: RngKey): Rng {
  return new Threefry(key);
}

class Threefry implements Rng {
  // Each block gives two words; the counter counts blocks.
  #counter = 0;
  #spare: number | undefined;

  constructor(readonly key: RngKey) {}

  child(label: string): Rng {
    const bytes = new TextEncoder().encode(label);
    // Absorb the label eight bytes at a time, its length last, so that no label is a prefix of another's input.
    let key: RngKey = this.key;
    for (let i = 0; i < bytes.length; i += 8) key = threefry2x32(key, [word(bytes, i), word(bytes, i + 4)]);
    return new Threefry(threefry2x32(key, [bytes.length, 0x6d756c61]));
  }

  uniform(): number {
    return this.#next() / 2 ** 32;
  }

  int(n: number): number {
    // Rejection keeps the draw exactly uniform if n does not divide 2^32.
    const limit = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const draw = this.#next();
      if (draw < limit) return draw % n;
    }
  }

  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = items.slice();
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    return shuffled;
  }

  #next(): number {
    if (this.#spare !== undefined) {
      const word = this.#spare;
      this.#spare = undefined;
      return word;
    }
    const [first, second] = threefry2x32(this.key, [
      this.#counter >>> 0,
      Math.floor(this.#counter / 2 ** 32) >>> 0,
    ]);
    this.#counter += 1;
    this.#spare = second;
    return first;
  }
}

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)) >>>
  0;

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const rotate = (x: number, bits: number): number => ((x << bits) | (x >>> (32 - bits))) >>> 0;

/** The Threefry-2x32 block function with 20 rounds; inputs and output are pairs of unsigned 32-bit words. */
export function threefry2x32(key: RngKey, counter: readonly [number, number]): RngKey {
  const keys = [key[0], key[1], (0x1bd11bda ^ key[0] ^ key[1]) >>> 0] as const;
  let x0 = (counter[0] + keys[0]) >>> 0;
  let x1 = (counter[1] + keys[1]) >>> 0;
  for (let round = 0; round < 20; round++) {
    x0 = (x0 + x1) >>> 0;
    x1 = rotate(x1, ROTATIONS[round % 8]!) ^ x0;
    x1 >>>= 0;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x0 = (x0 + keys[injection % 3]!) >>> 0;
      x1 = (x1 + keys[(injection + 1) % 3]! + injection) >>> 0;
    }
  }
  return [x0, x1];
}
