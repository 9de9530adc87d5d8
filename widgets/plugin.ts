// The JupyterLab plugin: registers the widget module on JupyterLab's own @jupyter-widgets/base.

import * as base from "@jupyter-widgets/base";
import { MODULE, MODULE_VERSION } from "../src/wire/browser.js";
import { create } from "./create.js";

export default {
  id: `${MODULE}:plugin`,
  autoStart: true,
  requires: [base.IJupyterWidgetRegistry],
  activate(_app: unknown, registry: base.IJupyterWidgetRegistry) {
    registry.registerWidget({ name: MODULE, version: MODULE_VERSION, exports: create(base) });
  },
};
