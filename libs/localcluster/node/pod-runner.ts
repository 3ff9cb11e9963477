import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Condition, Container, Pod } from "../pod.ts";
import { finishDeletion } from "../pod-deletion.ts";
import { seconds } from "../store/kube-object.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { Lookup } from "./container-env.ts";
import { ContainerRunner, type PodHost } from "./container-runner.ts";
import type { EventRecorder } from "./event-recorder.ts";
import type { Guardian } from "./guardian.ts";
import type { Images } from "./images.ts";
import { podStatus, type Role } from "./pod-status.ts";
import { MountError, makeVolumes } from "./volumes.ts";

/** What the pods of a node share. */
export interface Node {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly store: ObjectStore;
  readonly images: Images;
  readonly events: EventRecorder;
  readonly guardian: Guardian;
  /** Where pods have their directories. */
  readonly directory: string;
  readonly settings: { phaseLagMs: number; backOffMs: number; maxLogBytes: number };
  /** While true, pods stay in ContainerCreating. */
  held: boolean;
}

/** Why a pod has to end before its containers do. */
export interface Ending {
  graceMs: number;
  /** What status.reason and status.message say then; absent for a deletion. */
  because?: { reason: string; message: string };
  /** A condition that comes with it, such as DisruptionTarget. */
  condition?: Condition;
}

const DEADLINE = { reason: "DeadlineExceeded", message: "Pod was active on the node longer than the specified deadline" };

/** One pod on the node, from scheduling to its end: the part of a kubelet that is called a pod worker. */
export class PodRunner implements PodHost {
  readonly directory: string;
  readonly images: Images;
  readonly events: EventRecorder;
  readonly guardian: Guardian;
  readonly settings: Node["settings"];
  readonly #node: Node;
  readonly #containers: ContainerRunner[];
  readonly #halt = Promise.withResolvers<void>();
  #pod: Pod;
  #volumes: Record<string, string> = {};
  #wake = Promise.withResolvers<void>();
  #ending: Ending | undefined;
  #sandbox = false;
  #settled = false;
  #deadline: NodeJS.Timeout | undefined;

