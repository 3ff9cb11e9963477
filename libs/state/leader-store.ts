import type { Redis } from "ioredis";
import { isRunFinal, type Run, type TaskRun, type TaskState } from "#core/run.ts";
import type { TaskChange } from "#core/step.ts";
import { type InboxEntry, parseInboxEntry } from "./inbox-entry.ts";
import type { Keys } from "./keys.ts";
import { loadRuns } from "./load-runs.ts";
import type { HistoryEntry } from "./run-store.ts";
import type { Value } from "./script.ts";
import { SCRIPTS } from "./scripts.ts";
import { formatTaskRecord } from "./task-record.ts";

/** A job that has to be put into the queue, as text that only the queue understands. */
export interface Order {
  jobId: string;
  json: string;
}

/** One step of a run, to be written as a whole. */
export interface Commit {
  /** From {@link LeaderStore.acquireLease}. */
  token: string;
  /** The run after the step; its tasks are not read. */
  run: Run;
  /** `rev` of the run before the step. */
  fromRev: number;
  changes: readonly TaskChange[];
  orders: readonly Order[];
  /** JSON texts of {@link HistoryEntry}. */
  history: readonly string[];
  at: number;
}

export type CommitResult =
  /** Written, except the tasks that had moved meanwhile. */
  | { result: "committed"; skipped: string[] }
  /** Nothing was written: the record is not at `fromRev`, or the run would have ended over a task that moved meanwhile. Load it again. */
  | { result: "conflict" }
  /** Nothing was written: another leader is in office. */
  | { result: "not-leader" };

export interface CancelTask {
  token: string;
  runId: string;
  taskId: string;
  gen: number;
  /** The task after the move. */
  task: TaskRun;
  from: readonly TaskState[];
  at: number;
}

/** The record as the leader moves it. */
export interface LeaderStore {
  /** Takes office if it is vacant. The token names leader and term: `<id>:<epoch>`. */
  acquireLease(id: string, ttlMs: number): Promise<string | undefined>;
  /** false: the office is lost. */
  renewLease(token: string, ttlMs: number): Promise<boolean>;
  /** Leaves office at once, so that a standby need not wait. false: it was lost before. */
  releaseLease(token: string): Promise<boolean>;
  /**
   * Writes a step in one script. The command is written before the call returns: what is sent on the same connection afterwards
   * arrives afterwards, without waiting for the reply.
   */
  commit(commit: Commit): Promise<CommitResult>;
  /** Moves a task that no worker holds. The inbox is not told: the caller knows. false: another leader, generation or state. */
  cancelTask(cancel: CancelTask): Promise<boolean>;
  /** Waits until there is something to look at, or `timeoutMs` has passed (then empty); 0 waits for ever. Entries are taken off the list. */
  takeInbox(blocking: Redis, max: number, timeoutMs: number): Promise<InboxEntry[]>;
  liveRuns(): Promise<string[]>;
  /** The runs that exist among `ids`, in one round trip. Ids of runs that are gone leave the set of live runs. */
  loadRuns(ids: readonly string[]): Promise<Run[]>;
  /** Orders that were committed and not acknowledged. */
  outbox(): Promise<Order[]>;
  /** The queue has these jobs. */
  acknowledge(jobIds: readonly string[]): Promise<void>;
}

export function openLeaderStore(redis: Redis, keys: Keys, retentionMs: number): LeaderStore {
  const lease = { leader: keys.leader };

  return {
    async acquireLease(id, ttlMs) {
      const reply = await SCRIPTS.acquireLease.run(redis, { ...lease, leaderEpoch: keys.leaderEpoch }, { id, ttlMs });
      return (reply as string | null) ?? undefined;
    },

    async renewLease(token, ttlMs) {
      return (await SCRIPTS.renewLease.run(redis, lease, { token, ttlMs })) === 1;
    },

    async releaseLease(token) {
      return (await SCRIPTS.releaseLease.run(redis, lease, { token })) === 1;
    },

    // Not async up to the call of the script: its command has to be on its way when this returns.
    commit({ token, run, fromRev, changes, orders, history, at }) {
      const rest: Value[] = [];
      for (const { taskId, from, task } of changes) rest.push(taskId, listOf(from), task.state, formatTaskRecord(task));
      for (const { jobId, json } of orders) rest.push(jobId, json);
      for (const entry of history) rest.push(entry);
      const reply = SCRIPTS.commitStep.run(
        redis,
        {
          ...lease,
          run: keys.run(run.id),
          tasks: keys.tasks(run.id),
          tries: keys.tries(run.id),
          outputs: keys.outputs(run.id),
          history: keys.history(run.id),
          notes: keys.notes(run.id),
          live: keys.live,
          outbox: keys.outbox,
          events: keys.events,
        },
        {
          token,
          runId: run.id,
          fromRev,
          rev: run.rev,
          state: run.state,
          startedAt: run.startedAt ?? "",
          endedAt: run.endedAt ?? "",
          at,
          retentionMs: isRunFinal(run.state) ? retentionMs : "",
          changeCount: changes.length,
          orderCount: orders.length,
        },
        rest,
      );
      return reply.then(toCommitResult);
    },

    async cancelTask({ token, runId, taskId, gen, task, from, at }) {
      const entry: HistoryEntry = { at, type: "task.cancelled", taskId };
      const reply = await SCRIPTS.cancelTask.run(
        redis,
        { ...lease, tasks: keys.tasks(runId), history: keys.history(runId), events: keys.events },
        {
          token,
          runId,
          taskId,
          gen,
          from: listOf(from),
          record: formatTaskRecord(task),
          state: task.state,
          at,
          entry: JSON.stringify(entry),
        },
      );
      return reply === 1;
    },

    async takeInbox(blocking, max, timeoutMs) {
      const reply = await blocking.blmpop(timeoutMs / 1_000, 1, keys.inbox, "LEFT", "COUNT", max);
      return (reply?.[1] ?? []).map(parseInboxEntry);
    },

    async liveRuns() {
      return redis.smembers(keys.live);
    },

    async loadRuns(ids) {
      const runs = await loadRuns(redis, keys, ids);
      if (runs.length < ids.length) {
        const found = new Set(runs.map(run => run.id));
        await redis.srem(keys.live, ...ids.filter(id => !found.has(id)));
      }
      return runs;
    },

    async outbox() {
      const orders = await redis.hgetall(keys.outbox);
      return Object.entries(orders).map(([jobId, json]) => ({ jobId, json }));
    },

    async acknowledge(jobIds) {
      if (jobIds.length > 0) await redis.hdel(keys.outbox, ...jobIds);
    },
  };
}

/** `,queued,running,`: a script finds a state in it by its commas. */
const listOf = (states: readonly TaskState[]): string => `,${states.join(",")},`;

function toCommitResult(reply: unknown): CommitResult {
  const [result, ...skipped] = reply as [CommitResult["result"], ...string[]];
  return result === "committed" ? { result, skipped } : { result };
}
