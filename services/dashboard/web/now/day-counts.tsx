import "./day-counts.css";
import { Link } from "@tanstack/react-router";
import type { OverviewReply } from "#contract/overview.ts";
import { RUN_STATES } from "../runs/run-states.ts";
import { StateIcon } from "../ui/state-badge.tsx";
import { lookOf } from "../ui/state-look.ts";

/** Runs of the last 24 hours by state, each a way to them. */
export function DayCounts({ counts }: { counts: OverviewReply["counts"] }) {
  return (
    <ul className="day-counts" aria-label="Runs of the last 24 hours">
      <li className="quiet small">24 h</li>
      {RUN_STATES.map(state => (
        <li key={state}>
          <Link
            to="/runs"
            search={{ state }}
            className="day-count"
            data-tip={`${counts[state] ?? 0} runs ${lookOf(state).label}`}
          >
            <StateIcon state={state} size={13} tip="" />
            <span className="number strong">{counts[state] ?? 0}</span>
            <span className="small quiet">{lookOf(state).label}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
