import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { type LocalCluster, type LocalClusterOptions, startLocalCluster } from "#localcluster/local-cluster.ts";

/** JSON as it came over the wire; tests look into it freely. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests check
export type Json = any;

export interface Answer {
  code: number;
  headers: Headers;
  text: string;
  json: Json;
}

export interface WatchLine {
  type: string;
  object: Json;
}

const DEADLINE_MS = 10_000;

/** A watch that collects; `until` resolves with everything seen when the condition holds, and fails after 10 s. */
export class Watching {
  readonly lines: WatchLine[] = [];
  readonly #abort = new AbortController();
  #changed = Promise.withResolvers<void>();
  ended = false;
  error: unknown;

  constructor(url: string) {
    void this.#read(url);
  }

  async until(condition: (lines: WatchLine[], watching: Watching) => boolean): Promise<WatchLine[]> {
    const timer = setTimeout(() => this.#abort.abort(), DEADLINE_MS);
    while (!condition(this.lines, this)) {
      assert.ok(
        !this.#abort.signal.aborted,
        `condition did not hold in time; seen: ${JSON.stringify(this.lines.map(line => [line.type, line.object?.status]))}`,
      );
      assert.ok(
        !this.ended || this.lines.length === 0,
        `the watch ended before the condition held: ${JSON.stringify(this.lines)}`,
      );
      await this.#changed.promise;
    }
    clearTimeout(timer);
    return this.lines;
  }

  stop(): void {
    this.#abort.abort();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  async #read(url: string): Promise<void> {
    this.#abort.signal.addEventListener("abort", () => this.#tell());
    try {
      const response = await fetch(url, { signal: this.#abort.signal });
      let rest = "";
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        const parts = (rest + chunk).split("\n");
        rest = parts.pop()!;
        for (const part of parts) this.lines.push(JSON.parse(part) as WatchLine);
        this.#tell();
      }
    } catch (error) {
      this.error = error;
    }
    this.ended = true;
    this.#tell();
  }
}

/** A local cluster with the few calls the tests make. */
export class TestCluster {
  readonly cluster: LocalCluster;
  readonly #watches: Watching[] = [];

  private constructor(cluster: LocalCluster) {
    this.cluster = cluster;
  }

  static async start(options: LocalClusterOptions = {}): Promise<TestCluster> {
    return new TestCluster(await startLocalCluster(options));
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.cluster.url + path, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get("content-type") === "application/json" ? JSON.parse(text) : undefined;
    return { code: response.status, headers: response.headers, text, json };
  }

  async create(pod: Json, query = ""): Promise<Json> {
    const answer = await this.call("POST", `/api/v1/namespaces/default/pods${query}`, pod);
    assert.equal(answer.code, 201, answer.text);
    return answer.json;
  }

  get(name: string): Promise<Answer> {
    return this.call("GET", `/api/v1/namespaces/default/pods/${name}`);
  }

  watch(query = "", path = "/api/v1/namespaces/default/pods"): Watching {
    const watching = new Watching(`${this.cluster.url}${path}?watch=true&${query}`);
    this.#watches.push(watching);
    return watching;
  }

  /** Watches one pod from now on until the condition holds for its state. */
  async seen(name: string, condition: (pod: Json, line: WatchLine) => boolean): Promise<WatchLine[]> {
    const watching = this.watch(`fieldSelector=metadata.name=${name}`);
    const lines = await watching.until(all => all.some(line => condition(line.object, line)));
    watching.stop();
    return lines;
  }

  log(name: string, query = ""): Promise<Answer> {
    return this.call("GET", `/api/v1/namespaces/default/pods/${name}/log?${query}`);
  }

  async close(): Promise<void> {
    for (const watching of this.#watches) watching.stop();
    await this.cluster.close();
  }
}

/** A pod with one container "main". */
export function podOf(name: string, container: Json, spec: Json = {}, metadata: Json = {}): Json {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, ...metadata },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 5,
      containers: [{ name: "main", image: "busybox:1.36", ...container }],
      ...spec,
    },
  };
}

/** A pod whose container runs a shell script. */
export const shell = (name: string, script: string, spec: Json = {}, metadata: Json = {}): Json =>
  podOf(name, { command: ["sh", "-c", script] }, spec, metadata);

export const ended = (pod: Json): boolean => pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
export const running = (pod: Json): boolean => pod.status.containerStatuses?.[0]?.state.running !== undefined;
export const mainState = (pod: Json): Json => pod.status.containerStatuses?.[0]?.state;

/** Whether the process runs. One that has ended and only waits to be collected by its parent does not. */
export function isAlive(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/\) [ZX] /.test(readFileSync(file, "utf8"));
}
