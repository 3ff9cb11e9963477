import type { TaskSpec } from "#core/task-spec.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { formatDuration } from "../ui/format-duration.ts";
import { Facts } from "../ui/panel.tsx";

/** What the DAG's file says of a task. */
export function TaskSpecView({ task }: { task: TaskSpec }) {
  const { id, operator, upstream, triggerRule, retry, timeoutMs, pool, queue, source, map } = task;
  const { id: _id, operator: _operator, upstream: _upstream, triggerRule: _rule, retry: _retry, source: _source, ...rest } = task;
  const text = JSON.stringify(rest, undefined, 2);
  return (
    <section className="task-panel" aria-label={`Task ${id}`}>
      <header className="task-panel-head">
        <h2 className="cut">{id}</h2>
        <CopyButton text={text} what="its options" />
      </header>
      <div className="task-panel-why stack loose">
        <Facts
          facts={[
            ["Kind", operator],
            ["After", upstream.length === 0 ? "nothing" : upstream.join(", ")],
            ["Runs when", triggerRule],
            ["Retries", `${retry.retries}`],
            ["Timeout", timeoutMs === undefined ? undefined : formatDuration(timeoutMs)],
            ["Pool", pool],
            ["Queue", queue],
            ["Mapped over", map === undefined ? undefined : Array.isArray(map.over) ? `${map.over.length} items` : map.over],
            ["Written in", source === undefined ? undefined : `${source.file}:${source.line}`],
          ]}
        />
        <pre>{text}</pre>
      </div>
    </section>
  );
}
