import { Link } from "@tanstack/react-router";
import { useNow } from "../live/clock.ts";
import { useZone } from "../live/zone.ts";
import { formatDuration } from "../ui/format-duration.ts";
import { formatInstant } from "../ui/format-instant.ts";
import { lookOf } from "../ui/state-look.ts";
import type { Grid } from "./grid-query.ts";
import { COLUMN } from "./grid-size.ts";

type Run = Grid["runs"][number];

const BAR_PX = 48;
/** Dates stand over every so many columns, where there is room for them. */
const DATE_EVERY = 4;

const tookOf = ({ startedAt, endedAt }: Run, nowMs: number): number =>
  startedAt === undefined ? 0 : (endedAt === undefined ? nowMs : Date.parse(endedAt)) - Date.parse(startedAt);

/** A bar for each run: how long it took, and how it ended. */
export function GridHead({ runs, first }: { runs: readonly Run[]; first: number }) {
  const nowMs = useNow();
  const zone = useZone();
  const longest = Math.max(1, ...runs.map(run => tookOf(run, nowMs)));
  return (
    <div className="grid-head" role="row">
      <span className="grid-name" role="columnheader">
        <span className="grid-longest number" aria-hidden="true">
          {formatDuration(longest)}
        </span>
        Task
      </span>
      {runs.map((run, i) => {
        const { tone, label, icon: Icon } = lookOf(run.state);
        const tookMs = tookOf(run, nowMs);
        const at = Date.parse(run.logicalAt ?? run.createdAt);
        return (
          <span
            key={run.id}
            role="columnheader"
            className="grid-run"
            style={{ left: `calc(var(--grid-name) + ${(first + i) * COLUMN}px)` }}
          >
            {(first + i) % DATE_EVERY === 0 && (
              <span className="grid-date number">{formatInstant(at, zone, "auto", nowMs).replace(/:\d\d$/, "")}</span>
            )}
            <Link
              to="/runs/$runId"
              params={{ runId: run.id }}
              className={`grid-bar tone-${tone}`}
              aria-label={`${run.id}, ${label}`}
              data-tip={`${run.id}\n${label} · ${formatDuration(tookMs)}\n${formatInstant(at, zone, "full", nowMs)} · ${run.trigger}`}
            >
              <span className="grid-bar-fill" style={{ height: Math.max(3, (tookMs / longest) * BAR_PX) }} />
              <Icon size={11} strokeWidth={3} aria-hidden="true" />
            </Link>
          </span>
        );
      })}
    </div>
  );
}
