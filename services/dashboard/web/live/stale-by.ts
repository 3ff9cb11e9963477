/** The beginning of the name under which something that was read is kept. */
export type KeyStart = readonly [kind: string, id?: string];

/** What an event of the server is about; which fields there are depends on its name. */
export interface LiveEvent {
  runId?: string;
  dagId?: string;
}

const ofRun = ({ runId, dagId }: LiveEvent): KeyStart[] => [
  ["run", runId ?? ""],
  ["dag", dagId ?? ""],
];

/** What has to be read again after an event, by the event's name (libs/contract/event.ts has them). */
export const STALE_BY: Readonly<Record<string, (event: LiveEvent) => readonly KeyStart[]>> = {
  run: event => [["runs"], ["overview"], ["dags"], ["backfills"], ["tasks"], ...ofRun(event)],
  task: event => [["overview"], ["tasks"], ...ofRun(event)],
  approval: event => [["overview"], ...ofRun(event)],
  dag: ({ dagId }) => [["dags"], ["overview"], ["dag", dagId ?? ""]],
  backfill: ({ dagId }) => [["backfills"], ["dag", dagId ?? ""]],
  pool: () => [["pools"]],
  worker: () => [["workers"], ["overview"]],
  "import-errors": () => [["import-errors"], ["overview"]],
};

/** Whether something kept under the name begins so. */
export const isUnder = (key: readonly unknown[], [kind, id]: KeyStart): boolean =>
  key[0] === kind && (id === undefined || key[1] === id);
