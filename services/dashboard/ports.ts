import type { LogStore } from "#logstore/log-store.ts";
import type { ClaimStore } from "#state/claim-store.ts";
import type { DagStore } from "#state/dag-store.ts";
import type { RunStore } from "#state/run-store.ts";

/** All that the API's handlers can reach. They read and ask; none of them can move a task. */
export interface Ports {
  dags: Pick<DagStore, "getDag" | "listDags" | "getSpec" | "putSpec" | "setPaused" | "listImportErrors">;
  runs: Pick<RunStore, "createRun" | "getRun" | "listRuns" | "listTries" | "notes" | "outputs" | "requestCancel">;
  workers: Pick<ClaimStore, "listWorkers">;
  logs: Pick<LogStore, "read" | "follow" | "list">;
  /** Template of a log's address elsewhere; absent: the log store has the logs, or nobody has. */
  logLink?: string | undefined;
  /** Options of a pod task that runs may override. */
  runOverrides: ReadonlySet<string>;
  now: () => number;
  /** Six characters that tell runs of one millisecond apart. */
  chance: () => string;
}
