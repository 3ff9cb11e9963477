import { randomUUID } from "node:crypto";
import type { Pod } from "../pod.ts";
import { seconds } from "../store/kube-object.ts";
import type { ObjectStore } from "../store/object-store.ts";

const MAX_EVENTS = 4_096;

interface Happening {
  type: "Normal" | "Warning";
  reason: string;
  message: string;
  /** The container it is about. */
  container?: { name: string; init: boolean };
  /** Who reports it. */
  from?: "kubelet" | "default-scheduler";
}

/** Writes Events as a scheduler and a kubelet do: the same thing again only counts up. The oldest go when there are too many. */
export class EventRecorder {
  readonly #store: ObjectStore;
  readonly #node: string;
  readonly #known = new Map<string, { namespace: string; name: string }>();
  #serial = 0;

  constructor(store: ObjectStore, node: string) {
    this.#store = store;
    this.#node = node;
  }

  record(pod: Pod, happening: Happening): void {
    const { namespace, name, uid } = pod.metadata;
    const { type, reason, message, container, from = "kubelet" } = happening;
    const now = seconds(Date.now());
    const key = `${uid} ${reason} ${container?.name ?? ""} ${message}`;
    const known = this.#store.get("events", namespace, this.#known.get(key)?.name ?? "");
    if (known !== undefined) {
      this.#store.update("events", { ...known, lastTimestamp: now, count: Number(known.count) + 1 });
      return;
    }
    const fieldPath = container
      ? { fieldPath: `spec.${container.init ? "initContainers" : "containers"}{${container.name}}` }
      : {};
    const event = this.#store.create("events", {
      kind: "Event",
      apiVersion: "v1",
      metadata: {
        name: `${name}.${(Date.now() * 4_096 + (this.#serial++ % 4_096)).toString(16)}`,
        namespace: namespace!,
        uid: randomUUID(),
        resourceVersion: "",
        creationTimestamp: now,
      },
      involvedObject: {
        kind: "Pod",
        namespace,
        name,
        uid,
        apiVersion: "v1",
        resourceVersion: pod.metadata.resourceVersion,
        ...fieldPath,
      },
      reason,
      message,
      source: { component: from, host: this.#node },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: from,
      reportingInstance: this.#node,
    });
    this.#known.delete(key);
    this.#known.set(key, { namespace: namespace!, name: event.metadata.name });
    if (this.#known.size > MAX_EVENTS) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const [key, { namespace, name }] = this.#known.entries().next().value!;
    this.#known.delete(key);
    const oldest = this.#store.get("events", namespace, name);
    if (oldest !== undefined) this.#store.remove("events", oldest);
  }
}
