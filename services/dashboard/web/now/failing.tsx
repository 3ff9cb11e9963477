import "./failing.css";
import { Link } from "@tanstack/react-router";
import { ChevronRight, PartyPopper } from "lucide-react";
import { useState } from "react";
import type { FailureGroupReply } from "#contract/overview.ts";
import { BlameBadge } from "../ui/blame-badge.tsx";
import { Ago } from "../ui/instant.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Panel } from "../ui/panel.tsx";

/** What is broken: failures by DAG, task and code, with what was wrong in a sentence and since when. */
export function Failing({ groups }: { groups: readonly FailureGroupReply[] }) {
  const [showsRecovered, setShowsRecovered] = useState(false);
  const broken = groups.filter(({ recoveredAt }) => recoveredAt === undefined);
  const recovered = groups.filter(({ recoveredAt }) => recoveredAt !== undefined);
  return (
    <Panel
      flush
      title={
        <>
          Failing now <span className="count">{broken.length}</span>
        </>
      }
      aside={
        <Link to="/runs" search={{ state: "failed" }}>
          All failed runs
        </Link>
      }
    >
      {broken.length === 0 ? (
        <EmptyState icon={PartyPopper} title="Nothing is broken">
          Tasks whose last run failed are listed here, one line for each kind of failure.
        </EmptyState>
      ) : (
        <ul>
          {broken.map(group => (
            <FailureRow key={keyOf(group)} group={group} />
          ))}
        </ul>
      )}
      {recovered.length > 0 && (
        <>
          <button
            type="button"
            className="fold"
            aria-expanded={showsRecovered}
            onClick={() => setShowsRecovered(!showsRecovered)}
          >
            <ChevronRight size={14} className={showsRecovered ? "turned" : ""} aria-hidden="true" />
            {recovered.length} more of the last 24 hours went well again
          </button>
          {showsRecovered && (
            <ul className="recovered">
              {recovered.map(group => (
                <FailureRow key={keyOf(group)} group={group} />
              ))}
            </ul>
          )}
        </>
      )}
    </Panel>
  );
}

const keyOf = ({ dagId, taskId, code }: FailureGroupReply): string => `${dagId} ${taskId} ${code}`;

function FailureRow({ group }: { group: FailureGroupReply }) {
  const { dagId, taskId, code, blame, message, advice, count, firstAt, lastAt, runId, recoveredAt } = group;
  return (
    <li className="failure">
      <div className="failure-head">
        <Link to="/dags/$dagId" params={{ dagId }} className="strong">
          {dagId}
        </Link>
        {taskId !== undefined && (
          <>
            <span className="quiet">›</span>
            <Link to="/runs/$runId/tasks/$taskId" params={{ runId, taskId }} className="strong cut">
              {taskId}
            </Link>
          </>
        )}
        <BlameBadge code={code} blame={blame} />
        <span className="failure-when quiet small">
          {count > 1 && (
            <>
              <span className="strong number">{count}×</span> since <Ago at={firstAt} />, last{" "}
            </>
          )}
          <Ago at={lastAt} />
        </span>
      </div>
      <p className="failure-text" data-tip={advice}>
        {message === "" ? code : message}
      </p>
      <p className="small quiet row">
        <Link to="/runs/$runId" params={{ runId }} className="cut">
          {runId}
        </Link>
        {recoveredAt !== undefined && (
          <span className="nowrap">
            · well again <Ago at={recoveredAt} />
          </span>
        )}
      </p>
    </li>
  );
}
