import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { LogLinesReply } from "#contract/log-lines.ts";
import type { RunDetailReply } from "#contract/run.ts";
import { ask, path, withQuery } from "../api/ask.ts";
import { ansiSpans } from "../log/ansi-spans.ts";
import { errorLine } from "../log/error-line.ts";
import { lookOf } from "../ui/state-look.ts";

/** What became of the run, in one sentence; the task that failed first is a link. */
export function VerdictLine({ run }: { run: RunDetailReply }) {
  const { sentence, firstFailed } = run.verdict;
  const { tone, icon: Icon } = lookOf(firstFailed !== undefined && run.state === "running" ? "failed" : run.state);
  const at = firstFailed === undefined ? -1 : sentence.indexOf(firstFailed);
  return (
    <p className={`verdict tone-${tone}`} role="status">
      <Icon size={16} strokeWidth={2.4} aria-hidden="true" />
      <span>
        {firstFailed === undefined || at < 0 ? (
          sentence
        ) : (
          <>
            {sentence.slice(0, at)}
            <Link to="/runs/$runId/tasks/$taskId" params={{ runId: run.id, taskId: firstFailed }}>
              {firstFailed}
            </Link>
            {sentence.slice(at + firstFailed.length)}
          </>
        )}
        <Said run={run} />
      </span>
    </p>
  );
}

/** Codes that say no more than that the program ended itself: why, only its log knows. */
const SAY_LITTLE: ReadonlySet<string> = new Set(["ExitCode", "InitContainerFailed"]);
const LAST_LINES = 300;

/** What the log of the task that failed first says of it. */
function Said({ run: { id, verdict, tasks, endedAt } }: { run: RunDetailReply }) {
  const { firstFailed = "", code = "" } = verdict;
  const container = tasks.find(task => task.id === firstFailed)?.outcome?.container;
  const query = useQuery({
    queryKey: ["run", id, "said", firstFailed],
    queryFn: async ({ signal }) => {
      const url = withQuery(path`/api/v1/runs/${id}/tasks/${firstFailed}/logs/lines`, {
        from: -LAST_LINES,
        count: LAST_LINES,
        container,
      });
      const { lines } = await ask<LogLinesReply>(url, { signal });
      const own = lines.filter(({ by }) => by === undefined).map(({ text }) => text);
      return own[errorLine(own) ?? -1] ?? "";
    },
    enabled: SAY_LITTLE.has(code),
    staleTime: endedAt === undefined ? 5_000 : Number.POSITIVE_INFINITY,
  });
  const said = ansiSpans(query.data ?? "")
    .map(({ text }) => text)
    .join("")
    .trim();
  return said === "" ? null : <code className="verdict-said">{said.length > 300 ? `${said.slice(0, 299)}…` : said}</code>;
}
