import { EventsQuery } from "#contract/event.ts";
import type { Caller } from "../auth/caller.ts";
import { inputError } from "../http/check.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { LiveClient } from "../live/live-client.ts";
import { dagOf } from "../live/topics-of.ts";
import { unknownDag, unknownRun } from "./unknown.ts";

/** Rights are looked up when a stream begins; browsers come again by themselves, and miss nothing. */
const LONGEST_MS = 10 * 60_000;

export const watchEvents = defineRoute({
  method: "get",
  path: "/api/v1/events",
  role: "viewer",
  summary:
    "What happens, as server-sent events: what has moved of the topics that are named. Last-Event-ID goes on where a cut was.",
  params: NOTHING,
  query: EventsQuery,
  body: NO_BODY,
  reply: "stream",
  produces: ["text/event-stream"],
  async handle({ query: { topics }, header, caller, signal }, { watchers }) {
    for (const topic of topics) refuseForeignTopic(topic, caller);
    const lastPosition = lastEventId(header("last-event-id"));
    await watchers.begin();
    return {
      contentType: "text/event-stream",
      stream: outlet => {
        const rights = caller.mayRead() ? {} : { mayRead: caller.mayRead };
        const client = new LiveClient({ outlet, topics, ...rights, endsAt: performance.now() + LONGEST_MS });
        const leave = () => {
          watchers.leave(client);
          client.end();
        };
        watchers.join(client, lastPosition);
        signal.addEventListener("abort", leave, { once: true });
        if (signal.aborted) leave();
      },
    };
  },
});

const UNKNOWN: Readonly<Record<string, (id: string) => Error>> = { dag: unknownDag, run: unknownRun, tasks: unknownRun };

function refuseForeignTopic(topic: string, { mayRead }: Caller): void {
  const [, part = "", id = ""] = /^(\w+):(.*)$/.exec(topic) ?? [];
  if (id !== "" && !mayRead(dagOf(id))) throw UNKNOWN[part]!(id);
}

function lastEventId(header: string | undefined): string | undefined {
  if (header === undefined || header === "") return undefined;
  if (/^\d{1,15}-\d{1,15}$/.test(header)) return header;
  throw inputError([{ in: "header", pointer: "#/last-event-id", detail: "must be the id of an event of this stream" }]);
}
