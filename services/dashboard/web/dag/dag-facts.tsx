import { useQuery } from "@tanstack/react-query";
import { CalendarClock, Clock, FileCode, GitCommitHorizontal, ListChecks, type LucideIcon, User } from "lucide-react";
import type { ReactNode } from "react";
import type { DagDetailReply } from "#contract/dag.ts";
import { queries } from "../api/queries.ts";
import { cronOf, scheduleText } from "../dags/schedule-text.ts";
import { useNow } from "../live/clock.ts";
import { useZone } from "../live/zone.ts";
import { formatAgo } from "../ui/format-duration.ts";
import { formatInstant } from "../ui/format-instant.ts";
import { Instant } from "../ui/instant.tsx";

const NEXT = 5;

/** What a DAG is, in one line: schedule, next run, file, version, owner. */
export function DagFacts({ dag }: { dag: DagDetailReply }) {
  const { schedule, timezone, file, version, owner, taskCount, tags, publishedAt } = dag;
  const cron = cronOf(schedule);
  return (
    <div className="dag-facts small">
      <Fact icon={CalendarClock} tip={cron === undefined ? "When it starts by itself" : `${cron}\n${timezone}`}>
        {scheduleText(schedule) ?? "Only by hand"}
        {timezone !== "UTC" && schedule !== undefined && <span className="quiet">{timezone}</span>}
      </Fact>
      <NextRun dag={dag} />
      <Fact icon={ListChecks} tip="Tasks, without the instances of mapped ones">
        {taskCount} {taskCount === 1 ? "task" : "tasks"}
      </Fact>
      <Fact icon={FileCode} tip="Its file in the DAG folder">
        <code>{file}</code>
      </Fact>
      <Fact icon={GitCommitHorizontal} tip={`Version that new runs execute\n${version}`}>
        <code>{version.slice(0, 8)}</code>
        <span className="quiet">
          of <Instant at={publishedAt} />
        </span>
      </Fact>
      {owner !== undefined && (
        <Fact icon={User} tip="Owner">
          {owner}
        </Fact>
      )}
      {tags.length > 0 && (
        <span className="row">
          {tags.map(tag => (
            <span key={tag} className="tag">
              {tag}
            </span>
          ))}
        </span>
      )}
    </div>
  );
}

const Fact = ({ icon: Icon, tip, children }: { icon: LucideIcon; tip: string; children: ReactNode }) => (
  <span className="dag-fact" data-tip={tip}>
    <Icon size={14} aria-hidden="true" />
    {children}
  </span>
);

function NextRun({ dag: { id, schedule, paused } }: { dag: DagDetailReply }) {
  const zone = useZone();
  const now = useNow();
  const next = useQuery({ ...queries.nextRuns(id, NEXT), enabled: schedule !== undefined });
  const [first, ...later] = next.data?.runs ?? [];
  if (first === undefined) return null;
  const lines = [first, ...later].map(({ startsAt }) => formatInstant(Date.parse(startsAt), zone, "full", now));
  return (
    <Fact icon={Clock} tip={`${paused ? "Would start, were it not paused:" : "Starts next:"}\n${lines.join("\n")}`}>
      {paused ? <span className="quiet">paused, else</span> : <span className="quiet">next</span>}
      {formatInstant(Date.parse(first.startsAt), zone, "auto", now)}
      <span className="quiet">{formatAgo(Date.parse(first.startsAt), now)}</span>
    </Fact>
  );
}
