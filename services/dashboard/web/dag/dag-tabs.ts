/** What a DAG's page shows, in the order of its tabs. */
export const DAG_TABS = ["grid", "graph", "runs", "calendar", "durations", "backfills", "code", "events"] as const;
export type DagTab = (typeof DAG_TABS)[number];
