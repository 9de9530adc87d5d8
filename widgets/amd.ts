// The module for static HTML and the classic notebook; the build wraps it in define(["@jupyter-widgets/base"]).

import * as base from "@jupyter-widgets/base";
import { create } from "./create.js";

export default create(base);
