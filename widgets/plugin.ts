// The JupyterLab plugin: registers the widget module on JupyterLab's own @jupyter-widgets/base.

import * as base from "@jupyter-widgets/base";
import { MODULE, MODULE_VERSION } from "../src/wire/browser.js";
import { create } from "./create.js";
import { type Application, showSavedViews } from "./saved-view.js";

export default {
  id: `${MODULE}:plugin`,
  autoStart: true,
  requires: [base.IJupyterWidgetRegistry],
  activate(app: Application, registry: base.IJupyterWidgetRegistry) {
    registry.registerWidget({ name: MODULE, version: MODULE_VERSION, exports: create(base) });
    showSavedViews(app);
  },
};
