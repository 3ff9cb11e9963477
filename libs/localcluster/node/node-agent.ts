import { mkdirSync } from "node:fs";
import { availableParallelism, hostname, totalmem } from "node:os";
import { join } from "node:path";
import type { Condition, Pod } from "../pod.ts";
import { type KubeObject, seconds } from "../store/kube-object.ts";
import type { Change, ObjectStore } from "../store/object-store.ts";
import type { ContainerLog, LogSource } from "./container-log.ts";
import { EventRecorder } from "./event-recorder.ts";
import { Guardian } from "./guardian.ts";
import { type Family, Images } from "./images.ts";
import { type Ending, type Node, PodRunner } from "./pod-runner.ts";

export interface NodeAgentOptions {
  /** Where images and pods have their directories. */
  dataDir: string;
  /** Whether the directory goes when the process dies. */
  temporary: boolean;
  settings: Node["settings"];
  images: Record<string, Family>;
  log: (line: string) => void;
}

interface Worker {
  runner: PodRunner;
  done: Promise<void>;
}

const NAME = "local";
const LABELS = { "kubernetes.io/hostname": NAME, "kubernetes.io/os": "linux" };

/** The one node of the local cluster: takes every pod of the store and runs its containers as child processes. */
export class NodeAgent implements LogSource {
  readonly #node: Node;
  readonly #log: (line: string) => void;
  readonly #workers = new Map<string, Worker>();
  readonly #unsubscribe: () => void;

  constructor(store: ObjectStore, { dataDir, temporary, settings, images, log }: NodeAgentOptions) {
    const directory = join(dataDir, "pods");
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#log = log;
    this.#node = {
      name: NAME,
      labels: LABELS,
      store,
      directory,
      settings,
      images: new Images(join(dataDir, "images"), images),
      events: new EventRecorder(store, NAME),
      guardian: new Guardian(temporary ? dataDir : ""),
      held: false,
    };
    store.create("nodes", nodeObject());
    this.#unsubscribe = store.subscribe(change => this.#heard(change));
  }

  logOf(podUid: string, container: string, previous: boolean): ContainerLog | undefined {
    const runner = this.#workers.get(podUid)?.runner.container(container);
    return previous ? runner?.previousLog : runner?.log;
  }

  /** Keeps new pods in ContainerCreating, or lets them go on. */
  hold(held: boolean): void {
    this.#node.held = held;
    if (!held) for (const { runner } of this.#workers.values()) runner.wake();
  }

  /** Ends a pod's containers for the node's own reasons. */
  end(pod: Pod, ending: Ending): void {
    this.#workers.get(pod.metadata.uid)?.runner.end(ending);
  }

  /** Adds a condition of somebody else, such as DisruptionTarget. */
  mark(pod: Pod, condition: Condition): Pod {
    const conditions = [...(pod.status.conditions ?? []), condition];
    return this.#node.store.update("pods", { ...pod, status: { ...pod.status, conditions } }) as Pod;
  }

  /** Kills a container as the kernel does. */
  kill(pod: Pod, container: string, reason: string): void {
    this.#workers.get(pod.metadata.uid)?.runner.container(container)?.killAs(reason);
  }

  /** Kills every process group and waits until all are gone. */
  async close(): Promise<void> {
    this.#unsubscribe();
    const workers = [...this.#workers.values()];
    for (const { runner } of workers) runner.end({ graceMs: 0 });
    await Promise.all(workers.map(({ done }) => done));
    await Promise.all(workers.map(({ runner }) => runner.clean()));
    this.#workers.clear();
    this.#node.guardian.close();
  }

  #heard({ type, resource, object }: Change): void {
    const pod = object as Pod;
    if (resource === "secrets" || resource === "configmaps") this.#wake(object.metadata.namespace);
    if (resource !== "pods") return;
    if (type === "ADDED") this.#start(pod);
    else if (type === "MODIFIED") this.#workers.get(pod.metadata.uid)?.runner.changed(pod);
    else void this.#forget(pod);
  }

  #start(pod: Pod): void {
    const runner = new PodRunner(this.#node, pod);
    const done = Promise.resolve()
      .then(() => runner.run())
      .catch((error: unknown) =>
        this.#log(`pod ${pod.metadata.namespace}/${pod.metadata.name}: ${error instanceof Error ? error.stack : String(error)}`),
      );
    this.#workers.set(pod.metadata.uid, { runner, done });
  }

  /** A pod whose object is gone has no right to live on. */
  async #forget(pod: Pod): Promise<void> {
    const worker = this.#workers.get(pod.metadata.uid);
    if (worker === undefined) return;
    worker.runner.end({ graceMs: 0 });
    await worker.done;
    this.#workers.delete(pod.metadata.uid);
    await worker.runner.clean();
  }

  #wake(namespace: string | undefined): void {
    for (const { runner } of this.#workers.values()) if (runner.pod.metadata.namespace === namespace) runner.wake();
  }
}

function nodeObject(): KubeObject {
  const now = seconds(Date.now());
  const capacity = { cpu: String(availableParallelism()), memory: `${Math.floor(totalmem() / 1_024)}Ki`, pods: "1000" };
  return {
    kind: "Node",
    apiVersion: "v1",
    metadata: { name: NAME, uid: crypto.randomUUID(), resourceVersion: "", creationTimestamp: now, labels: LABELS },
    spec: {},
    status: {
      capacity,
      allocatable: capacity,
      conditions: [
        {
          type: "Ready",
          status: "True",
          reason: "KubeletReady",
          message: "the local cluster is running",
          lastHeartbeatTime: now,
          lastTransitionTime: now,
        },
      ],
      addresses: [
        { type: "InternalIP", address: "127.0.0.1" },
        { type: "Hostname", address: hostname() },
      ],
      nodeInfo: {
        kubeletVersion: "v1.34.0+windlass-local",
        osImage: process.platform,
        containerRuntimeVersion: "processes://without-isolation",
        architecture: process.arch,
      },
    },
  };
}
