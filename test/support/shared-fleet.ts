import type { LocalCluster } from "#localcluster/local-cluster.ts";
import { openEmbeddedCluster } from "./embedded-cluster.ts";
import { type Fleet, openFleet } from "./fleet.ts";
import { testRedis } from "./redis.ts";

/** One fleet on an embedded cluster for every test of a describe block. */
export interface SharedFleet {
  fleet: Fleet;
  cluster: LocalCluster;
  redisUrl: string;
}

/** Opens the fleet before the block's first test and ends it after the last. Its fields are there from the first test on. */
export function sharedFleet(prepare: (fleet: Fleet) => Promise<unknown>): SharedFleet {
  const shared = {} as SharedFleet;
  const stack = new AsyncDisposableStack();

  before(async () => {
    const cluster = stack.adopt(await openEmbeddedCluster(), opened => opened.close());
    const redis = stack.adopt(await testRedis(), opened => opened.close());
    const { kubeconfig, namespace, local } = cluster;
    const fleet = await openFleet({ redisUrl: redis.url, prefix: redis.prefix, kubeconfig, namespace });
    stack.adopt(fleet, opened => opened.close());
    Object.assign(shared, { fleet, cluster: local, redisUrl: redis.url });
    await prepare(fleet);
  });
  after(() => stack.disposeAsync());
  return shared;
}
