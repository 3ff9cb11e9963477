import "./task.css";
import { useQuery } from "@tanstack/react-query";
import { QueryView } from "../ui/query-view.tsx";
import { taskQueries } from "./task-queries.ts";

/** Why a task is where it is: every condition that is not met, with its values. */
export function WhyView({ runId, taskId }: { runId: string; taskId: string }) {
  const query = useQuery(taskQueries.why(runId, taskId));
  return (
    <QueryView query={query} what="the reasons">
      {({ reasons }) => (
        <ul className="why">
          {reasons.map(({ code, sentence }) => (
            <li key={sentence}>
              <span>{sentence}</span>
              <code className="chip">{code}</code>
            </li>
          ))}
        </ul>
      )}
    </QueryView>
  );
}
