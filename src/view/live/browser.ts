// All that the widgets in the browser use of the rest of mulab, in one place.

export { lineageRows } from "../../analysis/lineage.js";
export { layerTransferCells } from "../../analysis/transfer.js";
export type { Model, ModelId } from "../../core/model.js";
export { type State, standingTasks } from "../../core/state.js";
export { StateDecoder } from "./decoder.js";
export { mutationWords } from "./mutation-words.js";
export * from "./rescore.js";
export * from "./schema.js";
