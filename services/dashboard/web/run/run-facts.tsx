import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import type { RunDetailReply } from "#contract/run.ts";
import { Took } from "../ui/duration.tsx";
import { Ago, Instant } from "../ui/instant.tsx";

/** What started the run, in words. */
const TRIGGERS: Readonly<Record<RunDetailReply["trigger"]["kind"], string>> = {
  manual: "started by hand",
  schedule: "scheduled",
  api: "started over the API",
  adhoc: "a single pod",
  bench: "a benchmark",
  backfill: "backfill",
  asset: "started by assets",
  trigger: "started by another run",
  rerun: "a rerun",
};

/** When, how long, why: in one line. */
export function RunFacts({ run }: { run: RunDetailReply }) {
  const { trigger, logicalAt, startedAt, endedAt, createdAt, version, cancelAt } = run;
  const facts: (ReactNode | undefined)[] = [
    <>
      {TRIGGERS[trigger.kind]}
      {trigger.by !== undefined && ` by ${trigger.by}`}
      {trigger.rerunOf !== undefined && (
        <>
          {" of "}
          <Link to="/runs/$runId" params={{ runId: trigger.rerunOf }}>
            {trigger.rerunOf}
          </Link>
        </>
      )}
    </>,
    logicalAt === undefined ? undefined : (
      <>
        for <Instant at={logicalAt} style="full" />
      </>
    ),
    <>
      <Ago at={startedAt ?? createdAt} /> (<Instant at={startedAt ?? createdAt} />)
    </>,
    startedAt === undefined ? undefined : (
      <>
        {endedAt === undefined ? "runs for" : "took"} <Took from={startedAt} until={endedAt} />
      </>
    ),
    cancelAt === undefined || endedAt !== undefined ? undefined : "is being stopped",
    <>
      version{" "}
      <Link to="/dags/$dagId" params={{ dagId: run.dagId }} search={{ tab: "code", to: version }} className="mono">
        {version.slice(0, 8)}
      </Link>
    </>,
    run.remark === undefined ? undefined : `note by ${run.remark.by}: ${run.remark.text}`,
  ];
  return (
    <p className="facts-line">
      {facts
        .filter(fact => fact !== undefined)
        .map((fact, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a fact has no other name than its place
          <Fragment key={i}>
            {i > 0 && <span aria-hidden="true"> · </span>}
            <span>{fact}</span>
          </Fragment>
        ))}
    </p>
  );
}
