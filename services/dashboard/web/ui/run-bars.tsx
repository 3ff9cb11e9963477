import "./run-bars.css";
import { Link } from "@tanstack/react-router";
import type { RunBarReply } from "#contract/dag-line.ts";
import { formatDuration } from "./format-duration.ts";
import { lookOf } from "./state-look.ts";

const SLOTS = 14;
const LOWEST = 0.22;

/** A DAG's last runs as bars, the youngest at the right: height is how long it took, against the longest of them. */
export function RunBars({ runs, slots = SLOTS }: { runs: readonly RunBarReply[]; slots?: number }) {
  const shown = runs.slice(0, slots).reverse();
  const now = Date.now();
  const took = shown.map(run => lengthMs(run, now));
  const longest = Math.max(...took, 1);
  return (
    <span className="run-bars">
      {Array.from({ length: slots - shown.length }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: empty places have no other name
        <span key={i} className="run-bar none" />
      ))}
      {shown.map((run, i) => {
        const { label, tone } = lookOf(run.state);
        const share = LOWEST + (1 - LOWEST) * (took[i]! / longest);
        return (
          <Link
            key={run.id}
            to="/runs/$runId"
            params={{ runId: run.id }}
            tabIndex={-1}
            className={`run-bar tone-${tone} is-${run.state}`}
            data-tip={`${run.id}\n${label} · ${formatDuration(took[i]!)} · ${run.kind}`}
            aria-label={`${run.id} ${label}`}
          >
            <span style={{ height: `${share * 100}%` }} />
          </Link>
        );
      })}
    </span>
  );
}

/** One under way has taken so long so far. */
const lengthMs = ({ state, at, tookMs = 0 }: RunBarReply, now: number): number =>
  state === "running" ? now - Date.parse(at) : tookMs;