  constructor(node: Node, pod: Pod) {
    this.#node = node;
    this.#pod = pod;
    this.directory = join(node.directory, pod.metadata.uid);
    this.images = node.images;
    this.events = node.events;
    this.guardian = node.guardian;
    this.settings = node.settings;
    const waiting = pod.spec.initContainers?.length ? "PodInitializing" : "ContainerCreating";
    const runner = (container: Container, role: Role) => new ContainerRunner(this, container, role, waiting);
    this.#containers = [
      ...(pod.spec.initContainers ?? []).map(container =>
        runner(container, container.restartPolicy === "Always" ? "sidecar" : "init"),
      ),
      ...pod.spec.containers.map(container => runner(container, "main")),
    ];
  }

  get pod(): Pod {
    return this.#pod;
  }

  get volumes(): Record<string, string> {
    return this.#volumes;
  }

  get halted(): boolean {
    return this.#ending !== undefined;
  }

  readonly lookup: Lookup = (resource, name) => this.#node.store.get(resource, this.#pod.metadata.namespace, name);

  container(name: string): ContainerRunner | undefined {
    return this.#containers.find(({ spec }) => spec.name === name);
  }

  /** Lives the pod's life. Resolves when its containers are gone and its status is final. */
  async run(): Promise<void> {
    await this.#schedule();
    if (!this.halted) {
      this.publish();
      await this.#mount();
      this.#sandbox = true;
      await this.#runContainers();
    }
    await this.#settle();
  }

  /** The stored pod is another one now. */
  changed(pod: Pod): void {
    const deleted = pod.metadata.deletionTimestamp !== undefined;
    const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1_000;
    const sooner =
      deleted && this.#ending?.because === undefined && graceMs < (this.#ending?.graceMs ?? Number.POSITIVE_INFINITY);
    const respecified = pod.spec !== this.#pod.spec;
    this.#pod = pod;
    if (sooner && !this.#settled) this.end({ graceMs });
    else if (respecified) this.wake();
  }

  /** Ends the pod before its time. */
  end(ending: Ending): void {
    this.#ending = ending;
    this.#halt.resolve();
    this.wake();
    for (const container of this.#containers) container.stop(ending.graceMs);
  }

  /** Lets everything that waits look again. */
  wake(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }

  async pause(afterMs?: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = afterMs === undefined ? [] : [new Promise<void>(resolve => (timer = setTimeout(resolve, afterMs)))];
    await Promise.race([this.#halt.promise, this.#wake.promise, ...timeout]);
    clearTimeout(timer);
  }

  publish(): void {
    const { metadata } = this.#pod;
    const current = this.#node.store.get("pods", metadata.namespace, metadata.name) as Pod | undefined;
    if (current?.metadata.uid !== metadata.uid) return;
    const verdict = this.#verdict();
    const { because, condition } = this.#ending ?? {};
    const facts = {
      containers: this.#containers.map(container => ({ role: container.role, status: container.status() })),
      sandbox: this.#sandbox,
      settled: this.#settled,
      ...(verdict === undefined ? {} : { verdict }),
      ...(because === undefined ? {} : { ending: because }),
      ...(condition === undefined ? {} : { extra: [condition] }),
    };
    const status = podStatus(current, facts, seconds(Date.now()));
    if (JSON.stringify(status) === JSON.stringify(current.status)) return;
    this.#pod = this.#node.store.update("pods", { ...current, status }) as Pod;
  }

  /** Forgets the pod's files. */
  async clean(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  async #schedule(): Promise<void> {
    while (!this.halted && this.#pod.spec.schedulingGates?.length) await this.pause();
    const { labels, name, store } = this.#node;
    const wanted = Object.entries(this.#pod.spec.nodeSelector ?? {});
    if (wanted.some(([key, value]) => labels[key] !== value)) {
      this.#unschedulable(
        "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
      );
      await this.#halt.promise;
    }
    if (this.halted) return;
    const conditions = [
      { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: seconds(Date.now()) },
    ] as const;
    const { status, spec } = this.#pod;
    const bound = { ...this.#pod, spec: { ...spec, nodeName: name }, status: { ...status, conditions: [...conditions] } };
    this.#pod = store.update("pods", bound) as Pod;
    const { namespace, name: podName } = this.#pod.metadata;
    const message = `Successfully assigned ${namespace}/${podName} to ${name}`;
    this.events.record(this.#pod, { type: "Normal", reason: "Scheduled", message, from: "default-scheduler" });
    this.#armDeadline();
  }

  #unschedulable(message: string): void {
    const condition = {
      type: "PodScheduled",
      status: "False",
      lastProbeTime: null,
      lastTransitionTime: seconds(Date.now()),
      reason: "Unschedulable",
      message,
    } as const;
    this.#pod = this.#node.store.update("pods", {
      ...this.#pod,
      status: { ...this.#pod.status, conditions: [condition] },
    }) as Pod;
    this.events.record(this.#pod, { type: "Warning", reason: "FailedScheduling", message, from: "default-scheduler" });
  }

  #armDeadline(): void {
    const { activeDeadlineSeconds, terminationGracePeriodSeconds } = this.#pod.spec;
    if (activeDeadlineSeconds === undefined) return;
    this.#deadline = setTimeout(() => {
      this.events.record(this.#pod, { type: "Normal", ...DEADLINE });
      this.end({ graceMs: terminationGracePeriodSeconds * 1_000, because: DEADLINE });
    }, activeDeadlineSeconds * 1_000);
  }

  /** Waits for volumes, as a kubelet does: a missing secret keeps the pod in ContainerCreating until it appears. */
  async #mount(): Promise<void> {
    while (this.#node.held && !this.halted) await this.pause();
    while (!this.halted) {
      try {
        this.#volumes = makeVolumes(this.#pod, join(this.directory, "volumes"), this.lookup);
        return;
      } catch (error) {
        if (!(error instanceof MountError)) throw error;
        this.events.record(this.#pod, { type: "Warning", reason: "FailedMount", message: error.message });
        await this.pause();
      }
    }
  }

  async #runContainers(): Promise<void> {
    const sidecars: { container: ContainerRunner; over: Promise<void> }[] = [];
    for (const container of this.#containers.filter(({ role }) => role !== "main")) {
      if (this.halted) break;
      const over = container.run();
      if (container.role === "init") await over;
      else {
        sidecars.push({ container, over });
        await Promise.race([container.started, this.#halt.promise]);
      }
      if (container.role === "init" && container.exitCode !== 0) break;
    }
    if (this.#verdict() === undefined && !this.halted) {
      await Promise.all(this.#containers.filter(({ role }) => role === "main").map(container => container.run()));
    }
    clearTimeout(this.#deadline);
    await this.#stopSidecars(sidecars);
  }

  /** Sidecars outlive the main containers and are stopped behind them, the last one first. */
  async #stopSidecars(sidecars: { container: ContainerRunner; over: Promise<void> }[]): Promise<void> {
    const graceMs = this.#ending?.graceMs ?? this.#pod.spec.terminationGracePeriodSeconds * 1_000;
    if (sidecars.length > 0 && !this.halted) this.#ending = { graceMs };
    for (const { container, over } of sidecars.toReversed()) {
      container.stop(graceMs);
      await over;
    }
  }

  /** How the pod ends, once that is certain. */
  #verdict(): "Succeeded" | "Failed" | undefined {
    if (this.#ending?.because !== undefined) return "Failed";
    const failedInit = this.#containers.some(({ role, over, exitCode }) => role === "init" && over && exitCode !== 0);
    const main = this.#containers.filter(({ role }) => role === "main");
    if (failedInit) return "Failed";
    if (!main.every(({ over }) => over)) return undefined;
    return main.every(({ exitCode }) => exitCode === 0) ? "Succeeded" : "Failed";
  }

  /** The next tick, or `phaseLagMs`, which a deletion cuts short. */
  async #lag(): Promise<void> {
    if (this.settings.phaseLagMs === 0 || this.halted) await setImmediate();
    for (const until = Date.now() + this.settings.phaseLagMs; Date.now() < until && !this.halted; )
      await this.pause(until - Date.now());
  }

  /** The phase follows the containers, not at once but as a second update; then a pod that is being deleted goes. */
  async #settle(): Promise<void> {
    clearTimeout(this.#deadline);
    if (this.halted) for (const container of this.#containers) container.giveUp();
    this.publish();
    await this.#lag();
    this.#settled = true;
    this.publish();
    const { metadata } = this.#pod;
    const current = this.#node.store.get("pods", metadata.namespace, metadata.name);
    if (current?.metadata.uid === metadata.uid && current.metadata.deletionTimestamp !== undefined)
      finishDeletion(this.#node.store, current);
  }
}
