// All that the widgets in the browser use of the rest of mulab, in one place.

export type { ModelId, TaskName } from "../../core/model.js";
export { type State } from "../../core/state.js";
export type { Model } from "../../core/model.js";
export { StateDecoder } from "./decoder.js";
export * from "./rescore.js";
export * from "./schema.js";
