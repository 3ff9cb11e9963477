import "../run/run.css";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import type { DagDetailReply } from "#contract/dag.ts";
import { queries } from "../api/queries.ts";
import { QueryView } from "../ui/query-view.tsx";
import type { NodeLook } from "./drawing.tsx";
import { GraphView } from "./graph-view.tsx";
import { layoutQuery } from "./layout-query.ts";
import { TaskSpecView } from "./task-spec-view.tsx";

/** The DAG as its file says it. What is chosen shows its options beside it. */
export function DagGraph({ dagId }: { dagId: string }) {
  const query = useQuery(queries.dag(dagId));
  return (
    <QueryView query={query} what="the DAG">
      {dag => <Known dag={dag} />}
    </QueryView>
  );
}

function Known({ dag }: { dag: DagDetailReply }) {
  const [chosen, setChosen] = useState<string>();
  const query = useQuery(layoutQuery(dag.id, dag.version));
  const tasks = useMemo(() => new Map(dag.spec.tasks.map(task => [task.id, task])), [dag.spec.tasks]);
  const lookOf = useCallback(
    (id: string): NodeLook => {
      const task = tasks.get(id);
      if (task === undefined) return { note: "" };
      const rule = task.triggerRule === "all_success" ? "" : ` · ${task.triggerRule}`;
      return {
        note: `${task.operator}${rule}`,
        mapped: task.map === undefined ? undefined : { count: Array.isArray(task.map.over) ? task.map.over.length : undefined },
      };
    },
    [tasks],
  );
  const task = chosen === undefined ? undefined : tasks.get(chosen);
  return (
    <div className={`run-split fill${task === undefined ? " alone" : ""}`}>
      <QueryView query={query} what="the graph">
        {layout => <GraphView layout={layout} lookOf={lookOf} selected={chosen} focus={undefined} onSelect={setChosen} />}
      </QueryView>
      {task !== undefined && <TaskSpecView task={task} />}
    </div>
  );
}
