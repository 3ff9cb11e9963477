import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { CredentialSource } from "#kube/credentials.ts";
import { type Kube, type KubeOptions, openKube } from "#kube/kube.ts";
import type { Pod, PodStatus } from "#kube/pod.ts";

type Request = IncomingMessage;
/** The HTTP/2 server's compatibility classes have the same methods, and a stream. */
type Response = ServerResponse & { stream?: ServerHttp2Stream };

/** Answers a request in place of the server; `url` is parsed. */
export type Reply = (request: Request, response: Response, url: URL) => void;

interface Fault {
  method: string;
  path: RegExp;
  times: number;
  reply: Reply;
}

interface Watcher {
  response: Response;
  selector: string | null;
  bookmarks: boolean;
  known: Set<string>;
}

interface LogFile {
  lines: { ts: string; text: string }[];
  /** What the instance before the last restart wrote. */
  previous: { ts: string; text: string }[];
  followers: Set<Response>;
  ended: boolean;
}

interface Seen {
  method: string;
  path: string;
  query: URLSearchParams;
  httpVersion: string;
  headers: Request["headers"];
}

type RawPod = Pod & { spec: Record<string, unknown> };

/**
 * An API server that does what a test tells it to: pods without a node, logs line by line, and failures on demand.
 * One port speaks HTTP/1.1 and, unless `h1Only`, HTTP/2 with prior knowledge.
 */
export class ScriptedApi {
  readonly seen: Seen[] = [];
  readonly sockets = new Set<Socket>();
  readonly sessions = new Set<ServerHttp2Session>();
  mostSockets = 0;
  /** Connections ever opened. */
  totalSockets = 0;
  readonly #pods = new Map<string, RawPod>();
  readonly #history: { type: string; object: RawPod; version: number }[] = [];
  readonly #watchers = new Set<Watcher>();
  readonly #logs = new Map<string, LogFile>();
  readonly #faults: Fault[] = [];
  readonly #cleanups: (() => unknown)[] = [];
  #server: Server | undefined;
  #version = 1_000;
  #compacted = 1_000;

