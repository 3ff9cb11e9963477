import { Agent, type Dispatcher, ProxyAgent } from "undici";
import type { Credentials } from "./credentials.ts";
import { LogStreams, MAX_H1_LOGS } from "./log-streams.ts";

/** kube-apiserver closes an unused connection after 90 s; being first avoids writing into a closing one. */
const KEEP_ALIVE_MS = 60_000;
const TCP_KEEP_ALIVE_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The connections to one server under one set of TLS material.
 * Requests and watches do not share a pool: a watch holds its connection for minutes and would keep requests waiting.
 */
export interface Wires {
  fingerprint: string;
  requests: Dispatcher;
  watches: Dispatcher;
  logs: LogStreams;
  /** Lets running calls end, watches too: they resume on new wires when their time is over. Logs resume at once. */
  retire(): Promise<void>;
  destroy(): Promise<void>;
}

/** @param connections most TCP connections for requests */
export function openWires(credentials: Credentials, connections: number): Wires {
  const requests = openDispatcher(credentials, connections);
  const watches = openDispatcher(credentials, null);
  const h1Logs = openDispatcher(credentials, MAX_H1_LOGS);
  const logs = new LogStreams(credentials, h1Logs, credentials.proxyUrl !== undefined);
  const dispatchers = [requests, watches, h1Logs];
  return {
    fingerprint: credentials.fingerprint,
    requests,
    watches,
    logs,
    async retire() {
      logs.close();
      await Promise.allSettled(dispatchers.map(dispatcher => dispatcher.close()));
    },
    async destroy() {
      logs.close();
      await Promise.all(dispatchers.map(dispatcher => dispatcher.destroy()));
    },
  };
}

function openDispatcher({ tls, proxyUrl }: Credentials, connections: number | null): Dispatcher {
  // undici's own body and header timers would end quiet watches; every caller here has a timer of its own.
  const options = {
    connections,
    allowH2: false,
    pipelining: 1,
    bodyTimeout: 0,
    headersTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
  };
  const connect = { ...tls, timeout: CONNECT_TIMEOUT_MS, keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS };
  return proxyUrl === undefined
    ? new Agent({ ...options, connect })
    : new ProxyAgent({ ...options, uri: proxyUrl, requestTls: connect });
}
