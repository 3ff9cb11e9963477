import "./durations.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChartColumn } from "lucide-react";
import { useMemo } from "react";
import { queries } from "../api/queries.ts";
import { useZone } from "../live/zone.ts";
import { formatDuration } from "../ui/format-duration.ts";
import { formatInstant } from "../ui/format-instant.ts";
import { EmptyState } from "../ui/notices.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { lookOf } from "../ui/state-look.ts";
import { DURATION_STEPS, roundSteps } from "../ui/time-ticks.ts";
import { type DurationBar, durationChart } from "./duration-chart.ts";

const RUNS = 100;
const MOST_LINES = 5;

/** How long the last runs took, and how long each waited to start, against the median of those that went well. */
export function DurationsTab({ dagId }: { dagId: string }) {
  const runs = useQuery(queries.runs({ dagId, limit: RUNS }));
  return (
    <QueryView query={runs} what="the runs">
      {({ runs: found }) =>
        found.length === 0 ? (
          <Panel>
            <EmptyState icon={ChartColumn} title="Nothing has run yet">
              Each run of the DAG will be a bar here.
            </EmptyState>
          </Panel>
        ) : (
          <Chart chart={durationChart(found, Date.now())} />
        )
      }
    </QueryView>
  );
}

function Chart({ chart: { bars, longestMs, medianMs, p95Ms } }: { chart: ReturnType<typeof durationChart> }) {
  const zone = useZone();
  const lines = useMemo(() => roundSteps(longestMs, MOST_LINES, DURATION_STEPS), [longestMs]);
  const height = (ms: number): string => `${(ms / longestMs) * 100}%`;
  return (
    <Panel
      title={`The last ${bars.length} runs`}
      aside={
        <span className="row small quiet">
          {medianMs !== undefined && (
            <>
              <span>
                p50 <strong className="number">{formatDuration(medianMs)}</strong>
              </span>
              <span>
                p95 <strong className="number">{formatDuration(p95Ms ?? medianMs)}</strong>
              </span>
            </>
          )}
          <span className="row">
            <span className="durations-wait-mark" /> waited
          </span>
        </span>
      }
    >
      <div className="durations">
        <div className="durations-lines" aria-hidden="true">
          {lines.map(ms => (
            <span key={ms} style={{ bottom: height(ms) }} data-text={ms === 0 ? "0" : formatDuration(ms)} />
          ))}
          {medianMs !== undefined && <i style={{ bottom: height(medianMs) }} />}
        </div>
        <ol className="durations-bars">
          {bars.map(bar => (
            <li key={bar.id} className={`tone-${lookOf(bar.state).tone} is-${bar.state}`}>
              <Link
                to="/runs/$runId"
                params={{ runId: bar.id }}
                aria-label={`${bar.id} ${lookOf(bar.state).label}`}
                data-tip={tipOf(bar, zone)}
              >
                <span className="durations-wait" style={{ height: height(bar.waitedMs) }} />
                <span className="durations-ran" style={{ height: height(bar.ranMs) }} />
              </Link>
            </li>
          ))}
        </ol>
      </div>
      <p className="row apart small quiet durations-ends">
        <span>{formatInstant(bars[0]!.at, zone, "auto", Date.now())}</span>
        <span>{formatInstant(bars.at(-1)!.at, zone, "auto", Date.now())}</span>
      </p>
    </Panel>
  );
}

const tipOf = ({ id, state, ranMs, waitedMs, at }: DurationBar, zone: string): string =>
  [
    id,
    `${lookOf(state).label} · ran ${formatDuration(ranMs)} · waited ${formatDuration(waitedMs)}`,
    formatInstant(at, zone, "full", at),
  ].join("\n");
