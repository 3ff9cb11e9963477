import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Container, ContainerState, ContainerStatus, Pod } from "../pod.ts";
import { seconds } from "../store/kube-object.ts";
import { ConfigError, containerEnv, type Lookup } from "./container-env.ts";
import { ContainerLog } from "./container-log.ts";
import type { EventRecorder } from "./event-recorder.ts";
import type { Guardian } from "./guardian.ts";
import type { Image, ImageRefusal, Images } from "./images.ts";
import { commandOf, type StartError, startError } from "./launch.ts";
import type { Role } from "./pod-status.ts";
import { ProcessGroup } from "./process-group.ts";
import { refuseRoot } from "./refuse-root.ts";
import { backOffDelayMs, HEALTHY_RUN_MS, restartDelayMs, restarts } from "./restart-policy.ts";
import { terminationMessage } from "./termination-message.ts";
import { mountsOf } from "./volumes.ts";

/** What a container needs from the pod it belongs to. */
export interface PodHost {
  readonly pod: Pod;
  /** The pod's own directory on this machine. */
  readonly directory: string;
  /** Volume → path on this machine. */
  readonly volumes: Record<string, string>;
  readonly halted: boolean;
  readonly images: Images;
  readonly events: EventRecorder;
  readonly guardian: Guardian;
  readonly lookup: Lookup;
  readonly settings: { backOffMs: number; maxLogBytes: number };
  /** Writes the pod's status as it is now. */
  publish(): void;
  /** Resolves when something the pod depends on has changed, when it is to end, or after the time. */
  pause(afterMs?: number): Promise<void>;
}

const REFUSAL_EVENTS = { ErrImagePull: "Failed", InvalidImageName: "InspectFailed", ErrImageNeverPull: "ErrImageNeverPull" };
const EPOCH = "1970-01-01T00:00:00Z";

/** One container of a pod through all its runs: image, configuration, process, log, restart. */
export class ContainerRunner {
  readonly spec: Container;
  readonly role: Role;
  /** Resolves when it has been started once; the containers behind a sidecar wait for that. */
  readonly started: Promise<void>;
  readonly #host: PodHost;
  readonly #markStarted: () => void;
  #state: ContainerState;
  #lastState: ContainerState = {};
  #restartCount = 0;
  #image: Image | undefined;
  #containerId: string | undefined;
  #log: ContainerLog | undefined;
  #previousLog: ContainerLog | undefined;
  #group: ProcessGroup | undefined;
  #stopMs: number | undefined;
  #killedAs: string | undefined;

  constructor(host: PodHost, spec: Container, role: Role, waiting: string) {
    this.#host = host;
    this.spec = spec;
    this.role = role;
    this.#state = { waiting: { reason: waiting } };
    const started = Promise.withResolvers<void>();
    this.started = started.promise;
    this.#markStarted = started.resolve;
  }

  get log(): ContainerLog | undefined {
    return this.#log;
  }

  get previousLog(): ContainerLog | undefined {
    return this.#previousLog;
  }

  get exitCode(): number | undefined {
    return this.#state.terminated?.exitCode;
  }

  /** Whether it has ended and will not be started again. */
  get over(): boolean {
    return this.#state.terminated !== undefined && (this.#host.halted || !this.#restarts());
  }

