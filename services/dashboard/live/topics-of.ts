import type { StateEvent } from "#state/event-stream.ts";

type Of<Kind extends StateEvent["kind"]> = Extract<StateEvent, { kind: Kind }>;

/** Ids of runs and backfills begin with their DAG's. */
export const dagOf = (id: string): string => id.split("~", 1)[0]!;

/** What each kind of change is about: a name of its own, the DAG whose readers may hear of it, and who asked to. */
interface Subject<E> {
  name(event: E): string;
  dagId?(event: E): string;
  topics(event: E): readonly string[];
}

const SUBJECTS: { readonly [Kind in StateEvent["kind"]]: Subject<Of<Kind>> } = {
  run: {
    name: ({ runId }) => runId,
    dagId: ({ runId }) => dagOf(runId),
    topics: ({ runId }) => ["runs", `run:${runId}`, `dag:${dagOf(runId)}`],
  },
  task: {
    name: ({ runId, taskId }) => `${runId}~${taskId}`,
    dagId: ({ runId }) => dagOf(runId),
    topics: ({ runId }) => [`tasks:${runId}`],
  },
  approval: {
    name: ({ runId, taskId }) => `${runId}~${taskId}`,
    dagId: ({ runId }) => dagOf(runId),
    topics: ({ runId }) => ["approvals", `tasks:${runId}`],
  },
  dag: { name: ({ dagId }) => dagId, dagId: ({ dagId }) => dagId, topics: ({ dagId }) => ["dags", `dag:${dagId}`] },
  backfill: {
    name: ({ backfillId }) => backfillId,
    dagId: ({ backfillId }) => dagOf(backfillId),
    topics: ({ backfillId }) => ["backfills", `dag:${dagOf(backfillId)}`],
  },
  pool: { name: ({ pool }) => pool, topics: () => ["pools"] },
  worker: { name: ({ worker }) => worker, topics: () => ["workers"] },
  "import-errors": { name: () => "", topics: () => ["import-errors"] },
};

/** The table's row of an event; the kind it was found by is the kind it takes. */
const subjectOf = (event: StateEvent) => SUBJECTS[event.kind] as Subject<StateEvent>;

export const topicsOf = (event: StateEvent): readonly string[] => subjectOf(event).topics(event);

/** The DAG it belongs to; undefined: everybody may hear of it who may look at anything. */
export const dagIdOf = (event: StateEvent): string | undefined => subjectOf(event).dagId?.(event);

/** The same for changes of the same thing. */
export const entityOf = (event: StateEvent): string => `${event.kind} ${subjectOf(event).name(event)}`;
