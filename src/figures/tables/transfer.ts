// Share of gradient steps by task in each model.

import { transferCells } from "../../analysis/transfer.js";
import { SHARE } from "../../format/quantities.js";
import { view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { runOf } from "../source.js";

export const transfer: TableDefinition = {
  name: "transfer",
  title: "share of gradient steps by task in each model",
  paper: "µ2Net §5.1",
  of: "run",
  make: (source) =>
    view(transferCells(runOf(source, "transfer").state), [
      { head: "model of", value: ({ task }) => task },
      { head: "trained on", value: ({ source: from }) => from },
      { head: "share", of: SHARE, value: ({ share }) => share },
    ]),
};
