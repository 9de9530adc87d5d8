// When a run stores snapshots: seldom enough that they cost nothing, often enough that opening it reads little.

import { join } from "node:path";
import type { State } from "../../core/state.js";
import { JOURNAL_FILE, type RunFolder } from "../folder.js";
import type { History } from "../history.js";
import { type Base, Prefix, snapshotBytes } from "./file.js";

/** A journal of this size is read in a tenth of a second, so a shorter one has no snapshot. */
const LEAST_BYTES = 4 * 2 ** 20;

/** The share by which a journal grows before it has a new snapshot while the run is in progress. */
const LEAST_GROWTH = 1 / 4;

export class SnapshotSaver {
  readonly #prefix: Prefix;

  constructor(
    readonly folder: Pick<RunFolder, "dir" | "journal" | "saveSnapshot">,
    readonly history: History,
    readonly leastBytes = LEAST_BYTES,
  ) {
    this.#prefix = history.saved?.prefix ?? new Prefix();
  }

  /**
   * Stores `state`, which must be that of a boundary at which the journal ends and all dead layers are removed, if the journal
   * has grown enough since the last time; `isLast` if nothing follows for now.
   */
  async save(state: State, { isLast = false } = {}): Promise<void> {
    const { folder, history } = this;
    const mark = folder.journal.end;
    if (!mark || state.merging.length > 0) return;
    const before = history.base.mark.offset;
    const grown = mark.offset - before;
    if (grown < Math.max(1, this.leastBytes) || (!isLast && grown < before * LEAST_GROWTH)) return;
    try {
      if (!(await this.#prefix.advance(join(folder.dir, JOURNAL_FILE), mark))) return;
      const base: Base = { mark, effective: history.effective, tally: history.tally, state };
      await folder.saveSnapshot(snapshotBytes(base, this.#prefix.hash));
      history.moveTo(base);
    } catch {} // a run works without; if the disk or the lock is gone, the next line of the journal says so
  }
}
