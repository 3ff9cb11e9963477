import type { HistoryEvent } from "../run/event-text.ts";

/** Something that happened to a DAG. */
export interface DagEvent {
  key: string;
  dagId: string;
  at: string;
  kind: "person" | "run" | "version";
  who: string;
  what: string;
  runId?: string;
}

/** A run's own steps; its tasks' are on its page. */
const OF_RUNS = /^run\./;

/** What people did, how runs began and ended, and which versions were published: the youngest first. */
export function dagEvents(
  dagId: string,
  histories: readonly { runId: string; events: readonly HistoryEvent[] }[],
  versions: readonly { version: string; publishedAt: string }[],
  textOf: (event: HistoryEvent) => string,
): DagEvent[] {
  const ofRuns = histories.flatMap(({ runId, events }) =>
    events
      .map((event, i) => ({ event, key: `${runId} ${i}` }))
      .filter(({ event }) => event.actor.kind === "person" || OF_RUNS.test(event.type))
      .map(
        ({ event, key }): DagEvent => ({
          key,
          dagId,
          at: event.at,
          kind: event.actor.kind === "person" ? "person" : "run",
          who: event.actor.name ?? (event.actor.kind === "leader" ? "scheduler" : event.actor.kind),
          what: event.taskId === undefined ? textOf(event) : `${event.taskId}: ${textOf(event)}`,
          runId,
        }),
      ),
  );
  const published = versions.map(
    ({ version, publishedAt }): DagEvent => ({
      key: version,
      dagId,
      at: publishedAt,
      kind: "version",
      who: "DAG file",
      what: `version ${version.slice(0, 8)} was published`,
    }),
  );
  return [...ofRuns, ...published].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
