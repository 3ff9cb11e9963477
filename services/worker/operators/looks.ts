import { isDeepStrictEqual } from "node:util";
import { formatDuration } from "#core/duration.ts";
import { scheduledRunId } from "#core/ids.ts";
import { isFinal, isRunFinal } from "#core/run.ts";
import { valueAt } from "#core/value-at.ts";
import type { WaitSpec } from "#core/wait-spec.ts";
import type { RunStore } from "#state/run-store.ts";
import type { TryRun } from "../run-job.ts";
import { idempotencyKeyOf } from "./http.ts";
import { BodyTooLarge, isOk, NoAnswer, type SendOptions, sendRequest, shownUrl, UnknownAccount } from "./send-request.ts";

export interface LookDeps {
  runs: Pick<RunStore, "getSummary" | "getTask" | "listRuns">;
  assets: { lastUpdate(asset: string): Promise<number | undefined> };
  httpEnabled: boolean;
  authorization: SendOptions["authorization"];
  now(): number;
}

/** What a wait sees when it looks. */
export type Sight =
  | { is: "there"; message: string }
  /** `againInMs`: when it will be so, where that is known. */
  | { is: "not-yet"; message: string; againInMs?: number }
  /** It never will: what it waits for cannot be told. */
  | { is: "nonsense"; why: string };

type Look<K extends WaitSpec["kind"]> = (
  spec: Extract<WaitSpec, { kind: K }>,
  tryRun: TryRun,
  deps: LookDeps,
  signal: AbortSignal,
) => Promise<Sight>;

/** No timer is set for longer: a clock may be put forward meanwhile. */
const LONGEST_SLEEP_MS = 3_600_000;
/** The most that is read of an answer. */
const MOST_BYTES = 1_048_576;
/** How many runs are looked through for one with a logical date. */
const RUNS_LOOKED_THROUGH = 500;

/** One look at each kind of thing that can be waited for. */
export const LOOKS: { readonly [K in WaitSpec["kind"]]: Look<K> } = {
  async time({ until, afterMs = 0 }, { begunAt }, { now }) {
    const base = until === undefined ? begunAt : Date.parse(until);
    if (Number.isNaN(base)) return { is: "nonsense", why: `until: '${until}' is no instant; write ISO 8601` };
    const restMs = base + afterMs - now();
    const when = new Date(base + afterMs).toISOString();
    if (restMs <= 0) return { is: "there", message: `it is ${when}` };
    const message = `until ${when}, in ${formatDuration(restMs)}`;
    return { is: "not-yet", message, againInMs: Math.min(restMs, LONGEST_SLEEP_MS) };
  },

  async http({ request, body }, tryRun, { httpEnabled, authorization }, signal) {
    if (!httpEnabled) return { is: "nonsense", why: "the workers send no requests for tasks here (WINDLASS_HTTP_TASKS=off)" };
    const url = shownUrl(request.url);
    try {
      const options = { authorization, idempotencyKey: idempotencyKeyOf(tryRun), mostBytes: MOST_BYTES };
      const answer = await sendRequest(request, signal, options);
      if (!isOk(request, answer.status)) return { is: "not-yet", message: `${url} answered ${answer.status}` };
      if (body === undefined) return { is: "there", message: `${url} answered ${answer.status}` };
      const fits = bodyFits(answer.body, body);
      return fits
        ? { is: "there", message: `${body.path} is as asked` }
        : { is: "not-yet", message: `${body.path} is not as asked` };
    } catch (error) {
      if (error instanceof UnknownAccount) return { is: "nonsense", why: error.message };
      // Who waits for a server expects that it may be away.
      if (error instanceof NoAnswer || error instanceof BodyTooLarge)
        return { is: "not-yet", message: `${url}: ${error.message}` };
      throw error;
    }
  },

  async run({ dag, offsetMs = 0, task, states = ["success"] }, { runId }, { runs }) {
    const own = await runs.getSummary(runId);
    if (own?.logicalAt === undefined) return { is: "nonsense", why: "this run has no logical date that another run could share" };
    const logicalAt = own.logicalAt - offsetMs;
    const when = new Date(logicalAt).toISOString();
    const other = (await runs.getSummary(scheduledRunId(dag, logicalAt))) ?? (await findRun(runs, dag, logicalAt));
    if (other === undefined) return { is: "not-yet", message: `${dag} has no run of ${when}` };
    const what = task === undefined ? `run ${other.id}` : `task ${task} of run ${other.id}`;
    const state = task === undefined ? other.state : ((await runs.getTask(other.id, task))?.state ?? "none");
    const isOver = task === undefined ? isRunFinal(other.state) : isFinal(state as Parameters<typeof isFinal>[0]);
    const isThere = isOver && (states as readonly string[]).includes(state);
    return { is: isThere ? "there" : "not-yet", message: `${what} is ${state}` };
  },

  async asset({ asset }, { runId }, { runs, assets }) {
    const own = await runs.getSummary(runId);
    const updatedAt = await assets.lastUpdate(asset);
    const isThere = updatedAt !== undefined && own !== undefined && updatedAt > own.createdAt;
    if (isThere) return { is: "there", message: `updated ${new Date(updatedAt).toISOString()}` };
    return { is: "not-yet", message: `${asset} was not updated since the run was created` };
  },
};

/** Whether the body is JSON with the value at the path: this one, or any that counts as true. */
function bodyFits(text: string, { path, equals }: { path: string; equals?: unknown }): boolean {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return false; // an answer that is no JSON has no value anywhere
  }
  const value = valueAt(parsed, path);
  return equals === undefined ? Boolean(value) : isDeepStrictEqual(value, equals);
}

/** A run with the logical date that no schedule has made: a backfill's, or one that was started by hand. */
async function findRun(runs: LookDeps["runs"], dagId: string, logicalAt: number) {
  const list = await runs.listRuns({ dagId, limit: RUNS_LOOKED_THROUGH });
  return list.find(run => run.logicalAt === logicalAt);
}
