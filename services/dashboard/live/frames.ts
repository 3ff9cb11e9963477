import type { EventName } from "#contract/event.ts";
import { toInstant } from "#contract/instant.ts";
import type { StateEvent } from "#state/event-stream.ts";
import { dagIdOf } from "./topics-of.ts";

/** A server-sent event without the empty line that ends it. */
const frame = (name: EventName, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n`;

const READY = frame("ready", {});
const RESYNC = frame("resync", {});

export function frameOf(event: StateEvent): string {
  const { kind, id: _, at, ...change } = event;
  const dagId = dagIdOf(event);
  return frame(kind, { ...change, ...(dagId === undefined ? {} : { dagId }), at: toInstant(at) });
}

/** Frames that belong together. Only the last one moves the client's Last-Event-ID: who is cut off before it hears all of them again. */
export const batchText = (frames: readonly string[], position: string): string => `${frames.join("\n")}id: ${position}\n\n`;

export const readyText = (position: string): string => batchText([READY], position);

export const resyncText = (position: string): string => batchText([RESYNC], position);

/** Tells a browser nothing but how far it has come: without it, a client to whom nothing happens could not go on where it was. */
export const pulseText = (position: string): string => `: alive\nid: ${position}\n\n`;
