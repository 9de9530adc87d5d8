// For `mulab verify`: a resume drops exactly what came after the last boundary, and the dropped events begin like those that
// replaced them.

import { type Event, isBoundary, withoutClock } from "../../core/event.js";
import { canonicalJson } from "../digest.js";

/** Broken rules, each with its line of the journal. */
export function* resumeFailures(events: readonly Event[]): Generator<string> {
  const effective: Event[] = [];
  /** Counts of events up to each boundary among the effective ones. */
  const boundaries = [0];
  const dropped: { line: number; from: number; events: readonly Event[] }[] = [];
  for (const [index, event] of events.entries()) {
    if (event.type !== "run-resumed") {
      effective.push(event);
      if (isBoundary(event)) boundaries.push(effective.length);
      continue;
    }
    const line = index + 1;
    const { kept } = event;
    if (kept > effective.length) {
      yield `line ${line}: it keeps ${kept} events of ${effective.length}`;
      continue;
    }
    const last = boundaries.at(-1)!;
    if (kept !== last) yield `line ${line}: it keeps ${kept} events, but the last boundary is after ${last}`;
    const before = effective[kept - 1]?.type;
    if (before === "run-ended" || before === "merge-ended" || before === "task-forgotten")
      yield `line ${line}: it resumes a run that had ended`;
    dropped.push({ line, from: kept, events: effective.slice(kept) });
    effective.length = kept;
    while (boundaries.at(-1)! > kept) boundaries.pop();
  }
  for (const { line, from, events } of dropped)
    for (const [i, event] of events.entries()) {
      const again = effective[from + i];
      if (!again || !isDrawn(event)) break;
      if (canonicalJson(drawnPart(again)) === canonicalJson(drawnPart(event))) continue;
      yield `line ${line}: event ${from + i + 1} is not what it was before the resume`;
      break;
    }
}

/** Events that the seed and the journal before them determine on any machine. */
const isDrawn = ({ type }: Event): boolean =>
  type === "activation-started" || type === "generation-started" || type === "child-planned";

/** The event without its clock and without numbers that powers round. */
function drawnPart(event: Event): object {
  const body = withoutClock(event);
  if (body.type !== "child-planned") return body;
  const { reference: _reference, sizeFactor: _sizeFactor, formula: _formula, ...plan } = body.plan;
  return { ...body, plan };
}
