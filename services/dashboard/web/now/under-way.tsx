import "./under-way.css";
import { Link } from "@tanstack/react-router";
import { Coffee } from "lucide-react";
import type { RunningReply } from "#contract/overview.ts";
import { useNow } from "../live/clock.ts";
import { formatDuration } from "../ui/format-duration.ts";
import { EmptyState } from "../ui/notices.tsx";
import { Panel } from "../ui/panel.tsx";
import { StateIcon } from "../ui/state-badge.tsx";

/** Runs under way: how far, how long, and whether that is longer than usual. */
export function UnderWay({ runs, count }: { runs: readonly RunningReply[]; count: number }) {
  return (
    <Panel
      flush
      title={
        <>
          Running <span className="count">{count}</span>
        </>
      }
      aside={
        <Link to="/runs" search={{ state: "running" }}>
          All
        </Link>
      }
    >
      {runs.length === 0 ? (
        <EmptyState icon={Coffee} title="Nothing runs">
          Start a DAG from the <Link to="/dags">list</Link>, or press <kbd>Ctrl K</kbd> and type its name.
        </EmptyState>
      ) : (
        <ul>
          {runs.slice(0, SHOWN).map(run => (
            <UnderWayRow key={run.id} run={run} />
          ))}
          {count > SHOWN && <li className="under-way-more quiet small">and {count - SHOWN} more</li>}
        </ul>
      )}
    </Panel>
  );
}

const SHOWN = 12;
/** So much longer than the median is worth a look. */
const LATE = 1.5;

function UnderWayRow({ run: { id, dagId, state, startedAt, createdAt, tasks, ended, failed, medianMs } }: { run: RunningReply }) {
  const now = useNow();
  const ranMs = now - Date.parse(startedAt ?? createdAt);
  const isLate = medianMs !== undefined && ranMs > medianMs * LATE && ranMs - medianMs > 10_000;
  const share = tasks === 0 ? 0 : ended / tasks;
  return (
    <li className="under-way">
      <StateIcon state={state} />
      <div className="stack under-way-name">
        <span className="row">
          <Link to="/runs/$runId" params={{ runId: id }} className="strong cut">
            {dagId}
          </Link>
          <span className="quiet small cut">{id.slice(dagId.length + 1)}</span>
        </span>
        <div
          className="progress"
          role="progressbar"
          aria-label={`${ended} of ${tasks} tasks ended`}
          aria-valuenow={Math.round(share * 100)}
        >
          <span style={{ width: `${share * 100}%` }} className={failed > 0 ? "has-failed" : ""} />
        </div>
      </div>
      <div className="under-way-numbers">
        <span className="number">
          {ended}/{tasks}
          {failed > 0 && <span className="tone-bad under-way-failed"> · {failed} failed</span>}
        </span>
        <span
          className={`number small ${isLate ? "under-way-late" : "quiet"}`}
          data-tip={isLate ? "Longer than its runs usually take" : undefined}
        >
          {formatDuration(ranMs)}
          {medianMs !== undefined && ` of ~${formatDuration(medianMs)}`}
        </span>
      </div>
    </li>
  );
}
