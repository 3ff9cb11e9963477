import { setTimeout as sleep } from "node:timers/promises";
import { taskLogs } from "../../dashboard/routes/task-logs.ts";
import type { ApiClient } from "./api-client.ts";
import { ApiProblem } from "./api-problem.ts";
import { serverEvents } from "./server-events.ts";

export interface LogOf {
  runId: string;
  taskId: string;
  /** Default: the last. */
  try?: number | undefined;
  infra?: number | undefined;
  /** Default "main". */
  container?: string | undefined;
}

export interface LogOptions {
  /** Each line's stamp in front of it. Default false. */
  timestamps?: boolean | undefined;
  /** Only so many of the last lines. */
  tail?: number | undefined;
}

const PAUSE_MS = 500;
const CUTS_IN_A_ROW = 20;

const queryOf = ({ try: tryNumber, infra, container }: LogOf, { timestamps = false, tail }: LogOptions) => ({
  try: tryNumber,
  infra,
  container,
  tail,
  timestamps,
});

/** The log as it is now, piece by piece. @throws ApiProblem WL_LOG_UNKNOWN when nothing was printed */
export async function* readLog(api: ApiClient, log: LogOf, options: LogOptions = {}): AsyncGenerator<string, void, undefined> {
  const { runId, taskId } = log;
  const response = await api.stream(taskLogs, { params: { runId, taskId }, query: queryOf(log, options) });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) yield decoder.decode(chunk, { stream: true });
}

/**
 * The log of one try until it ends, piece by piece. A stream that is cut goes on where it was: no line is lost or doubled.
 * @throws ApiProblem; the connection's error after 20 cuts without a line between them; the signal's reason
 */
export async function* followLog(
  api: ApiClient,
  log: LogOf,
  { signal, ...options }: LogOptions & { signal: AbortSignal },
): AsyncGenerator<string, void, undefined> {
  const { runId, taskId } = log;
  let lastId: string | undefined;
  for (let cuts = 0; cuts < CUTS_IN_A_ROW; cuts++) {
    const headers: Record<string, string> = lastId === undefined ? {} : { "last-event-id": lastId };
    const query = { ...queryOf(log, options), follow: true };
    const response = await api.stream(taskLogs, { params: { runId, taskId }, query, headers });
    try {
      for await (const { type, id, data } of serverEvents(untilAborted(response, signal))) {
        if (type === "end") return;
        [lastId, cuts] = [id, 0];
        yield type === "part" ? data : `${data}\n`;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ApiProblem) throw error;
      if (cuts === CUTS_IN_A_ROW - 1) throw error;
    }
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

/** A body that is not read to its end would hold its connection. */
async function* untilAborted({ body }: Response, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  const reader = body.getReader();
  const stop = () => void reader.cancel().catch(() => undefined); // it is cut anyway
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}
