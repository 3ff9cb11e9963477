import type { QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { observable } from "./observable.ts";
import { isUnder, type KeyStart, type LiveEvent, STALE_BY } from "./stale-by.ts";

/** "followed": the server tells what changes. "absent": it does not, so that pages ask every 2 s. */
type Following = "connecting" | "followed" | "absent";

const following = observable<Following>("connecting");
export const isFollowed = (): boolean => following.get() === "followed";

const ALWAYS = ["runs", "dags", "backfills", "approvals", "pools", "workers", "import-errors"] as const;
/** What is looked at closely is read again at most four times a second, long lists at most once. */
const GATHER_MS = 250;
const GATHER_LISTS_MS = 1_000;
const ASK_AGAIN_MS = 30_000;

/** Topics beyond the usual ones, each with how many parts of the page want it. */
const wanted = new Map<string, number>();
const topics = observable("");

function want(topic: string, by: 1 | -1): void {
  const count = (wanted.get(topic) ?? 0) + by;
  if (count > 0) wanted.set(topic, count);
  else wanted.delete(topic);
  topics.set([...wanted.keys()].sort().join(","));
}

/** Follows the tasks of a run, if one is shown. One stream serves the whole page. */
export function useRunEvents(runId: string | undefined): void {
  useEffect(() => {
    if (runId === undefined) return;
    want(`tasks:${runId}`, 1);
    return () => want(`tasks:${runId}`, -1);
  }, [runId]);
}

/** Follows the server's events and marks as stale what they are about. Returns what ends it. */
export function followEvents(client: QueryClient): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const close = gatherStale(client, GATHER_MS);
  const lists = gatherStale(client, GATHER_LISTS_MS);
  const hear = (name: string, { data }: MessageEvent<string>): void => {
    const stale = STALE_BY[name]?.(JSON.parse(data) as LiveEvent) ?? [];
    close.add(stale.filter(([, id]) => id !== undefined));
    lists.add(stale.filter(([, id]) => id === undefined));
  };
  const readAll = (): void => {
    following.set("followed");
    void client.invalidateQueries();
  };
  const open = (): void => {
    clearTimeout(retry);
    source?.close();
    const list = [...ALWAYS, ...topics.get().split(",")].filter(topic => topic !== "").map(encodeURIComponent);
    source = new EventSource(`/api/v1/events?topics=${list.join(",")}`);
    // What happened while nobody listened is not told again.
    for (const name of ["ready", "resync"]) source.addEventListener(name, readAll);
    for (const name of Object.keys(STALE_BY)) source.addEventListener(name, message => hear(name, message));
    source.onopen = () => following.set("followed");
    source.onerror = () => {
      // While it is connecting, the browser tries again by itself.
      const isRefused = source?.readyState === EventSource.CLOSED;
      following.set(isRefused ? "absent" : "connecting");
      if (isRefused) retry = setTimeout(open, ASK_AGAIN_MS);
    };
  };
  open();
  const unfollow = topics.subscribe(() => {
    if (following.get() !== "absent") open();
  });
  return () => {
    unfollow();
    source?.close();
    clearTimeout(retry);
    close.stop();
    lists.stop();
  };
}

/** Gathers what is stale for a while, and has it read again in one go. */
function gatherStale(client: QueryClient, everyMs: number): { add(stale: readonly KeyStart[]): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gathered = new Map<string, KeyStart>();
  const refresh = (): void => {
    timer = undefined;
    const starts = [...gathered.values()];
    gathered = new Map();
    void client.invalidateQueries({ predicate: ({ queryKey }) => starts.some(start => isUnder(queryKey, start)) });
  };
  return {
    add(stale) {
      for (const start of stale) gathered.set(start.join(" "), start);
      if (stale.length > 0) timer ??= setTimeout(refresh, everyMs);
    },
    stop: () => clearTimeout(timer),
  };
}
