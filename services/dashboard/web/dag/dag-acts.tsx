import { useQuery } from "@tanstack/react-query";
import type { DagDetailReply } from "#contract/dag.ts";
import { TriggerButton } from "../acts/trigger-button.tsx";
import { queries } from "../api/queries.ts";
import { PauseSwitch } from "../dags/pause-switch.tsx";

/** What can be done to a DAG. */
export function DagActs({ dag }: { dag: DagDetailReply }) {
  const last = useQuery(queries.runs({ dagId: dag.id, limit: 1 }));
  if (dag.removedAt !== undefined) return <span className="quiet">Its file was deleted: it cannot be run.</span>;
  const conf = last.data?.runs[0]?.conf;
  return (
    <>
      <span className="row">
        <PauseSwitch dag={dag} />
        <span className="small quiet">{dag.paused ? "Paused" : "Active"}</span>
      </span>
      <TriggerButton
        dagId={dag.id}
        hasSchedule={dag.schedule !== undefined}
        lastConf={conf !== undefined && Object.keys(conf).length > 0 ? conf : undefined}
      />
    </>
  );
}
