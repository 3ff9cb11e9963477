import type { Readable } from "node:stream";
import { type Call, Connection, type Query } from "./connection.ts";
import { CreatePace } from "./create-pace.ts";
import { type CredentialOptions, type CredentialSource, openCredentials } from "./credentials.ts";
import { KubeError, type ResponseHeaders } from "./kube-error.ts";
import type { LogStreamStats } from "./log-streams.ts";
import { KEY_ANNOTATION, type PodManifest } from "./manifest.ts";
import { type Pod, trimPod } from "./pod.ts";
import { RETRY_BUDGET, type RetryBudget, withRetry } from "./retry-budget.ts";
import { StrictOnce, shapeOf } from "./strict-once.ts";

export interface KubeOptions extends CredentialOptions {
  /** Default "windlass". The API server's audit log shows it. */
  userAgent?: string;
  /** How long one attempt may take. Default 30 s. */
  requestTimeoutMs?: number;
  /** Most TCP connections for requests; watches and logs have their own few. Default 8. */
  connections?: number;
  /** How long and how often a failed call is repeated. Default: 60 s, first delay up to 0.5 s, every delay up to 15 s. */
  retry?: Partial<RetryBudget>;
}

export interface PodSelection {
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

/** A consistent list: `resourceVersion` is where a watch goes on. */
export interface PodList {
  pods: Pod[];
  resourceVersion: string;
}

/** What the cluster noted about a pod: the only place where a missing volume or a failing image pull is explained. */
export interface PodEvent {
  type: string;
  reason: string;
  message: string;
  count: number;
  lastAt: string | undefined;
  /** The container it is about. */
  container: string | undefined;
}

export interface DeleteOptions {
  /** Only this very pod is deleted, never a successor of the same name. */
  uid: string;
  /** Default: the pod's own. 0 forgets the pod without waiting for its containers. */
  graceSeconds?: number;
  signal?: AbortSignal;
}

export interface LogQuery {
  container: string;
  follow: boolean;
  /** RFC 3339; the server rounds down to whole seconds. */
  sinceTime?: string | undefined;
  /** The log of the container's instance before its last restart. */
  previous?: true;
}

export interface KubeStats {
  requests: number;
  retries: number;
  /** By namespace: how fast pods may be created there, and how often there were too many. */
  creates: ReadonlyMap<string, Pick<CreatePace, "rate" | "refusals">>;
  logs: LogStreamStats;
}

/**
 * The part of the Kubernetes API that Windlass uses. Calls are repeated while the error is transient and the budget lasts.
 * Every method throws KubeError, or the signal's reason.
 */
export interface Kube {
  /** Unknown fields are refused (400), not dropped. An unclear answer is settled by reading the name, never by a second name. */
  createPod(namespace: string, manifest: PodManifest, signal?: AbortSignal): Promise<Pod>;
  /**
   * Asks whether the pod would be accepted: schema, quotas, limit ranges, policies and the webhooks that allow it decide, nothing is
   * created. Returns the server's warnings.
   */
  dryRunPod(namespace: string, manifest: PodManifest, signal?: AbortSignal): Promise<string[]>;
  getPod(namespace: string, name: string, signal?: AbortSignal): Promise<Pod | undefined>;
  /** "gone": there was no such pod. "other-uid": the name belongs to another pod, which was left alone. */
  deletePod(namespace: string, name: string, options: DeleteOptions): Promise<"deleted" | "gone" | "other-uid">;
  /** All pages, of one moment. Expensive for the server: not for single tasks. */
  listPods(namespace: string, selection?: PodSelection, signal?: AbortSignal): Promise<PodList>;
  /** Newest last. */
  listEvents(namespace: string, podName: string, signal?: AbortSignal): Promise<PodEvent[]>;
  /** Any other call, for objects that are no pods. The answer as it came. */
  send(call: Call): Promise<unknown>;
  version(signal?: AbortSignal): Promise<{ gitVersion: string }>;
  /** One attempt. The body is JSON lines; `abort` belongs to this stream alone. */
  watchPods(namespace: string, query: Query, abort: AbortController): Promise<Readable>;
  /** One attempt. `abort` belongs to this stream alone. */
  readLog(namespace: string, pod: string, query: LogQuery, abort: AbortController): Promise<AsyncIterable<Buffer>>;
  /** Whether there is a stream left to follow one more log. */
  readonly canFollow: boolean;
  readonly stats: KubeStats;
  /** Ends all calls and connections. */
  close(): Promise<void>;
}

const PAGE_SIZE = 500;
/** A list that expires between two pages starts again; under this much churn something else is wrong. */
const LIST_RESTARTS = 5;

export interface KubeParts {
  /** Default: what the options say. Closed with the Kube. */
  credentials?: CredentialSource;
}

/**
 * Reads the configuration and prepares the connections; nothing is sent yet.
 * @throws WL_KUBE_CONFIG naming where it looked
 */
export async function openKube(options: KubeOptions = {}, parts: KubeParts = {}): Promise<Kube> {
  const { kubeconfig, context, server, root } = options;
  const source = parts.credentials ?? (await openCredentials({ kubeconfig, context, server, root }));
  const connection = new Connection(source, {
    userAgent: options.userAgent ?? "windlass",
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    connections: options.connections ?? 8,
  });
  return new RawKube(connection, { ...RETRY_BUDGET, ...options.retry });
}

const podsPath = (namespace: string): string => `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
const podPath = (namespace: string, name: string): string => `${podsPath(namespace)}/${encodeURIComponent(name)}`;

interface RawList {
  metadata: { resourceVersion: string; continue?: string };
  items?: Pod[];
}

interface RawEvent {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  series?: { count?: number; lastObservedTime?: string };
  lastTimestamp?: string | null;
  eventTime?: string | null;
  metadata?: { creationTimestamp?: string };
  involvedObject?: { fieldPath?: string };
}

class RawKube implements Kube {
  readonly #connection: Connection;
  readonly #retry: RetryBudget;
  readonly #strict = new StrictOnce();
  readonly #paces = new Map<string, CreatePace>();
  #requests = 0;
  #retries = 0;

  constructor(connection: Connection, retry: RetryBudget) {
    this.#connection = connection;
    this.#retry = retry;
  }

  get stats(): KubeStats {
    return { requests: this.#requests, retries: this.#retries, creates: this.#paces, logs: this.#connection.logs };
  }

  get canFollow(): boolean {
    return this.#connection.canFollow;
  }

  async createPod(namespace: string, manifest: PodManifest, signal?: AbortSignal): Promise<Pod> {
    const { name } = manifest.metadata;
    const shape = shapeOf(manifest);
    const fieldValidation = this.#strict.validationFor(shape);
    const query = { fieldValidation, fieldManager: "windlass" };
    const pace = this.#paceOf(namespace);
    let unclear = false;
    return this.#repeat(signal, async () => {
      await pace.turn(signal);
      if (unclear) {
        const found = await this.#findPod(namespace, name, signal);
        if (found?.metadata.annotations?.[KEY_ANNOTATION] === manifest.metadata.annotations[KEY_ANNOTATION]) return found!;
      }
      try {
        const created = await this.#call({ method: "POST", path: podsPath(namespace), query, body: manifest, signal });
        pace.accepted();
        if (fieldValidation === "Strict") this.#strict.accepted(shape);
        return trimPod(created as Pod);
      } catch (error) {
        if (error instanceof KubeError && error.status === 429) pace.refused(error.retryAfterMs);
        unclear ||= error instanceof KubeError && error.isAmbiguous;
        throw error;
      }
    });
  }

  dryRunPod(namespace: string, manifest: PodManifest, signal?: AbortSignal): Promise<string[]> {
    const query = { fieldValidation: "Strict", fieldManager: "windlass", dryRun: "All" };
    return this.#repeat(signal, async () => {
      let warnings: string[] = [];
      const onHeaders = (headers: ResponseHeaders) => {
        warnings = warningsOf(headers.warning);
      };
      await this.#call({ method: "POST", path: podsPath(namespace), query, body: manifest, signal, onHeaders });
      return warnings;
    });
  }

  getPod(namespace: string, name: string, signal?: AbortSignal): Promise<Pod | undefined> {
    return this.#repeat(signal, () => this.#findPod(namespace, name, signal));
  }

  async deletePod(namespace: string, name: string, options: DeleteOptions): Promise<"deleted" | "gone" | "other-uid"> {
    const { uid, graceSeconds, signal } = options;
    const body = {
      apiVersion: "v1",
      kind: "DeleteOptions",
      preconditions: { uid },
      ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
    };
    try {
      await this.#repeat(signal, () => this.#call({ method: "DELETE", path: podPath(namespace, name), body, signal }));
      return "deleted";
    } catch (error) {
      if (error instanceof KubeError && error.isGone) return "gone";
      if (error instanceof KubeError && error.isConflict) return "other-uid";
      throw error;
    }
  }

  async listPods(namespace: string, selection: PodSelection = {}, signal?: AbortSignal): Promise<PodList> {
    for (let restarts = 0; ; restarts++) {
      try {
        return await this.#listOnce(namespace, selection, signal);
      } catch (error) {
        if (!(error instanceof KubeError) || !error.isExpired || restarts === LIST_RESTARTS) throw error;
      }
    }
  }

  async listEvents(namespace: string, podName: string, signal?: AbortSignal): Promise<PodEvent[]> {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
    const query = { fieldSelector: `involvedObject.kind=Pod,involvedObject.name=${podName}`, limit: PAGE_SIZE };
    const list = (await this.#repeat(signal, () => this.#call({ path, query, signal }))) as { items?: RawEvent[] };
    const events = (list.items ?? []).map(toPodEvent);
    return events.sort((a, b) => Date.parse(a.lastAt ?? "") - Date.parse(b.lastAt ?? "") || 0);
  }

  send(call: Call): Promise<unknown> {
    return this.#repeat(call.signal, () => this.#call(call));
  }

  async version(signal?: AbortSignal): Promise<{ gitVersion: string }> {
    const { gitVersion } = (await this.#repeat(signal, () => this.#call({ path: "/version", signal }))) as { gitVersion: string };
    return { gitVersion };
  }

  watchPods(namespace: string, query: Query, abort: AbortController): Promise<Readable> {
    this.#requests++;
    return this.#connection.watch({ path: podsPath(namespace), query: { ...query, watch: true } }, abort);
  }

  readLog(namespace: string, pod: string, log: LogQuery, abort: AbortController): Promise<AsyncIterable<Buffer>> {
    this.#requests++;
    const query = { ...log, follow: log.follow ? true : undefined, timestamps: true };
    return this.#connection.log({ path: `${podPath(namespace, pod)}/log`, query }, log.follow, abort);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #paceOf(namespace: string): CreatePace {
    const pace = this.#paces.get(namespace) ?? new CreatePace();
    this.#paces.set(namespace, pace);
    return pace;
  }

  async #findPod(namespace: string, name: string, signal: AbortSignal | undefined): Promise<Pod | undefined> {
    try {
      return trimPod((await this.#call({ path: podPath(namespace, name), signal })) as Pod);
    } catch (error) {
      if (error instanceof KubeError && error.isGone) return undefined;
      throw error;
    }
  }

  async #listOnce(namespace: string, selection: PodSelection, signal: AbortSignal | undefined): Promise<PodList> {
    const pods: Pod[] = [];
    let next: string | undefined;
    for (;;) {
      const query = { ...selection, limit: PAGE_SIZE, continue: next };
      const page = (await this.#repeat(signal, () => this.#call({ path: podsPath(namespace), query, signal }))) as RawList;
      for (const pod of page.items ?? []) pods.push(trimPod(pod));
      next = page.metadata.continue || undefined;
      if (next === undefined) return { pods, resourceVersion: page.metadata.resourceVersion };
    }
  }

  #call(call: Parameters<Connection["json"]>[0]): Promise<unknown> {
    this.#requests++;
    return this.#connection.json(call);
  }

  #repeat<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
    return withRetry(call, this.#retry, signal, () => this.#retries++);
  }
}

/** `299 - "text"`, several of them behind commas or in headers of their own. */
const warningsOf = (header: string | string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .flatMap(line => [...line.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text!.replace(/\\(.)/g, "$1")));

const toPodEvent = (event: RawEvent): PodEvent => ({
  type: event.type ?? "Normal",
  reason: event.reason ?? "",
  message: event.message ?? "",
  count: event.series?.count ?? event.count ?? 1,
  lastAt: event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata?.creationTimestamp,
  container: /\{(.+)\}$/.exec(event.involvedObject?.fieldPath ?? "")?.[1],
});
