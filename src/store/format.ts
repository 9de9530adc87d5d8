/** Version of run.json and of the journal's lines; a run of a later one is refused with run/newer-format. */
export const RUN_FORMAT = 1;
