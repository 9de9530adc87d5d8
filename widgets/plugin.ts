// The JupyterLab plugin: registers the widget module on JupyterLab's own @jupyter-widgets/base.

import * as base from "@jupyter-widgets/base";
import { MODULE, MODULE_VERSION } from "../src/wire/browser.js";
import { create } from "./create.js";
import type { Application } from "./jupyterlab.js";
import { showSavedViews } from "./saved-view.js";
import { followTheme } from "./themed-chart.js";

export default {
  id: `${MODULE}:plugin`,
  autoStart: true,
  requires: [base.IJupyterWidgetRegistry],
  activate(app: Application, registry: base.IJupyterWidgetRegistry) {
    registry.registerWidget({ name: MODULE, version: MODULE_VERSION, exports: create(base) });
    app.docRegistry?.addWidgetExtension("Notebook", {
      createNew: ({ content: { rendermime } }) => {
        showSavedViews(rendermime, app);
        followTheme(rendermime);
      },
    });
  },
};
