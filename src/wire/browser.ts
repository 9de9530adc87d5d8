// Everything in the rest of mulab that the widgets in the browser use, in one place.

export { lineageRows } from "../analysis/lineage.js";
export * from "../analysis/rescore.js";
export { layerTransferCells } from "../analysis/transfer.js";
export type { Model, ModelId } from "../core/model.js";
export { type State, standingTasks } from "../core/state.js";
export { mutationWords } from "../format/mutation.js";
export { StateDecoder } from "./decoder.js";
export * from "./schema.js";
