import { setTimeout as sleep } from "node:timers/promises";
import type { RunDetailReply } from "#contract/run.ts";
import { formatDuration } from "#core/duration.ts";
import { WindlassError } from "#core/errors.ts";
import { isRunFinal } from "#core/run.ts";
import { runHistory } from "../../dashboard/routes/run-history.ts";
import { showRun } from "../../dashboard/routes/show-run.ts";
import type { ApiClient } from "./api-client.ts";
import { ApiProblem } from "./api-problem.ts";

export interface WatchOptions {
  signal: AbortSignal;
  /** Then WL_CLI_TIMEOUT. Default: never. */
  timeoutMs?: number | undefined;
  /** Between two looks. Default 300 ms. */
  everyMs?: number;
  /** The act after which the run is waited for: before it is carried out, the run's state is the old one. */
  actId?: string | undefined;
  onChange?(run: RunDetailReply): void | Promise<void>;
  /** The server is away, or here again. */
  say?(line: string): void;
}

/** A restart of the dashboard does not end a watch. */
const PATIENCE_MS = 60_000;

/** Looks at the run until it has ended. @throws WL_CLI_TIMEOUT, WL_CLI_UNREACHABLE after a minute without an answer, ApiProblem */
export async function watchRun(api: ApiClient, runId: string, options: WatchOptions): Promise<RunDetailReply> {
  const { signal, timeoutMs, everyMs = 300, actId, onChange } = options;
  const end = timeoutMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
  const look = patient(options);
  let isDone = actId === undefined;
  for (;;) {
    isDone ||= await look(() => wasCarriedOut(api, runId, actId!));
    if (isDone) {
      const run = await look(() => api.call(showRun, { params: { runId } }));
      await onChange?.(run);
      if (isRunFinal(run.state)) return run;
    }
    if (performance.now() + everyMs > end)
      throw new WindlassError("WL_CLI_TIMEOUT", `run ${runId} has not ended within ${formatDuration(timeoutMs!)}`);
    await sleep(everyMs, undefined, { signal });
  }
}

/** What the leader makes of an act stands behind it in the history. */
async function wasCarriedOut(api: ApiClient, runId: string, actId: string): Promise<boolean> {
  const { events } = await api.call(runHistory, { params: { runId } });
  const asked = events.findIndex(event => event.actId === actId);
  return asked < 0 || events.slice(asked + 1).some(({ type }) => type !== "run.acted");
}

/** Asks again while the server is away. */
function patient({ signal, say }: WatchOptions) {
  return async <T>(ask: () => Promise<T>): Promise<T> => {
    for (let awaySince: number | undefined; ; ) {
      try {
        const answer = await ask();
        if (awaySince !== undefined) say?.("the server is here again");
        return answer;
      } catch (error) {
        if (!isAway(error)) throw error;
        if (awaySince === undefined) say?.(`${(error as Error).message}; waiting for it`);
        awaySince ??= performance.now();
        if (performance.now() - awaySince > PATIENCE_MS) throw error;
        await sleep(1_000, undefined, { signal });
      }
    }
  };
}

const isAway = (error: unknown): boolean =>
  error instanceof ApiProblem ? error.status >= 502 : error instanceof WindlassError && error.code === "WL_CLI_UNREACHABLE";
