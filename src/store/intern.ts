// Equal parts of events as one object: a run of 64,000 children names each layer hundreds of times, and as separate objects
// these fill gigabytes.

import type { Event } from "../core/event.js";
import type { Layer, Position } from "../core/model.js";

/** Replaces equal layers and positions of the events that it is given, which nobody else may have yet, by one object each. */
export function interner(): (event: Event) => Event {
  const layers = new Map<string, Layer>();
  const positions = new Map<string, Position>();

  const layer = (found: Layer): Layer => {
    const known = layers.get(found.id);
    if (known === undefined) {
      layers.set(found.id, found);
      return found;
    }
    return isSame(known, found) ? known : found;
  };
  const position = (found: Position): Position => {
    const { name, source } = found;
    const key = source.how === "init" ? name : `${name} ${source.how} ${source.layer.id}`;
    const known = positions.get(key);
    if (known !== undefined && isSameSource(known, found)) return known;
    const made: Position =
      source.how === "init" ? found : { name, source: { ...source, layer: layer(source.layer) } };
    if (known === undefined) positions.set(key, made);
    return made;
  };
  const each = <T>(items: readonly T[], one: (item: T) => T): void => {
    for (let i = 0; i < items.length; i++) (items as T[])[i] = one(items[i]!);
  };

  return (event) => {
    if (event.type === "child-planned") each(event.plan.positions, position);
    else if (event.type === "child-finished" && event.outcome.result === "improved")
      each(event.outcome.path, layer);
    else if (event.type === "root-added") each(event.path, layer);
    return event;
  };
}

const isSame = (a: Layer, b: Layer): boolean =>
  a.id === b.id &&
  a.name === b.name &&
  a.paramCount === b.paramCount &&
  a.history.length === b.history.length &&
  a.history.every(({ task, steps }, i) => task === b.history[i]!.task && steps === b.history[i]!.steps);

const isSameSource = ({ source: a }: Position, { source: b }: Position): boolean =>
  a.how === b.how && (a.how === "init" || b.how === "init" || isSame(a.layer, b.layer));
