/**
 * Version of run.json and of the journal's lines; a run of a later one is refused with run/newer-format. 2: the first
 * event has the hash of run.json, and tip.json is beside the journal.
 */
export const RUN_FORMAT = 2;