  status(): ContainerStatus {
    const running = this.#state.running !== undefined;
    const done = this.role === "init" && this.exitCode === 0;
    return {
      name: this.spec.name,
      state: this.#state,
      lastState: this.#lastState,
      ready: done || (running && this.role !== "init"),
      restartCount: this.#restartCount,
      image: this.#image?.name ?? this.spec.image,
      imageID: this.#image?.id ?? "",
      ...(this.#containerId === undefined ? {} : { containerID: this.#containerId }),
      started: running && this.role !== "init",
    };
  }

  /** Runs it until it needs no further run or the pod is to end. */
  async run(): Promise<void> {
    for (let failures = 0; !this.#host.halted; failures++) {
      const ready = await this.#prepare();
      if (ready === undefined) return;
      const startedAt = Date.now();
      await this.#runOnce(ready.image, ready.env);
      this.#host.publish();
      if (this.#host.halted || !this.#restarts()) return;
      if (Date.now() - startedAt > HEALTHY_RUN_MS) failures = 0;
      await this.#backOff(failures);
    }
  }

  /** SIGTERM now, SIGKILL after the grace; the same for a run that is just being started. */
  stop(graceMs: number): void {
    if (this.#state.running !== undefined) {
      this.#host.events.record(this.#host.pod, this.#event("Normal", "Killing", `Stopping container ${this.spec.name}`));
    }
    this.#stopMs = graceMs;
    this.#group?.stop(graceMs);
  }

  /** Kills it at once; its end carries `reason`, as when the kernel does it: "OOMKilled". */
  killAs(reason: string): void {
    this.#killedAs = reason;
    this.#group?.signal("SIGKILL");
  }

  /** The pod ends without this container having run: what a kubelet then says about it. */
  giveUp(): void {
    if (this.#state.waiting === undefined) return;
    const unknown = {
      exitCode: 137,
      reason: "ContainerStatusUnknown",
      message: "The container could not be located when the pod was terminated",
      startedAt: null,
      finishedAt: null,
    };
    this.#state = this.#lastState.terminated ? this.#lastState : { terminated: unknown };
  }

  /** Waits until image and configuration are there; undefined when the pod is to end first. */
  async #prepare(): Promise<{ image: Image; env: Record<string, string> } | undefined> {
    for (let pulls = 0; !this.#host.halted; ) {
      const { pod, images, lookup } = this.#host;
      const image = images.find(this.#currentImage(), this.spec.imagePullPolicy ?? "IfNotPresent");
      if ("reason" in image) {
        await this.#refused(image, pulls++);
        continue;
      }
      try {
        refuseRoot(pod, this.spec);
        return { image, env: containerEnv(pod, this.spec, lookup) };
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        this.#wait("CreateContainerConfigError", error.message);
        this.#host.events.record(pod, this.#event("Warning", "Failed", `Error: ${error.message}`));
        await this.#host.pause();
      }
    }
    return undefined;
  }

  /** The image may be patched while the pod lives. */
  #currentImage(): string {
    const { spec } = this.#host.pod;
    return (
      [...spec.containers, ...(spec.initContainers ?? [])].find(({ name }) => name === this.spec.name)?.image ?? this.spec.image
    );
  }

  async #refused({ reason, message }: ImageRefusal, pulls: number): Promise<void> {
    const { events, pod, settings } = this.#host;
    const image = this.#currentImage();
    this.#wait(reason, message);
    const detail = {
      ErrImagePull: `Failed to pull image "${image}": ${message}`,
      InvalidImageName: message,
      ErrImageNeverPull: message,
    }[reason];
    events.record(pod, this.#event("Warning", REFUSAL_EVENTS[reason], detail));
    events.record(pod, this.#event("Warning", "Failed", `Error: ${reason}`));
    if (reason !== "ErrImagePull") return this.#host.pause();
    const delayMs = backOffDelayMs(pulls, settings.backOffMs);
    await this.#host.pause(delayMs);
    if (this.#host.halted) return;
    this.#wait("ImagePullBackOff", `Back-off pulling image "${image}": ErrImagePull: ${message}`);
    events.record(pod, this.#event("Normal", "BackOff", `Back-off pulling image "${image}"`));
    await this.#host.pause(delayMs);
  }

  async #runOnce(image: Image, env: Record<string, string>): Promise<void> {
    const { events, pod, settings, directory, volumes } = this.#host;
    if (this.#state.terminated ?? this.#lastState.terminated) this.#restartCount++;
    if (this.#state.terminated) this.#lastState = this.#state;
    this.#previousLog = this.#log;
    const log = new ContainerLog(settings.maxLogBytes);
    this.#log = log;
    this.#image = image;
    this.#containerId = `local://${randomBytes(32).toString("hex")}`;
    events.record(pod, this.#event("Normal", "Pulled", `Container image "${this.spec.image}" already present on machine`));
    events.record(pod, this.#event("Normal", "Created", `Created container: ${this.spec.name}`));

    const own = join(directory, this.spec.name);
    const messageFile = join(directory, `${this.spec.name}.termination-log`);
    mkdirSync(own, { recursive: true });
    writeFileSync(messageFile, "");
    try {
      const mounts = mountsOf(this.spec, volumes);
      const command = commandOf({ pod, container: this.spec, image, env, directory: own, messageFile, mounts });
      this.#group = await ProcessGroup.start(command, this.#host.guardian, (stream, chunk) => log.append(stream, chunk));
    } catch (error) {
      log.close();
      this.#failToStart(startError(error, this.spec));
      return;
    }
    const startedAt = seconds(Date.now());
    this.#state = { running: { startedAt } };
    events.record(pod, this.#event("Normal", "Started", `Started container ${this.spec.name}`));
    this.#markStarted();
    this.#host.publish();
    if (this.#stopMs !== undefined) this.#group.stop(this.#stopMs);

    const { exitCode } = await this.#group.exited;
    this.#group = undefined;
    log.close();
    const message = terminationMessage(this.spec, messageFile, log, exitCode);
    this.#state = {
      terminated: {
        exitCode,
        reason: this.#killedAs ?? (exitCode === 0 ? "Completed" : "Error"),
        ...(message === "" ? {} : { message }),
        startedAt,
        finishedAt: seconds(Date.now()),
        containerID: this.#containerId,
      },
    };
    this.#killedAs = undefined;
  }

  #failToStart({ message }: StartError): void {
    const finishedAt = seconds(Date.now());
    this.#state = {
      terminated: { exitCode: 128, reason: "StartError", message, startedAt: EPOCH, finishedAt, containerID: this.#containerId! },
    };
    this.#host.events.record(this.#host.pod, this.#event("Warning", "Failed", `Error: ${message}`));
  }

  #restarts(): boolean {
    return restarts(this.#host.pod.spec.restartPolicy, this.role, this.exitCode);
  }

  async #backOff(failures: number): Promise<void> {
    const delayMs = restartDelayMs(failures, this.#host.settings.backOffMs);
    if (delayMs === 0) return;
    const { metadata } = this.#host.pod;
    const whole = `${metadata.name}_${metadata.namespace}(${metadata.uid})`;
    // Of a sidecar a kubelet goes on telling how it ended.
    if (this.role !== "sidecar") {
      this.#lastState = this.#state;
      this.#wait("CrashLoopBackOff", `back-off ${delayMs / 1_000}s restarting failed container=${this.spec.name} pod=${whole}`);
    }
    const text = `Back-off restarting failed container ${this.spec.name} in pod ${whole}`;
    this.#host.events.record(this.#host.pod, this.#event("Warning", "BackOff", text));
    for (const until = Date.now() + delayMs; Date.now() < until && !this.#host.halted; ) {
      await this.#host.pause(until - Date.now());
    }
  }

  #wait(reason: string, message: string): void {
    this.#state = { waiting: { reason, message } };
    this.#host.publish();
  }

  #event(type: "Normal" | "Warning", reason: string, message: string) {
    return { type, reason, message, container: { name: this.spec.name, init: this.role !== "main" } };
  }
}