  static async start({ h1Only = false } = {}): Promise<ScriptedApi> {
    const api = new ScriptedApi();
    const handle = (request: Request, response: Response) => {
      response.on("error", () => response.destroy());
      void readBody(request).then(body => api.#handle(request, response, body));
    };
    const http1 = createHttpServer(handle);
    const http2 = createHttp2Server({ settings: { maxConcurrentStreams: 100 } }, handle as never);
    http2.on("session", session => {
      api.sessions.add(session);
      session.on("close", () => api.sessions.delete(session));
    });
    http2.on("sessionError", () => undefined);
    const server = createServer(socket => {
      api.sockets.add(socket);
      api.totalSockets++;
      api.mostSockets = Math.max(api.mostSockets, api.sockets.size);
      socket.on("close", () => api.sockets.delete(socket));
      socket.on("error", () => socket.destroy());
      socket.once("readable", () => {
        const first: Buffer | null = socket.read();
        if (first === null) return;
        socket.unshift(first);
        const target = !h1Only && first.toString("latin1").startsWith("PRI *") ? http2 : http1;
        target.emit("connection", socket);
      });
    });
    api.#server = server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}`;
  }

  /** A client of this server, whose credentials are given and not looked for; ends with it. Its retries are quick. */
  async open(options: Partial<KubeOptions> = {}): Promise<Kube> {
    const retry = { baseMs: 1, capMs: 20, budgetMs: 5_000, ...options.retry };
    const credentials = fixedCredentials(options.server ?? this.url);
    const kube = await openKube({ requestTimeoutMs: 2_000, ...options, retry }, { credentials });
    this.#cleanups.push(() => kube.close());
    return kube;
  }

  async close(): Promise<void> {
    for (const cleanup of this.#cleanups) await cleanup();
    for (const socket of this.sockets) socket.destroy();
    this.#server!.close();
    await once(this.#server!, "close");
  }

  /** The next `times` requests that fit are answered by `reply`. */
  fault(method: string, path: RegExp, times: number, reply: Reply): void {
    this.#faults.push({ method, path, times, reply });
  }

  count(method: string, path: RegExp): number {
    return this.seen.filter(request => request.method === method && path.test(request.path)).length;
  }

  get lists(): number {
    return this.seen.filter(({ method, path, query }) => method === "GET" && path.endsWith("/pods") && !query.has("watch"))
      .length;
  }

  get watches(): number {
    return this.seen.filter(({ query }) => query.has("watch")).length;
  }

  get openWatches(): number {
    return this.#watchers.size;
  }

  pod(name: string): RawPod | undefined {
    return this.#pods.get(name);
  }

  create(name: string, labels: Record<string, string> = {}, annotations: Record<string, string> = {}): RawPod {
    const metadata = { name, namespace: "ns", uid: randomUUID(), resourceVersion: "", labels, annotations };
    return this.#put({ metadata, spec: { containers: [{ name: "main" }] }, status: { phase: "Pending" } }, "ADDED");
  }

  change(name: string, status: PodStatus): void {
    const pod = this.#pods.get(name)!;
    this.#put({ ...pod, status: { ...pod.status, ...status } }, "MODIFIED");
  }

  label(name: string, labels: Record<string, string>): void {
    const pod = this.#pods.get(name)!;
    this.#put({ ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...labels } } }, "MODIFIED");
  }

  markDeleted(name: string, deletionTimestamp = "2026-01-01T00:00:30Z"): void {
    const pod = this.#pods.get(name)!;
    this.#put({ ...pod, metadata: { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: 30 } }, "MODIFIED");
  }

  /** Gone from the store; watchers hear of it unless `silently`. */
  remove(name: string, { silently = false } = {}): void {
    const pod = this.#pods.get(name)!;
    this.#pods.delete(name);
    this.#version++;
    if (!silently) this.#emit("DELETED", { ...pod, metadata: { ...pod.metadata, resourceVersion: `${this.#version}` } });
  }

  /** Forgets the history: a watch from before gets 410. */
  compact(): void {
    this.#compacted = ++this.#version;
    this.#history.length = 0;
  }

  bookmark(): void {
    this.#version++;
    const object = { kind: "Pod", metadata: { resourceVersion: `${this.#version}` } };
    for (const watcher of this.#watchers) if (watcher.bookmarks) write(watcher.response, { type: "BOOKMARK", object });
  }

  sendToWatchers(event: object): void {
    for (const { response } of this.#watchers) write(response, event);
  }

  endWatches(how: "end" | "reset"): void {
    for (const { response } of this.#watchers) how === "end" ? response.end() : cut(response);
    this.#watchers.clear();
  }

  /** Appends a line; without `ts` the stamp is now. */
  log(pod: string, text: string, ts = `${new Date().toISOString().slice(0, -1)}000000Z`): void {
    const file = this.#logFile(pod);
    file.lines.push({ ts, text });
    for (const follower of file.followers) follower.write(`${ts} ${text}\n`);
  }

  /** Bytes to the followers that are no line of the file: half a line, or the kubelet's words. */
  sendToFollowers(pod: string, bytes: string): void {
    for (const follower of this.#logFile(pod).followers) follower.write(bytes);
  }

  followers(pod: string): number {
    return this.#logFile(pod).followers.size;
  }

  rotate(pod: string): void {
    this.#logFile(pod).lines.length = 0;
  }

  /** Another instance of the container begins another file. */
  restart(pod: string): void {
    const file = this.#logFile(pod);
    file.previous = file.lines.splice(0);
    this.endFollowers(pod, "end");
  }

  endFollowers(pod: string, how: "end" | "reset"): void {
    const { followers } = this.#logFile(pod);
    for (const follower of followers) how === "end" ? follower.end() : cut(follower);
    followers.clear();
  }

  /** The container ended: a follow ends with the file. */
  endLog(pod: string): void {
    this.#logFile(pod).ended = true;
    this.endFollowers(pod, "end");
  }

  #logFile(pod: string): LogFile {
    const file = this.#logs.get(pod) ?? { lines: [], previous: [], followers: new Set(), ended: false };
    this.#logs.set(pod, file);
    return file;
  }

  #put(pod: Omit<RawPod, "spec"> & { spec: Pod["spec"] }, type: string): RawPod {
    const metadata = { ...pod.metadata, resourceVersion: `${++this.#version}` };
    const stored = { ...pod, metadata } as RawPod;
    this.#pods.set(metadata.name, stored);
    this.#emit(type, stored);
    return stored;
  }

  #emit(type: string, object: RawPod): void {
    const event = { type, object, version: this.#version };
    this.#history.push(event);
    for (const watcher of this.#watchers) send(watcher, event);
  }

  #handle(request: Request, response: Response, body: string): void {
    const url = new URL(request.url!, "http://server");
    const { method = "GET", httpVersion, headers } = request;
    this.seen.push({ method, path: url.pathname, query: url.searchParams, httpVersion, headers });
    const at = this.#faults.findIndex(fault => fault.method === method && fault.path.test(request.url!));
    if (at >= 0) {
      const fault = this.#faults[at]!;
      if (--fault.times === 0) this.#faults.splice(at, 1);
      fault.reply(request, response, url);
      return;
    }
    const [, name, log] = /^\/api\/v1\/namespaces\/ns\/pods(?:\/([^/]+?)(\/log)?)?$/.exec(url.pathname) ?? [];
    const query = url.searchParams;
    if (url.pathname === "/version") json(response, 200, { gitVersion: "v1.34.0" });
    else if (log !== undefined) this.#readLog(response, name!, query);
    else if (name !== undefined) this.#onePod(method, response, name, body);
    else if (!url.pathname.endsWith("/pods"))
      failure(response, 404, "NotFound", "the server could not find the requested resource");
    else if (method === "POST") this.#post(response, JSON.parse(body) as RawPod);
    else if (query.has("watch")) this.#watch(response, query);
    else this.#list(response, query);
  }

  #post(response: Response, pod: RawPod): void {
    const { name } = pod.metadata;
    if (this.#pods.has(name)) {
      failure(response, 409, "AlreadyExists", `pods "${name}" already exists`, { name, kind: "pods" });
      return;
    }
    const metadata = { ...pod.metadata, namespace: "ns", uid: randomUUID() };
    json(response, 201, this.#put({ ...pod, metadata, status: { phase: "Pending" } }, "ADDED"));
  }

  #onePod(method: string, response: Response, name: string, body: string): void {
    const pod = this.#pods.get(name);
    if (pod === undefined) {
      failure(response, 404, "NotFound", `pods "${name}" not found`, { name, kind: "pods" });
      return;
    }
    if (method === "DELETE") {
      const { uid } = (JSON.parse(body) as { preconditions: { uid: string } }).preconditions;
      const text = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`;
      if (uid !== pod.metadata.uid) {
        failure(response, 409, "Conflict", text, { name, kind: "pods" });
        return;
      }
      this.remove(name);
    }
    json(response, 200, pod);
  }

  #list(response: Response, query: URLSearchParams): void {
    const pods = [...this.#pods.values()].filter(pod => fits(query.get("labelSelector"), pod));
    const from = Number(query.get("continue") ?? 0);
    const to = from + Number(query.get("limit") ?? pods.length);
    const metadata = { resourceVersion: `${this.#version}`, ...(to < pods.length ? { continue: `${to}` } : {}) };
    json(response, 200, { kind: "PodList", metadata, items: pods.slice(from, to) });
  }

  #watch(response: Response, query: URLSearchParams): void {
    const from = Number(query.get("resourceVersion"));
    response.writeHead(200, { "content-type": "application/json" });
    if (from < this.#compacted) {
      const object = {
        kind: "Status",
        status: "Failure",
        reason: "Expired",
        code: 410,
        message: `too old resource version: ${from}`,
      };
      write(response, { type: "ERROR", object });
      response.end();
      return;
    }
    const selector = query.get("labelSelector");
    const watcher: Watcher = { response, selector, bookmarks: query.get("allowWatchBookmarks") === "true", known: new Set() };
    const before = [...this.#history.filter(event => event.version <= from).map(event => event.object), ...this.#pods.values()];
    for (const pod of before)
      if (Number(pod.metadata.resourceVersion) <= from && fits(selector, pod)) watcher.known.add(pod.metadata.uid);
    flush(response);
    for (const event of this.#history) if (event.version > from) send(watcher, event);
    this.#watchers.add(watcher);
    response.on("close", () => this.#watchers.delete(watcher));
  }

  #readLog(response: Response, pod: string, query: URLSearchParams): void {
    if (!this.#pods.has(pod)) {
      failure(response, 404, "NotFound", `pods "${pod}" not found`, { name: pod, kind: "pods" });
      return;
    }
    const file = this.#logs.get(pod);
    const text = `container "main" in pod "${pod}" is waiting to start: ContainerCreating`;
    if (file === undefined) {
      failure(response, 400, "BadRequest", text);
      return;
    }
    response.writeHead(200, { "content-type": "text/plain" });
    flush(response);
    const since = query.get("sinceTime")?.slice(0, 19) ?? "";
    const lines = query.has("previous") ? file.previous : file.lines;
    for (const line of lines) if (line.ts.slice(0, 19) >= since) response.write(`${line.ts} ${line.text}\n`);
    if (query.get("follow") !== "true" || file.ended) {
      response.end();
      return;
    }
    file.followers.add(response);
    response.on("close", () => file.followers.delete(response));
  }
}

/** An error as the API server writes it. */
export const status =
  (code: number, reason: string, message: string, details: object = {}): Reply =>
  (_request, response) =>
    failure(response, code, reason, message, details);

/** An answer that is no Status. */
export const text =
  (code: number, body: string, headers: Record<string, string> = {}): Reply =>
  (_request, response) => {
    response.writeHead(code, headers);
    response.end(body);
  };

export const reset: Reply = (_request, response) => cut(response);
/** Accepted, never answered. */
export const silence: Reply = () => undefined;
/** The headers of a stream, then nothing. */
export const silentStream: Reply = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  flush(response);
};

function failure(response: Response, code: number, reason: string, message: string, details: object = {}): void {
  json(response, code, { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message, details });
}

function json(response: Response, code: number, body: unknown): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

const write = (response: Response, event: object) => response.write(`${JSON.stringify(event)}\n`);

function flush(response: Response): void {
  // The HTTP/2 response sends its headers by itself.
  if ("flushHeaders" in response) response.flushHeaders();
}

function cut(response: Response): void {
  if (response.stream !== undefined) response.stream.close(8);
  else response.socket?.destroy();
}

/** The watch semantics of a selector: leaving it looks like a deletion, entering it like a creation. */
function send(watcher: Watcher, { type, object }: { type: string; object: RawPod }): void {
  const inside = fits(watcher.selector, object);
  const known = watcher.known.has(object.metadata.uid);
  if (!inside && !known) return;
  const seenAs = inside && type !== "DELETED" ? (known ? "MODIFIED" : "ADDED") : "DELETED";
  if (seenAs === "DELETED") watcher.known.delete(object.metadata.uid);
  else watcher.known.add(object.metadata.uid);
  write(watcher.response, { type: seenAs, object });
}

const fits = (selector: string | null, pod: RawPod): boolean =>
  (selector ?? "").split(",").every(term => {
    const [key = "", value] = term.split("=");
    return key === "" || pod.metadata.labels?.[key] === value;
  });

async function readBody(request: Request): Promise<string> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}

/** The same whatever the server says of them. */
const fixedCredentials = (server: string): CredentialSource => ({
  current: async () => ({
    server: new URL(server),
    proxyUrl: undefined,
    headers: { Authorization: "Bearer secret" },
    tls: {},
    fingerprint: server,
  }),
  reload: async () => undefined,
  close: () => undefined,
});

export const kubeconfigOf = (server: string): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "scripted", cluster: { server } }],
    users: [{ name: "tester", user: { token: "secret" } }],
    contexts: [{ name: "scripted", context: { cluster: "scripted", user: "tester" } }],
    "current-context": "scripted",
  });
