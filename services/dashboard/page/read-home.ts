import type { Caller } from "../auth/caller.ts";
import { readableErrors } from "../auth/readable-errors.ts";
import type { Ports } from "../ports.ts";
import { dagReply } from "../replies/dag-reply.ts";
import { importErrorReply } from "../replies/import-error-reply.ts";
import { readRunDetail } from "../replies/run-detail-reply.ts";
import { workerReply } from "../replies/worker-reply.ts";
import type { HomeView } from "./render.js";

const RUNS = 15;

/** What the start page shows to this caller, as the browser would gather it from the API. */
export async function readHome(ports: Ports, caller: Caller): Promise<HomeView> {
  const { dags, runs, workers } = ports;
  const [rows, latest, errors, alive] = await Promise.all([
    dags.listDags(),
    runs.pageRuns({ limit: RUNS, ...(caller.mayRead() ? {} : { where: run => caller.mayRead(run.dagId) }) }),
    dags.listImportErrors(),
    workers.listWorkers(),
  ]);
  const details = await Promise.all(
    latest.runs.map(async ({ id }) => {
      const run = await runs.getRun(id);
      return run === undefined ? [] : [await readRunDetail(run, ports)];
    }),
  );
  return {
    dags: rows.filter(({ id }) => caller.mayRead(id)).map(dagReply),
    runs: details.flat(),
    errors: errors.filter(readableErrors(caller, rows)).map(importErrorReply),
    workers: alive.map(workerReply),
  };
}
