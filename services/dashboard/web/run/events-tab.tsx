import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Bot, Cpu, type LucideIcon, User } from "lucide-react";
import { useState } from "react";
import { queries } from "../api/queries.ts";
import { Button } from "../ui/button.tsx";
import { Instant } from "../ui/instant.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { eventText, type HistoryEvent } from "./event-text.ts";

const ACTORS: Readonly<Record<HistoryEvent["actor"]["kind"], { icon: LucideIcon; name: string }>> = {
  person: { icon: User, name: "person" },
  worker: { icon: Cpu, name: "worker" },
  leader: { icon: Bot, name: "scheduler" },
};

const PAGE = 500;

/** Everything that happened in the run, in order: the newest last, or of one kind of actor only. */
export function EventsTab({ runId }: { runId: string }) {
  const query = useQuery(queries.history(runId));
  const [by, setBy] = useState<HistoryEvent["actor"]["kind"]>();
  const [shown, setShown] = useState(PAGE);
  return (
    <QueryView query={query} what="the history">
      {({ events }) => {
        const rows = events.filter(({ actor }) => by === undefined || actor.kind === by);
        return (
          <Panel
            flush
            title={`${rows.length.toLocaleString("en")} events`}
            aside={([undefined, "person", "worker", "leader"] as const).map(kind => (
              <Button key={kind ?? "all"} small aria-pressed={by === kind} onClick={() => setBy(kind)}>
                {kind === undefined ? "All" : ACTORS[kind].name}
              </Button>
            ))}
          >
            <ol className="events">
              {rows.slice(0, shown).map((event, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the history only grows at its end
                <Event key={i} runId={runId} event={event} />
              ))}
            </ol>
            {rows.length > shown && (
              <div className="events-more">
                <Button onClick={() => setShown(shown + PAGE)}>Show {Math.min(PAGE, rows.length - shown)} more</Button>
              </div>
            )}
          </Panel>
        );
      }}
    </QueryView>
  );
}

function Event({ runId, event }: { runId: string; event: HistoryEvent }) {
  const { icon: Icon, name } = ACTORS[event.actor.kind];
  const who = event.actor.name ?? name;
  return (
    <li className="event">
      <Instant at={event.at} style="time" />
      <span className="event-who cut" data-tip={`${name} ${event.actor.name ?? ""}`}>
        <Icon size={13} aria-label={name} /> {who}
      </span>
      <span className="event-task cut">
        {event.taskId !== undefined && (
          <Link to="/runs/$runId/tasks/$taskId" params={{ runId, taskId: event.taskId }}>
            {event.taskId}
          </Link>
        )}
      </span>
      <span className="event-text">{eventText(event)}</span>
      <code className="event-type">{event.type}</code>
    </li>
  );
}
