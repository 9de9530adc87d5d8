// Every error that a person can cause: what happened, what was found and expected, where, and what to do. One file per kind;
// the first part of a code says which: `run/locked` is made in run.ts. Codes are stable. Impossible states are
// `satisfies never` where they would arise, not errors here.

export * from "./access.js";
export * from "./cause.js";
export * from "./cells.js";
export * from "./certificate.js";
export * from "./data.js";
export * from "./engine.js";
export * from "./error.js";
export * from "./export.js";
export * from "./journal.js";
export * from "./merge.js";
export * from "./options.js";
export * from "./own-images.js";
export { withoutStop } from "./phrases.js";
export * from "./programme.js";
export * from "./root.js";
export * from "./run.js";
export * from "./store.js";
export * from "./sweep.js";
