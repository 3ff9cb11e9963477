import { useQuery } from "@tanstack/react-query";
import type { LogLinesReply } from "#contract/log-lines.ts";
import { ask } from "../api/ask.ts";
import { asProblem } from "../api/problem-error.ts";
import { logUrl } from "../log/use-log.ts";
import { Panel } from "../ui/panel.tsx";
import type { TryView } from "./tries-of.ts";

/** Marked lines stand at the beginning of a log and at its end. */
const LOOKED_AT = 1_000;

/** What the cluster and the node said about the pod while its log was kept. */
export function PodEvents({ runId, taskId, of }: { runId: string; taskId: string; of: TryView }) {
  const name = { runId, taskId, try: of.try, infra: of.infra, container: "main" };
  const query = useQuery({
    queryKey: ["run", runId, "pod-events", taskId, of.try, of.infra],
    queryFn: async ({ signal }) => {
      const read = (from: number) => ask<LogLinesReply>(logUrl(name, { from, count: LOOKED_AT }, "/lines"), { signal });
      const head = await read(1);
      const tail =
        head.total > 2 * LOOKED_AT ? await read(-LOOKED_AT) : head.total > LOOKED_AT ? await read(LOOKED_AT + 1) : undefined;
      return [...head.lines, ...(tail?.lines ?? [])].filter(({ by }) => by !== undefined);
    },
    staleTime: of.endedAt === undefined ? 2_000 : Number.POSITIVE_INFINITY,
  });
  const lines = query.data ?? [];
  const isUnknown = query.error !== null && asProblem(query.error).code !== "WL_LOG_UNKNOWN";
  return (
    <Panel title="What the cluster said">
      {lines.length > 0 ? (
        <ul className="why">
          {lines.map(({ by, text }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its place
            <li key={i}>
              <span className="mono">{text}</span>
              <code className="chip">{by}</code>
            </li>
          ))}
        </ul>
      ) : (
        <p className="quiet">
          {isUnknown
            ? asProblem(query.error).detail
            : "Nothing that is worth a line: warnings, slow pulls and the like would stand here."}
        </p>
      )}
    </Panel>
  );
}
