import { performance } from "node:perf_hooks";
import { instantField } from "#contract/instant.ts";
import type { OverviewHealthReply } from "#contract/overview.ts";
import { DEFAULT_QUEUE } from "#core/queue-name.ts";
import type { WorkerRow } from "#state/claim-store.ts";
import type { Ports } from "../ports.ts";

/** Asks every part that the dashboard can reach how it is. */
export async function readHealth({
  live,
  workers,
  queues,
}: Pick<Ports, "live" | "workers" | "queues">): Promise<OverviewHealthReply> {
  const askedAt = performance.now();
  const leader = await live.leading();
  const answeredMs = performance.now() - askedAt;
  const [unread, rows, names] = await Promise.all([live.unread(), workers.listWorkers(), queues.names()]);
  const demands = await Promise.all(names.map(async name => ({ name, ...(await queues.of(name).demand()) })));
  const running = rows.filter(({ state }) => state === "running");
  const served = new Set(running.flatMap(queuesOf));
  const oldest = demands.flatMap(({ oldestAt }) => (oldestAt === undefined ? [] : [oldestAt]));
  return {
    scheduler: { ...(leader === undefined ? {} : { leader }), unread },
    workers: {
      alive: running.length,
      draining: rows.length - running.length,
      held: running.reduce((sum, { held }) => sum + held, 0),
      slots: running.reduce((sum, { concurrency }) => sum + concurrency, 0),
      unserved: demands.filter(({ name, waiting }) => waiting > 0 && !served.has(name)).map(({ name }) => name),
    },
    redis: { answeredMs },
    waiting: {
      count: demands.reduce((sum, { waiting }) => sum + waiting, 0),
      ...instantField("oldestAt", oldest.length === 0 ? undefined : Math.min(...oldest)),
    },
  };
}

const queuesOf = ({ queues }: WorkerRow): string[] => queues?.map(({ name }) => name) ?? [DEFAULT_QUEUE];
