// The live state of runs, as both sides of the comm know it.

export * from "./decoder.js";
export * from "./encoder.js";
export * from "./progress.js";
export * from "./rescore.js";
export * from "./schema.js";
