import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WindlassError } from "#core/errors.ts";
import { apiServer } from "./api/api-server.ts";
import { type ConnectionCounts, type Listener, listen } from "./api/listener.ts";
import { OpenStreams } from "./api/open-streams.ts";
import { HttpFaults } from "./http-faults.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { keepNamespaces } from "./namespace-reaper.ts";
import type { Family } from "./node/images.ts";
import { NodeAgent } from "./node/node-agent.ts";
import { NodeFaults } from "./node-faults.ts";
import { RequestLog } from "./request-log.ts";
import { seconds } from "./store/kube-object.ts";
import { ObjectStore } from "./store/object-store.ts";

export interface LocalClusterOptions {
  /** Where to listen; "127.0.0.1" by default. Whoever reaches the port can run commands as this user. */
  host?: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** For images' and containers' directories. By default a temporary directory, removed by close(). A given one is emptied of them and kept. */
  dataDir?: string;
  /** How often a watch that asked for bookmarks gets one; 60,000 by default. */
  bookmarkMs?: number;
  /** How long the phase comes after the last container's end; 0, the default, is the next tick. A real node takes about 1,100. */
  phaseLagMs?: number;
  /** First back-off of failed pulls and crashed containers, doubled each time up to 5 minutes; 10,000 by default. */
  backOffMs?: number;
  /** When the log of a container is rotated: what it held before cannot be read any more. 10 MiB by default. */
  maxLogBytes?: number;
  /** Changes of a resource kept for watches that resume; 8,192 by default. */
  historyLimit?: number;
  /** More image repositories and the family each is like: `{"registry.example/etl": "python"}`. */
  images?: Record<string, Family>;
  /** Takes lines about trouble inside; nothing is printed by default. */
  log?: (line: string) => void;
}

export interface LocalCluster {
  /** http://127.0.0.1:PORT */
  url: string;
  /** Text of a kubeconfig with cluster, user and context "windlass-local". */
  kubeconfig: string;
  faults: {
    /** Troubles with requests, watches and followed logs. */
    http: HttpFaults;
    /** Troubles with nodes and containers. */
    node: NodeFaults;
    /** Forgets the history, so that every older resourceVersion is 410 Expired. */
    compact(): void;
  };
  stats: {
    /** TCP connections: open now, most at once, accepted in all. */
    connections: Readonly<ConnectionCounts>;
    requests: RequestLog;
  };
  /** Kills every container, cuts every connection and removes what it wrote. */
  close(): Promise<void>;
}

const LOOPBACK = /^(127\.|::1$|localhost$)/;

/**
 * Starts a Kubernetes API server in this process, with one node that runs containers as child processes of this process. There is NO
 * isolation: a container can read and write everything this user can.
 * Throws WL_CONFIG when it cannot listen.
 */
export async function startLocalCluster(options: LocalClusterOptions = {}): Promise<LocalCluster> {
  const { host = "127.0.0.1", port = 0, bookmarkMs = 60_000, log = () => undefined } = options;
  const { phaseLagMs = 0, backOffMs = 10_000, maxLogBytes = 10 * 1024 * 1024 } = options;
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "windlass-local-"));
  mkdirSync(dataDir, { recursive: true });
  const ownPaths = options.dataDir === undefined ? [dataDir] : [join(dataDir, "pods"), join(dataDir, "images")];
  const forgetFiles = async (): Promise<void> => {
    await Promise.all(ownPaths.map(path => rm(path, { recursive: true, force: true })));
  };
  if (options.dataDir !== undefined) await forgetFiles();

  const store = new ObjectStore(options.historyLimit);
  const stopKeeping = keepNamespaces(store);
  const agent = new NodeAgent(store, {
    dataDir,
    temporary: options.dataDir === undefined,
    settings: { phaseLagMs, backOffMs, maxLogBytes },
    images: options.images ?? {},
    log,
  });
  createNamespace(store, "default");
  const streams = new OpenStreams();
  const faults = new HttpFaults(streams);
  const requests = new RequestLog();
  const context = { store, logs: agent, streams, bookmarkMs };
  const handle = apiServer({ context, faults, requests, local: LOOPBACK.test(host), log });

  let listener: Listener;
  try {
    listener = await listen(host, port, handle);
  } catch (error) {
    await agent.close();
    await forgetFiles();
    throw new WindlassError("WL_CONFIG", `The local cluster cannot listen on ${host}:${port}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const url = `http://${isIP(host) === 6 ? `[${host}]` : host}:${listener.port}`;
  let closing: Promise<void> | undefined;
  return {
    url,
    kubeconfig: kubeconfigFor(url),
    faults: { http: faults, node: new NodeFaults(store, agent), compact: () => store.compact() },
    stats: { connections: listener.connections, requests },
    close() {
      closing ??= (async () => {
        stopKeeping();
        await listener.close();
        await agent.close();
        await forgetFiles();
      })();
      return closing;
    },
  };
}

function createNamespace(store: ObjectStore, name: string): void {
  store.create("namespaces", {
    kind: "Namespace",
    apiVersion: "v1",
    metadata: {
      name,
      uid: randomUUID(),
      resourceVersion: "",
      creationTimestamp: seconds(Date.now()),
      labels: { "kubernetes.io/metadata.name": name },
    },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  });
}
