import { readConfig } from "#runtime/config.ts";
import { DashboardConfig } from "../../dashboard/config.ts";
import { SchedulerConfig } from "../../scheduler/config.ts";
import { WorkerConfig } from "../../worker/config.ts";
import type { Context } from "../frame/context.ts";
import { checkCluster } from "./check-cluster.ts";
import { checkNode } from "./check-node.ts";
import { checkPort } from "./check-ports.ts";
import { checkRedisServer } from "./check-redis.ts";
import { checkServer } from "./check-server.ts";
import type { CheckName, Finding } from "./finding.ts";

const WorkerReach = WorkerConfig.pick({
  REDIS_URL: true,
  KUBECONFIG: true,
  WINDLASS_KUBE_CONTEXT: true,
  WINDLASS_KUBE_SERVER: true,
  WINDLASS_NAMESPACE: true,
  WINDLASS_HEALTH_HOST: true,
  WINDLASS_HEALTH_PORT: true,
});
const SchedulerReach = SchedulerConfig.pick({ WINDLASS_HEALTH_HOST: true, WINDLASS_HEALTH_PORT: true });

interface Wishes {
  as: string | undefined;
  namespace: string | undefined;
}

/** Carries out the checks, side by side, and lists what they found in their own order. @throws ConfigError */
export async function examine(checks: ReadonlySet<CheckName>, { as, namespace }: Wishes, context: Context): Promise<Finding[]> {
  const { env, signal, now } = context;
  const worker = readConfig(WorkerReach, env);
  const cluster = () =>
    checkCluster({
      kube: kubeOf(worker),
      namespace: namespace ?? worker.WINDLASS_NAMESPACE,
      subject: as === undefined ? undefined : { user: as },
      withRights: checks.has("rights"),
      signal,
      now,
    });
  const asksCluster = checks.has("cluster") || checks.has("rights") || checks.has("clock");
  const asksRedis = checks.has("redis") || checks.has("clock");
  const found = await Promise.all([
    checkNode(),
    asksRedis ? checkRedisServer(worker.REDIS_URL, now) : [],
    asksCluster ? cluster() : [],
    checks.has("ports") ? Promise.all(portsOf(env, worker).map(checkPort)) : [],
    checks.has("server") ? checkServer(await context.api()) : [],
  ]);
  return found.flat().filter(({ check }) => checks.has(check));
}

type Reach = ReturnType<typeof readConfig<typeof WorkerReach>>;

const kubeOf = ({ KUBECONFIG, WINDLASS_KUBE_CONTEXT, WINDLASS_KUBE_SERVER }: Reach) => ({
  ...(KUBECONFIG === undefined ? {} : { kubeconfig: KUBECONFIG }),
  ...(WINDLASS_KUBE_CONTEXT === undefined ? {} : { context: WINDLASS_KUBE_CONTEXT }),
  ...(WINDLASS_KUBE_SERVER === undefined ? {} : { server: WINDLASS_KUBE_SERVER }),
});

/** 0 takes any: nothing to look at. */
function portsOf(env: Context["env"], worker: Reach) {
  const scheduler = readConfig(SchedulerReach, env);
  const { shape } = DashboardConfig;
  const port = shape.WINDLASS_PORT.parse(env.WINDLASS_PORT || undefined);
  const host = shape.WINDLASS_HOST.parse(env.WINDLASS_HOST || undefined);
  const health = "WINDLASS_HEALTH_PORT";
  return [
    { service: "dashboard", host, port, variable: "WINDLASS_PORT" },
    { service: "scheduler", host: scheduler.WINDLASS_HEALTH_HOST, port: scheduler.WINDLASS_HEALTH_PORT, variable: health },
    { service: "worker", host: worker.WINDLASS_HEALTH_HOST, port: worker.WINDLASS_HEALTH_PORT, variable: health },
  ].filter(one => one.port !== 0);
}
