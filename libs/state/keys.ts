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
    /** hash: DAG id → JSON of the ticks that its own timetable has given */
    horizons: `${prefix}:horizons`,
    /** hash: asset → JSON of its last update */
    assets: `${prefix}:assets`,
    /** zset: id of an update by its number */
    assetNumbers: (asset: string) => `${prefix}:asset-numbers:${asset}`,
    /** hash: id of an update → JSON */
    assetUpdates: (asset: string) => `${prefix}:asset-updates:${asset}`,
    /** counter of updates */
    assetCount: `${prefix}:asset-count`,
    /** hash: DAG id → number of the last update that one of its runs has heard of */
    assetsSeen: `${prefix}:assets-seen`,
    /** hash: DAG id → JSON of a run that updates have asked for and that is not created yet */
    assetRuns: `${prefix}:asset-runs`,
    /** zset: backfill id by creation */
    backfills: `${prefix}:backfills`,
    /** set of the ids of backfills with something left to do */
    openBackfills: `${prefix}:open-backfills`,
    /** hash: request, ticks, state, cursor, active, counts, endedAt */
    backfill: (id: string) => `${prefix}:backfill:${id}`,
    /** hash: pool → JSON */
    pools: `${prefix}:pools`,
    /** set of the names of queues that were used */
    queues: `${prefix}:queues`,
    /** hash: name → JSON */
    variables: `${prefix}:variables`,
    /** hash: name → how often it was changed */
    variableCounts: `${prefix}:variable-counts`,
    /** list: the last changes, youngest first, each `number|JSON` */
    variableVersions: (name: string) => `${prefix}:variable-versions:${name}`,
    /** string: JSON list */
    importErrors: `${prefix}:import-errors`,
    /** hash: id → row of a DAG whose file was deleted */
    removedDags: `${prefix}:removed-dags`,
    /** zset: version by the instant it was last published */
    versionsOf: (dagId: string) => `${prefix}:versions-of:${dagId}`,
    /** string: JSON of a DagSpec */
    spec: (version: string) => `${prefix}:spec:${version}`,
    /** string: JSON of where its tasks lie in its drawing */
    layout: (version: string) => `${prefix}:spec:${version}:layout`,
    /** set of names */
    bundles: `${prefix}:bundles`,
    /** hash: number, request, verdict, active; and v:<version> → JSON */
    bundle: (name: string) => `${prefix}:bundle:${name}`,
    /** hash: version → JSON of its files, gzipped */
    bundleFiles: (name: string) => `${prefix}:bundle-files:${name}`,
    /** string: text of the file that the version came from */
    source: (version: string) => `${prefix}:source:${version}`,
    /** set of the ids of removed DAGs whose runs and versions are to go, too */
    forgetting: `${prefix}:forgetting`,

    /**
     * hash: header, version, state, rev, startedAt, endedAt, cancelAt, endsAs; in an archived run also archive; and what is noted once:
     * approval:<task>/<try> → decision, notice:<id> → instant, deadline:<index> → instant
     */
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
    /** hash: task id, or nothing for the run itself → JSON of what a person wrote about it */
    remarks: (id: string) => `${run(id)}:remarks`,
    /** string: `rev|text`, the picture of its tasks when it had ended */
    cells: (id: string) => `${run(id)}:cells`,
    /** hash: act id → JSON of what is left to be done of it */
    acts: (id: string) => `${run(id)}:acts`,
    /** hash: task id → generation of the job that has to stop */
    stops: (id: string) => `${run(id)}:stops`,

    /** zset: run id by creation */
    runs: `${prefix}:runs`,
    /** zset: run id by creation */
    runsOf: (dagId: string) => `${prefix}:runs-of:${dagId}`,
    /** set of the ids of runs that have not ended */
    live: `${prefix}:live`,
    /** zset: run id by its end; those that are not archived yet */
    ended: `${prefix}:ended`,
    /** hash: run~task~try.infra → JSON of a custom resource that the try has made */
    resources: `${prefix}:resources`,
    /** zset: run id by its first log */
    logs: `${prefix}:logs`,
    /** string: body hash and run id */
    idempotency: (key: string) => `${prefix}:idempotency:${key}`,
    /** string: body hash, and JSON of the answer once there is one */
    reply: (key: string) => `${prefix}:reply:${key}`,

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
    /** string: JSON of a request to hand over all jobs; expires */
    drain: (worker: string) => `${prefix}:drain:${worker}`,
    /** string: JSON of what workers add to every pod */
    podSettings: `${prefix}:pod-settings`,
    /** stream: one entry per transition */
    events: `${prefix}:events`,
    /** stream: JSON of every write that somebody asked for */
    audit: `${prefix}:audit`,
    /** hash: name → JSON of a person who logs in with a password */
    users: `${prefix}:users`,
    /** set of the hashes of codes that may make the first user; expires */
    setupCodes: `${prefix}:setup-codes`,
    /** hash: SHA-256 of an API token → JSON */
    tokens: `${prefix}:tokens`,
    /** hash: id of an API token → instant of its last use */
    tokenUses: `${prefix}:token-uses`,
    /** string: the key that sessions' cookies are encrypted with */
    sessionKey: `${prefix}:session-key`,
    /** hash: name → instant before which no session of the person counts */
    sessionsAfter: `${prefix}:sessions-after`,
    /** string: the session was ended; expires when the session would have */
    endedSession: (id: string) => `${prefix}:ended-session:${id}`,
    /** counter of a window; expires with it */
    rate: (what: string) => `${prefix}:rate:${what}`,
    /** channel: run id; or run id, task id and generation joined by newlines */
    cancels: `${prefix}:cancels`,
  };
}

export type Keys = ReturnType<typeof keysOf>;
