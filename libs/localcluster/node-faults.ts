import type { NodeAgent } from "./node/node-agent.ts";
import type { Condition, Pod } from "./pod.ts";
import { requestDeletion } from "./pod-deletion.ts";
import { seconds } from "./store/kube-object.ts";
import type { ObjectStore } from "./store/object-store.ts";

const disrupted = (reason: string, message: string): Condition => ({
  type: "DisruptionTarget",
  status: "True",
  lastProbeTime: null,
  lastTransitionTime: seconds(Date.now()),
  reason,
  message,
});

/** Troubles on demand behind the API server: what nodes, schedulers and kernels do to pods. An absent pod is an Error. */
export class NodeFaults {
  readonly #store: ObjectStore;
  readonly #agent: NodeAgent;

  constructor(store: ObjectStore, agent: NodeAgent) {
    this.#store = store;
    this.#agent = agent;
  }

  /** The node is short of memory: the containers are killed, the pod fails with reason Evicted and a DisruptionTarget condition. */
  evict(namespace: string, name: string): void {
    const message = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 51200Ki. ";
    this.#agent.end(this.#pod(namespace, name), {
      graceMs: 0,
      because: { reason: "Evicted", message },
      condition: disrupted("TerminationByKubelet", message),
    });
  }

  /** The scheduler makes room: a DisruptionTarget condition, then a deletion with the pod's grace. */
  preempt(namespace: string, name: string): void {
    const pod = this.#pod(namespace, name);
    const marked = this.#agent.mark(
      pod,
      disrupted("PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod"),
    );
    requestDeletion(this.#store, "pods", marked, pod.spec.terminationGracePeriodSeconds);
  }

  /** The kernel kills a container (the first by default): exit code 137, reason OOMKilled. */
  oomKill(namespace: string, name: string, container?: string): void {
    const pod = this.#pod(namespace, name);
    this.#agent.kill(pod, container ?? pod.spec.containers[0]!.name, "OOMKilled");
  }

  /** The pod is gone from one moment to the next, as after a rollback of etcd: one DELETED event, no deletionTimestamp. */
  vanish(namespace: string, name: string): void {
    this.#store.remove("pods", this.#pod(namespace, name));
  }

  /** From now on pods stay in ContainerCreating, as with a slow pull, until the returned function is called. */
  holdStarts(): () => void {
    this.#agent.hold(true);
    return () => this.#agent.hold(false);
  }

  #pod(namespace: string, name: string): Pod {
    const pod = this.#store.get("pods", namespace, name);
    if (pod === undefined) throw new Error(`no pod ${namespace}/${name} in the local cluster`);
    return pod as Pod;
  }
}
