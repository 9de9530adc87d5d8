// snapshot.bin: the state at a boundary of a long journal, so that opening the run need not read all of it. It counts only if
// it is whole, of this version, and the bytes of the journal before that boundary have the hash that it names; otherwise it
// is as if it did not exist. It proves nothing: `verify` and `repair` never read it. docs/decisions has the reasons.

import { createHash, type Hash, hash } from "node:crypto";
import { join } from "node:path";
import type { State } from "../../core/state.js";
import { chunksUpTo, linesOf } from "../../disk/from-offset.js";
import { readRegular } from "../../disk/regular.js";
import { type Mark, START, type Tip } from "../../store/journal.js";
import { soundHash } from "../../store/journal-line.js";
import type { Tally } from "../tally.js";
import { mulabVersion } from "../versions.js";
import { ByteReader, ByteWriter } from "./bytes.js";
import { stateBytes, stateOf } from "./state.js";

export const SNAPSHOT_FILE = "snapshot.bin";

/** Changes with every change of these bytes or of the fold. */
const FORMAT = 1;

/** A boundary of a journal with all that the events before it add up to. */
export interface Base {
  readonly mark: Mark;
  /** Effective events before the boundary. */
  readonly effective: number;
  readonly tally: Tally;
  readonly state: State;
}

/** A snapshot that counts. */
export interface Saved extends Base {
  readonly prefix: Prefix;
}

interface Head extends Omit<Base, "state"> {
  readonly format: number;
  readonly version: string;
  /** sha-256 of the journal up to the mark, byte for byte. */
  readonly prefix: string;
}

/** The sha-256 of the beginning of a journal, of which every line was checked. */
export class Prefix {
  #mark: Mark = START;
  #hash: Hash = createHash("sha256");

  /** That of `path` up to `mark`; null if its bytes do not have the hash `expected`. */
  static async of(path: string, mark: Mark, expected: string): Promise<Prefix | null> {
    const prefix = new Prefix();
    for await (const chunk of chunksUpTo(path, mark.offset)) prefix.#hash.update(chunk);
    prefix.#mark = mark;
    return prefix.hash === expected ? prefix : null;
  }

  get hash(): string {
    return this.#hash.copy().digest("hex");
  }

  /** Reads on to `end`; false if the lines up to there are not those that were written. */
  async advance(path: string, end: Mark): Promise<boolean> {
    let { index, offset, hash: last } = this.#mark;
    const hashed = this.#hash.copy();
    if (index < end.index)
      for await (const line of linesOf(path, offset)) {
        const own = soundHash(line, last);
        if (own === null) return false;
        hashed.update(line).update("\n");
        last = own;
        offset += line.length + 1;
        if (++index === end.index) break;
      }
    if (index !== end.index || offset !== end.offset || last !== end.hash) return false;
    this.#mark = end;
    this.#hash = hashed;
    return true;
  }
}

const HASH_BYTES = 32;

/** The bytes of a snapshot. */
export function snapshotBytes({ mark, effective, tally, state }: Base, prefix: string): Uint8Array {
  const head: Head = { format: FORMAT, version: mulabVersion, mark, effective, tally, prefix };
  const out = new ByteWriter();
  out.bytes(Buffer.alloc(HASH_BYTES));
  out.text(JSON.stringify(head));
  out.bytes(stateBytes(state));
  const bytes = out.done();
  bytes.write(hash("sha256", bytes.subarray(HASH_BYTES)), "hex");
  return bytes;
}

/** The snapshot of the run in `dir`, whose journal is the file `journal` and reached `tip`; null if there is none that counts. */
export async function readSnapshot(dir: string, journal: string, tip: Tip | null): Promise<Saved | null> {
  if (tip === null) return null;
  try {
    const bytes = await readRegular(join(dir, SNAPSHOT_FILE));
    const body = bytes.subarray(HASH_BYTES);
    if (bytes.length < HASH_BYTES || hash("sha256", body) !== bytes.toString("hex", 0, HASH_BYTES))
      return null;
    const from = new ByteReader(body);
    const head = JSON.parse(from.text()) as Head;
    const { format, version, mark, effective, tally } = head;
    if (format !== FORMAT || version !== mulabVersion || !isBefore(mark, tip)) return null;
    const prefix = await Prefix.of(journal, mark, head.prefix);
    return prefix && { mark, effective, tally, state: stateOf(body.subarray(from.at)), prefix };
  } catch {
    return null; // what can't be read does not count
  }
}

/** Whether the journal had come to `mark` when tip.json was written. */
const isBefore = ({ index, hash }: Mark, tip: Tip): boolean =>
  index < tip.events || (index === tip.events && hash === tip.hash);
