import { succeeded } from "#core/outcome.ts";
import type { WorkerOperator } from "#core/task-spec.ts";
import { openCustomObjects } from "#kube/custom-objects.ts";
import type { Kube } from "#kube/kube.ts";
import { readNamed } from "#runtime/config.ts";
import type { State } from "#state/state.ts";
import type { Clusters } from "../clusters.ts";
import type { WorkerConfig } from "../config.ts";
import { cancelPodTry, type PodOperatorDeps, podOperator } from "../pod-operator.ts";
import type { Operator } from "../run-job.ts";
import { approvalOperator } from "./approval.ts";
import { httpOperator } from "./http.ts";
import { cancelResource, type ResourceDeps, resourceOperator } from "./resource.ts";
import { triggerOperator } from "./trigger.ts";
import { waitOperator } from "./wait.ts";

export interface OperatorParts {
  state: State;
  kube: Kube;
  clusters: Clusters;
  pods: PodOperatorDeps;
  now(): number;
}

/** Every kind of task that a worker carries out, by its operator. */
export interface Operators {
  operators: Readonly<Record<WorkerOperator, Operator>>;
  /** Ends what belongs to a cancelled try without running it. */
  cancelTry: Operator;
}

export function openOperators(config: WorkerConfig, { state, kube, clusters, pods, now }: OperatorParts): Operators {
  const enabled = config.WINDLASS_HTTP_TASKS === "on";
  const authorization = (account: string) => readNamed(`WINDLASS_HTTP_AUTH_${account}`);
  const resources: ResourceDeps = {
    objects: openCustomObjects(kube),
    ledger: state.resources,
    defaultNamespace: config.WINDLASS_NAMESPACE,
    instance: config.WINDLASS_INSTANCE,
    lookEveryMs: config.WINDLASS_RESOURCE_EVERY_MS,
    limits: pods.limits,
    now,
  };
  const cancelPod = clusters.spread(pods, cancelPodTry);
  const cancelOne = cancelResource(resources);
  return {
    operators: {
      pod: clusters.spread(pods, podOperator),
      noop: async () => ({ type: "ended", outcome: succeeded() }),
      wait: waitOperator({
        runs: state.runs,
        assets: state.assets,
        httpEnabled: enabled,
        authorization,
        now,
      }),
      approval: approvalOperator({ approvals: state.approvals, now }),
      trigger: triggerOperator({ dags: state.dags, runs: state.runs, now }),
      http: httpOperator({ enabled, authorization, now }),
      resource: resourceOperator(resources),
    },
    cancelTry: (tryRun, signal) => (tryRun.task.operator === "resource" ? cancelOne : cancelPod)(tryRun, signal),
  };
}
