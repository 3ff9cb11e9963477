import { Link, useNavigate } from "@tanstack/react-router";
import { Play, TriangleAlert } from "lucide-react";
import type { DagLineReply } from "#contract/dag-line.ts";
import { startUsual } from "../acts/start-run.ts";
import { useMay } from "../live/me.ts";
import { DagZone } from "../live/zone.ts";
import { Button } from "../ui/button.tsx";
import { Duration } from "../ui/duration.tsx";
import { Ago, Instant } from "../ui/instant.tsx";
import { RunBars } from "../ui/run-bars.tsx";
import { StateIcon } from "../ui/state-badge.tsx";
import type { Column } from "../ui/table.tsx";
import { PauseSwitch } from "./pause-switch.tsx";
import { cronOf, scheduleText } from "./schedule-text.ts";

export const DAG_COLUMNS: readonly Column<DagLineReply>[] = [
  { id: "pause", head: <span className="spoken">Active</span>, width: "46px", cell: dag => <PauseSwitch dag={dag} /> },
  { id: "id", head: "DAG", grows: true, sortable: true, cell: dag => <NameCell dag={dag} /> },
  { id: "schedule", head: "Schedule", width: "190px", cell: dag => <ScheduleCell dag={dag} /> },
  { id: "next", head: "Next run", sortable: true, width: "116px", cell: dag => <NextCell dag={dag} /> },
  { id: "last", head: "Last run", sortable: true, width: "116px", cell: dag => <LastCell dag={dag} /> },
  { id: "bars", head: "Last 14", width: "148px", cell: ({ lastRuns }) => <RunBars runs={lastRuns} /> },
  { id: "success", head: "Success", sortable: true, align: "right", width: "80px", cell: dag => <SuccessCell dag={dag} /> },
  {
    id: "p50",
    head: <span data-tip="How long successful runs took: half of them were faster, 95 % were faster">p50 · p95</span>,
    sortable: true,
    align: "right",
    width: "92px",
    cell: ({ p50Ms, p95Ms }) => (
      <span className="two-lines">
        <Duration ms={p50Ms} />
        {p95Ms !== undefined && (
          <span className="quiet small">
            <Duration ms={p95Ms} />
          </span>
        )}
      </span>
    ),
  },
  {
    id: "act",
    head: <span className="spoken">Trigger</span>,
    width: "44px",
    align: "right",
    cell: dag => <TriggerCell dag={dag} />,
  },
];

function NameCell({ dag: { id, description, owner, tags, stale, removedAt } }: { dag: DagLineReply }) {
  return (
    <div className="dag-name">
      <span className="row">
        <Link to="/dags/$dagId" params={{ dagId: id }} className="strong cut">
          {id}
        </Link>
        {stale && (
          <span className="tone-bad dag-stale" data-tip="Its file no longer loads: this is what was last published of it">
            <TriangleAlert size={13} aria-hidden="true" /> stale
          </span>
        )}
        {removedAt !== undefined && <span className="quiet small">file deleted</span>}
        {tags.map(tag => (
          <Link key={tag} to="/dags" search={{ tag }} className="tag">
            {tag}
          </Link>
        ))}
      </span>
      <span className="quiet small cut">{[owner, description].filter(Boolean).join(" · ")}</span>
    </div>
  );
}

function ScheduleCell({ dag: { schedule, timezone } }: { dag: DagLineReply }) {
  const text = scheduleText(schedule);
  if (text === undefined) return <span className="quiet">by hand</span>;
  const cron = cronOf(schedule);
  return (
    <span className="schedule" data-tip={cron === undefined ? undefined : `${cron}\n${timezone}`}>
      {text}
    </span>
  );
}

const NextCell = ({ dag: { nextRunAt, paused, timezone } }: { dag: DagLineReply }) => (
  <DagZone value={timezone}>
    {nextRunAt !== undefined ? <Instant at={nextRunAt} /> : <span className="quiet">{paused ? "paused" : "–"}</span>}
  </DagZone>
);

function LastCell({ dag: { lastRuns, timezone } }: { dag: DagLineReply }) {
  const [last] = lastRuns;
  if (last === undefined) return <span className="quiet">never</span>;
  return (
    <DagZone value={timezone}>
      <Link to="/runs/$runId" params={{ runId: last.id }} className="row last-run">
        <StateIcon state={last.state} />
        <Ago at={last.at} />
      </Link>
    </DagZone>
  );
}

const SuccessCell = ({ dag: { successRate } }: { dag: DagLineReply }) =>
  successRate === undefined ? (
    <span className="quiet">–</span>
  ) : (
    <span className={successRate < LOW ? "low" : ""}>{Math.round(successRate * 100)} %</span>
  );

/** Fewer successes than this are worth a look. */
const LOW = 0.8;

function TriggerCell({ dag: { id, removedAt } }: { dag: DagLineReply }) {
  const navigate = useNavigate();
  if (!useMay("operator") || removedAt !== undefined) return null;
  const show = (runId: string) => navigate({ to: "/runs/$runId", params: { runId } });
  return <Button kind="quiet" small icon={Play} tip={`Trigger ${id}`} onClick={() => void startUsual(id, show)} />;
}
