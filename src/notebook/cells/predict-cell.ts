// `%predict`: what a task's model says of images.

import type { ColumnTable } from "arquero";
import { usage } from "../../core/errors/index.js";
import { predict } from "../../export/predict.js";
import { predictionView } from "../../export/prediction-view.js";
import { shownTable } from "../../figures/tables/shown.js";
import type { Call } from "./call.js";
import { folderOf } from "./show.js";

/** `%predict TASK RUN IMAGES`: the run is a variable, a name in ./runs or a folder; a name with spaces goes into quotes. */
export async function predictLine({ args, signal }: Pick<Call, "args" | "signal">): Promise<ColumnTable> {
  const words = Array.from(args.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g), ([, a, b, c]) => a ?? b ?? c!);
  const [task, name, ...images] = words;
  if (task === undefined || name === undefined || images.length === 0)
    throw usage("Name a task, a run and images, as in %predict glyphs/khmer first photos/*.png.");
  return shownTable(predictionView(await predict(folderOf(name), task, images, { signal })));
}
