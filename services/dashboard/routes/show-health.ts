import { HealthReply } from "#contract/health.ts";
import { toInstant } from "#contract/instant.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";

export const showHealth = defineRoute({
  method: "get",
  path: "/api/v1/health",
  role: "viewer",
  summary: "Whether runs get on: is there a scheduler, are there workers, do all DAG files load.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: HealthReply,
  async handle(_request, { live, workers, dags, now }) {
    const [leader, rows, all, errors, runs] = await Promise.all([
      live.leading(),
      workers.listWorkers(),
      dags.listDags(),
      dags.listImportErrors(),
      live.liveRuns(),
    ]);
    const running = rows.filter(({ state }) => state === "running");
    const problems = [
      ...(leader === undefined ? ["no scheduler leads: nothing is started and no run gets on"] : []),
      ...(running.length === 0 ? ["no worker takes jobs: tasks wait in their queues"] : []),
      ...(errors.length === 0 ? [] : [`${errors.length} DAG files do not load: see /api/v1/import-errors`]),
    ];
    const body = {
      status: problems.length === 0 ? ("ok" as const) : ("degraded" as const),
      at: toInstant(now()),
      scheduler: { leads: leader !== undefined },
      workers: {
        running: running.length,
        draining: rows.length - running.length,
        slots: running.reduce((sum, { concurrency }) => sum + concurrency, 0),
        held: rows.reduce((sum, { held }) => sum + held, 0),
      },
      dags: {
        count: all.length,
        paused: all.filter(({ paused }) => paused).length,
        stale: all.filter(({ stale }) => stale === true).length,
        importErrors: errors.length,
      },
      runs: { live: runs.length },
      problems,
    };
    return { body };
  },
});
