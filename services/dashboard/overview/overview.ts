import type { DagLineReply } from "#contract/dag-line.ts";
import { instantField, toInstant } from "#contract/instant.ts";
import type { LiveTaskListReply } from "#contract/live-task.ts";
import type { FailureGroupReply, OverviewReply } from "#contract/overview.ts";
import type { TaskState } from "#core/run.ts";
import type { EventStream } from "#state/event-stream.ts";
import type { Ports } from "../ports.ts";
import { dagReply } from "../replies/dag-reply.ts";
import { failureGroups } from "./failure-groups.ts";
import { readHealth } from "./health.ts";
import { barReply, lineReply } from "./line-reply.ts";
import { liveTasks } from "./live-tasks.ts";
import { AHEAD_MS, NextTicks } from "./next-ticks.ts";
import { RunFailures } from "./run-failures.ts";
import { type RunLine, RunLines } from "./run-lines.ts";
import { runStats } from "./run-stats.ts";
import { RunsUnderWay } from "./runs-under-way.ts";

/** What the start page and the list of DAGs show, put together from what lies in memory. */
export interface Overview {
  /** Reads what takes longest before anybody asks for it. */
  warmUp(): Promise<void>;
  /** @param isShown whether the caller may see the DAG */
  now(isShown: (dagId: string) => boolean): Promise<OverviewReply>;
  /** Of all DAGs by id; with `removed` also those whose files were deleted. */
  dagLines(removed: boolean, isShown: (dagId: string) => boolean): Promise<DagLineReply[]>;
  /** Tasks that run, wait or have failed. */
  tasks(query: { state?: TaskState | undefined; limit: number }, isShown: (dagId: string) => boolean): Promise<LiveTaskListReply>;
}

export type OverviewDeps = Pick<Ports, "dags" | "runs" | "live" | "horizons" | "workers" | "queues" | "now"> & {
  events: Pick<EventStream, "read">;
  environment: string | undefined;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BACK_MS = 6 * HOUR_MS;
const LAST_RUNS = 14;
const MOST_FAILED = 300;
const MOST_IN_TIMELINE = 1_000;
const MOST_COMING = 500;

export function openOverview(deps: OverviewDeps): Overview {
  const { dags, now: clock, environment } = deps;
  const lines = new RunLines(deps);
  const ticks = new NextTicks(deps);
  const failures = new RunFailures(deps.runs);
  const underWay = new RunsUnderWay(deps);

  async function failing(isShown: (dagId: string) => boolean): Promise<FailureGroupReply[]> {
    const failed = lines.failed().filter(({ dagId }) => isShown(dagId));
    const dayAgo = clock() - DAY_MS;
    const wanted = failed.filter(run => (run.endedAt ?? run.createdAt) >= dayAgo || isLastWord(run, lines)).slice(0, MOST_FAILED);
    const read = await Promise.all(wanted.map(async run => ({ run, failures: await failures.of(run) })));
    return failureGroups(read, dagId => lines.ofDag(dagId)).map(({ firstAt, lastAt, recoveredAt, ...group }) => ({
      ...group,
      firstAt: toInstant(firstAt),
      lastAt: toInstant(lastAt),
      ...instantField("recoveredAt", recoveredAt),
    }));
  }

  async function timeline(isShown: (dagId: string) => boolean): Promise<OverviewReply["timeline"]> {
    const at = clock();
    const [rows] = await Promise.all([dags.listDags()]);
    const coming = await ticks.of(rows.filter(({ id }) => isShown(id)));
    const within = (run: RunLine): boolean => (run.endedAt ?? at) >= at - BACK_MS;
    return {
      fromAt: toInstant(at - BACK_MS),
      untilAt: toInstant(at + AHEAD_MS),
      runs: lines
        .since(at - DAY_MS)
        .filter(run => within(run) && isShown(run.dagId))
        .slice(0, MOST_IN_TIMELINE)
        .map(lineReply),
      coming: [...coming]
        .flatMap(([dagId, instants]) => instants.filter(dueAt => dueAt <= at + AHEAD_MS).map(dueAt => ({ dagId, dueAt })))
        .sort((a, b) => a.dueAt - b.dueAt)
        .slice(0, MOST_COMING)
        .map(({ dagId, dueAt }) => ({ dagId, startsAt: toInstant(dueAt) })),
    };
  }

  return {
    async warmUp() {
      const [rows] = await Promise.all([dags.listDags(), lines.refresh()]);
      await ticks.of(rows);
    },

    async now(isShown) {
      await lines.refresh();
      const live = lines.live().filter(({ dagId }) => isShown(dagId));
      const [health, groups, running, approvals, times, errors] = await Promise.all([
        readHealth(deps),
        failing(isShown),
        underWay.progress(live),
        underWay.approvals(live),
        timeline(isShown),
        dags.listImportErrors(),
      ]);
      const counts = { queued: 0, running: 0, success: 0, failed: 0, cancelled: 0 };
      for (const { dagId, state } of lines.since(clock() - DAY_MS)) if (isShown(dagId)) counts[state]++;
      return {
        at: toInstant(clock()),
        ...(environment === undefined ? {} : { environment }),
        health,
        failing: groups,
        running: running.map(({ run, tasks, ended, failed }) => {
          const { p50Ms } = runStats(lines.ofDag(run.dagId));
          return { ...lineReply(run), tasks, ended, failed, ...(p50Ms === undefined ? {} : { medianMs: p50Ms }) };
        }),
        runningCount: live.length,
        timeline: times,
        counts,
        importErrors: errors.length,
        approvals,
      };
    },

    async tasks(query, isShown) {
      await lines.refresh();
      const dayAgo = clock() - DAY_MS;
      const failed = lines.failed().filter(({ endedAt, createdAt }) => (endedAt ?? createdAt) >= dayAgo);
      const shown = [...lines.live(), ...failed].filter(({ dagId }) => isShown(dagId));
      return liveTasks(shown, query, deps.runs);
    },

    async dagLines(removed, isShown) {
      const [present, gone] = await Promise.all([dags.listDags(), removed ? dags.listRemovedDags() : [], lines.refresh()]);
      const rows = [...present, ...gone].filter(({ id }) => isShown(id));
      const coming = await ticks.of(rows);
      return rows.map(row => {
        const own = lines.ofDag(row.id);
        return {
          ...dagReply(row),
          lastRuns: own.slice(0, LAST_RUNS).map(barReply),
          active: own.filter(({ state }) => state === "queued" || state === "running").length,
          ...runStats(own),
          ...instantField("nextRunAt", coming.get(row.id)?.[0]),
        };
      });
    },
  };
}

/** The DAG's last run that ended by itself is this one: whatever its age, it is broken now. */
const isLastWord = (run: RunLine, lines: RunLines): boolean =>
  lines.ofDag(run.dagId).find(({ state }) => state === "success" || state === "failed")?.id === run.id;
