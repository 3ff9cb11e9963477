import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Activity, FileCode, User, Workflow } from "lucide-react";
import { queries } from "../api/queries.ts";
import { eventText } from "../run/event-text.ts";
import { Instant } from "../ui/instant.tsx";
import { EmptyState, LoadingState } from "../ui/notices.tsx";
import { Panel } from "../ui/panel.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { type DagEvent, dagEvents } from "./dag-events.ts";

const RUNS = 20;
const ICONS = { person: User, run: Workflow, version: FileCode } as const;

const COLUMNS: readonly Column<DagEvent>[] = [
  { id: "at", head: "When", width: "150px", cell: ({ at }) => <Instant at={at} /> },
  {
    id: "who",
    head: "Who",
    width: "150px",
    cell: ({ kind, who }) => {
      const Icon = ICONS[kind];
      return (
        <span className="row">
          <Icon size={13} className="quiet" aria-hidden="true" />
          {who}
        </span>
      );
    },
  },
  { id: "what", head: "What", grows: true, cell: ({ what }) => what },
  {
    id: "run",
    head: "Run",
    cell: ({ runId, dagId }) =>
      runId !== undefined && (
        <Link to="/runs/$runId" params={{ runId }} className="nowrap">
          {runId.slice(dagId.length + 1)}
        </Link>
      ),
  },
];

/** What people did to the DAG's last runs, how these began and ended, and which versions were published. */
export function EventsTab({ dagId }: { dagId: string }) {
  const runs = useQuery(queries.runs({ dagId, limit: RUNS }));
  const versions = useQuery(queries.versions(dagId));
  const histories = useQueries({
    queries: (runs.data?.runs ?? []).map(({ id }) => ({ ...queries.history(id), refetchInterval: false as const })),
  });
  if (runs.data === undefined || histories.some(({ isPending }) => isPending)) return <LoadingState what="the events" />;
  const events = dagEvents(
    dagId,
    runs.data.runs.map(({ id }, i) => ({ runId: id, events: histories[i]?.data?.events ?? [] })),
    versions.data?.versions ?? [],
    eventText,
  );
  return (
    <Panel flush title={`The last ${RUNS} runs and all versions`}>
      {events.length === 0 ? (
        <EmptyState icon={Activity} title="Nothing has happened yet" />
      ) : (
        <Table label="events" columns={COLUMNS} rows={events} keyOf={({ key }) => key} />
      )}
    </Panel>
  );
}
