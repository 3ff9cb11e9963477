import { type Fleet, openFleet } from "./fleet.ts";
import { testRedis } from "./redis.ts";
import type { TestCluster } from "./test-cluster.ts";

/** Runs the test with a fleet on a cluster of its own, and ends both whatever happens. */
export async function withFleet<C extends TestCluster>(
  open: () => Promise<C>,
  test: (fleet: Fleet, cluster: C) => Promise<void>,
): Promise<void> {
  const cluster = await open();
  await using _cluster = { [Symbol.asyncDispose]: () => cluster.close() };
  const redis = await testRedis();
  await using _redis = { [Symbol.asyncDispose]: () => redis.close() };
  const fleet = await openFleet({
    redisUrl: redis.url,
    prefix: redis.prefix,
    kubeconfig: cluster.kubeconfig,
    namespace: cluster.namespace,
  });
  await using _fleet = { [Symbol.asyncDispose]: () => fleet.close() };
  await test(fleet, cluster);
}
