// One plugin that registers one widget: a text, as the simplest proof that views get their model.

import { DOMWidgetModel, DOMWidgetView, IJupyterWidgetRegistry } from "@jupyter-widgets/base";

class GreetingModel extends DOMWidgetModel {
  defaults() {
    return {
      ...super.defaults(),
      _model_name: "GreetingModel",
      _model_module: "mulab-sample",
      _model_module_version: "1.0.0",
      _view_name: "GreetingView",
      _view_module: "mulab-sample",
      _view_module_version: "1.0.0",
      text: "",
    };
  }
}

class GreetingView extends DOMWidgetView {
  render() {
    this.el.classList.add("mulab-sample");
    const show = () => {
      this.el.textContent = this.model.get("text");
    };
    this.listenTo(this.model, "change:text", show);
    show();
  }
}

export default {
  id: "mulab-sample:plugin",
  autoStart: true,
  requires: [IJupyterWidgetRegistry],
  activate(_app, registry) {
    registry.registerWidget({
      name: "mulab-sample",
      version: "1.0.0",
      exports: { GreetingModel, GreetingView },
    });
  },
};
