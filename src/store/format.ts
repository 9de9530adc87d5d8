/** The version of runs into which another system was merged, which earlier versions of mulab can't read. */
export const MERGED_FORMAT = 3;

/**
 * Version of run.json and of the journal's lines; a run of a later one than the latest is refused with run/newer-format. 2: the first
 * event has the hash of run.json, and tip.json is beside the journal.
 */
export const RUN_FORMAT = 2;

/** The latest version that this mulab reads. */
export const LATEST_FORMAT: number = Math.max(RUN_FORMAT, MERGED_FORMAT);
