import type { DagLineReply } from "#contract/dag-line.ts";
import type { Order } from "../ui/order.ts";

/** What of the list of DAGs is shown. */
export interface DagFilter {
  /** Words in id, description, owner or tags; each has to be in one of them. */
  q?: string | undefined;
  tag?: string | undefined;
  owner?: string | undefined;
  /** Of the last run. */
  state?: string | undefined;
  show?: "active" | "paused" | "removed" | undefined;
}

const SHOWN: Readonly<Record<NonNullable<DagFilter["show"]>, (dag: DagLineReply) => boolean>> = {
  active: ({ paused, removedAt }) => !paused && removedAt === undefined,
  paused: ({ paused, removedAt }) => paused && removedAt === undefined,
  removed: ({ removedAt }) => removedAt !== undefined,
};

export function filterDags(dags: readonly DagLineReply[], { q = "", tag, owner, state, show }: DagFilter): DagLineReply[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return dags.filter(dag => {
    const text = [dag.id, dag.description, dag.owner, ...dag.tags].join("\n").toLowerCase();
    return (
      words.every(word => text.includes(word)) &&
      (tag === undefined || dag.tags.includes(tag)) &&
      (owner === undefined || dag.owner === owner) &&
      (state === undefined || dag.lastRuns[0]?.state === state) &&
      (show === undefined || SHOWN[show](dag))
    );
  });
}

/** By what the list can be ordered. Absent values come last, whichever way. */
const KEYS: Readonly<Record<string, (dag: DagLineReply) => string | number | undefined>> = {
  id: ({ id }) => id.toLowerCase(),
  last: ({ lastRuns: [last] }) => last && -Date.parse(last.at),
  next: ({ nextRunAt }) => nextRunAt && Date.parse(nextRunAt),
  success: ({ successRate }) => successRate,
  p50: ({ p50Ms }) => p50Ms,
};

/** What failed last comes first, unless another order is asked for. */
export function orderDags(dags: readonly DagLineReply[], order: Order | undefined): DagLineReply[] {
  const key = order && KEYS[order.by];
  if (key === undefined) return [...dags].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  const way = order?.down ? -1 : 1;
  return [...dags].sort((a, b) => {
    const [one, other] = [key(a), key(b)];
    if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
    return one < other ? -way : one > other ? way : 0;
  });
}

const rank = ({ lastRuns: [last], active, paused }: DagLineReply): number =>
  last?.state === "failed" ? 0 : active > 0 ? 1 : paused ? 3 : 2;
