/** The braces are a hash tag: on a Redis Cluster every key of an installation lies in one slot, so that scripts may touch them together. */
export const DEFAULT_PREFIX = "{windlass}";

/** Every key of the record. BullMQ keeps its own under `<prefix>:<queue>:`. */
export function keysOf(prefix = DEFAULT_PREFIX) {
  const run = (id: string): string => `${prefix}:run:${id}`;
  return {
    /** hash: DAG id → row */
    dags: `${prefix}:dags`,
    /** set of DAG ids */
    paused: `${prefix}:paused`,
    /** hash: DAG id → instant of the last tick that was started */
    ticks: `${prefix}:ticks`,
    /** string: JSON list */
    importErrors: `${prefix}:import-errors`,
    /** string: JSON of a DagSpec */
    spec: (version: string) => `${prefix}:spec:${version}`,

    /** hash: header, version, state, rev, startedAt, endedAt, cancelAt */
    run,
    /** hash: task id → record */
    tasks: (id: string) => `${run(id)}:tasks`,
    /** hash: task/try.infra → TryRecord */
    tries: (id: string) => `${run(id)}:tries`,
    /** hash: task id → JSON of its result */
    outputs: (id: string) => `${run(id)}:outputs`,
    /** list of JSON */
    history: (id: string) => `${run(id)}:history`,
    /** hash: task id → JSON */
    notes: (id: string) => `${run(id)}:notes`,

    /** zset: run id by creation */
    runs: `${prefix}:runs`,
    /** zset: run id by creation */
    runsOf: (dagId: string) => `${prefix}:runs-of:${dagId}`,
    /** set of the ids of runs that have not ended */
    live: `${prefix}:live`,
    /** zset: run id by its first log */
    logs: `${prefix}:logs`,
    /** string: body hash and run id */
    idempotency: (key: string) => `${prefix}:idempotency:${key}`,

    /** list of what the leader has to look at */
    inbox: `${prefix}:inbox`,
    /** hash: job id → order */
    outbox: `${prefix}:outbox`,
    /** string: token of the leader */
    leader: `${prefix}:leader`,
    /** counter of leaderships */
    leaderEpoch: `${prefix}:leader-epoch`,

    /** set of the ids of workers whose rows may have expired */
    workers: `${prefix}:workers`,
    /** string: JSON of a WorkerRow */
    worker: (id: string) => `${prefix}:worker:${id}`,
    /** stream: one entry per transition */
    events: `${prefix}:events`,
    /** channel: run ids */
    cancels: `${prefix}:cancels`,
  };
}

export type Keys = ReturnType<typeof keysOf>;
