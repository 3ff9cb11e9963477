import "./run-timeline.css";
import { Link } from "@tanstack/react-router";
import { CalendarClock } from "lucide-react";
import { useMemo, useState } from "react";
import type { OverviewReply } from "#contract/overview.ts";
import { useZone } from "../live/zone.ts";
import { formatDuration } from "../ui/format-duration.ts";
import { formatInstant } from "../ui/format-instant.ts";
import { EmptyState } from "../ui/notices.tsx";
import { Panel } from "../ui/panel.tsx";
import { StateIcon } from "../ui/state-badge.tsx";
import { lookOf } from "../ui/state-look.ts";
import { timeTicks } from "../ui/time-ticks.ts";
import { type TimelineBar, type TimelineRow, timelineRows } from "./timeline-rows.ts";

const SHOWN = 25;

interface RunTimelineProps {
  timeline: OverviewReply["timeline"];
  /** The present in ms. */
  at: number;
}

/** The last hours and the next ones, a line for each DAG: runs as bars, what schedules will start as hollow marks. */
export function RunTimeline({ timeline, at }: RunTimelineProps) {
  const zone = useZone();
  const [showsAll, setShowsAll] = useState(false);
  const rows = useMemo(() => timelineRows(timeline, at), [timeline, at]);
  const [from, until] = [Date.parse(timeline.fromAt), Date.parse(timeline.untilAt)];
  const place = (instant: number): string => `${((instant - from) / (until - from)) * 100}%`;
  return (
    <Panel flush title="Last 6 hours, next 2" aside={<Legend />}>
      {rows.length === 0 ? (
        <EmptyState icon={CalendarClock} title="No run in these eight hours">
          Give a DAG a <code>schedule</code> and its coming runs show here.
        </EmptyState>
      ) : (
        <div className="timeline">
          <div className="timeline-axis" aria-hidden="true">
            {timeTicks(from, until, 9).map(tick => (
              <span key={tick} style={{ left: place(tick) }}>
                {formatInstant(tick, zone, "time", at).slice(0, 5)}
              </span>
            ))}
          </div>
          <ul className="timeline-rows">
            {rows.slice(0, showsAll ? undefined : SHOWN).map(row => (
              <TimelineLine key={row.dagId} row={row} />
            ))}
          </ul>
          <div className="timeline-now-box" aria-hidden="true">
            <span className="timeline-now" style={{ left: place(at) }} />
          </div>
          {rows.length > SHOWN && (
            <button type="button" className="fold" onClick={() => setShowsAll(!showsAll)}>
              {showsAll ? "Show fewer DAGs" : `Show ${rows.length - SHOWN} more DAGs`}
            </button>
          )}
        </div>
      )}
    </Panel>
  );
}

function TimelineLine({ row: { dagId, bars, coming } }: { row: TimelineRow }) {
  return (
    <li className="timeline-row">
      <Link to="/dags/$dagId" params={{ dagId }} className="timeline-name cut">
        {dagId}
      </Link>
      <div className="timeline-track">
        {bars.map(bar => (
          <Bar key={bar.run.id} bar={bar} />
        ))}
        {coming.map(({ at, x }) => (
          <span
            key={at}
            className="timeline-coming"
            style={{ left: `${x * 100}%` }}
            data-tip={`will start ${at.slice(11, 16)} UTC`}
          />
        ))}
      </div>
    </li>
  );
}

function Bar({ bar: { run, from, until } }: { bar: TimelineBar }) {
  const { id, state, startedAt, endedAt, kind } = run;
  const { label, tone } = lookOf(state);
  const took =
    startedAt === undefined || endedAt === undefined ? "" : ` · ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}`;
  return (
    <Link
      to="/runs/$runId"
      params={{ runId: id }}
      className={`timeline-bar tone-${tone} bar-${state}`}
      style={{ left: `${from * 100}%`, width: `${(until - from) * 100}%` }}
      data-tip={`${id}\n${label}${took} · ${kind}`}
      aria-label={`${id}, ${label}`}
    />
  );
}

const Legend = () => (
  <span className="row small quiet timeline-legend">
    {(["success", "failed", "running"] as const).map(state => (
      <span key={state} className="row">
        <StateIcon state={state} size={12} tip="" />
        {lookOf(state).label}
      </span>
    ))}
    <span className="row">
      <span className="timeline-coming-mark" /> scheduled
    </span>
  </span>
);
