import type { StateEvent } from "#state/event-stream.ts";
import { entityOf } from "./topics-of.ts";

/** The last event of every thing, in the order in which they came. */
export function coalesce(events: readonly StateEvent[]): StateEvent[] {
  const last = new Map<string, StateEvent>();
  for (const event of events) {
    const entity = entityOf(event);
    // Put back, it is the youngest.
    last.delete(entity);
    last.set(entity, event);
  }
  return [...last.values()];
}
