import type { Redis } from "ioredis";
import type { PendingAct } from "#core/act.ts";
import type { TaskChange } from "#core/decision.ts";
import { isRunFinal, type Run, type RunHeader, type TaskRun, type TaskState } from "#core/run.ts";
import type { RunArchive } from "./archive/run-archive.ts";
import { type InboxEntry, parseInboxEntry } from "./inbox-entry.ts";
import type { Keys } from "./keys.ts";
import { loadRuns } from "./load-runs.ts";
import { readPipeline } from "./read-pipeline.ts";
import { headerOf } from "./run-record.ts";
import type { HistoryEntry } from "./run-store.ts";
import type { Value } from "./script.ts";
import { SCRIPTS } from "./scripts.ts";
import { formatTaskRecord, parseTaskRecord } from "./task-record.ts";

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
  /** What is left of people's acts; without `rest` nothing is, and the act leaves the record. */
  acts?: readonly { id: string; rest?: PendingAct }[];
  /** Jobs that have to stop although their run goes on. Their workers are told, and hear of it again with every begin. */
  stops?: readonly { taskId: string; gen: number }[];
  /** The run goes on with another version: its header is written anew. */
  rebased?: boolean;
  /** A request to cancel the run is used up: the run goes on. */
  uncancelled?: boolean;
  /** JSON texts of {@link HistoryEntry}. */
  history: readonly string[];
  at: number;
}

export type CommitResult =
  /** Written, except the tasks that had moved meanwhile. */
  | { result: "committed"; skipped: string[] }
  /**
   * Nothing was written: the record is not at `fromRev`, or the run would have ended, or an act been done, over a task that moved
   * meanwhile. Load it again.
   */
  | { result: "conflict" }
  /** Nothing was written: another leader is in office. */
  | { result: "not-leader" };

export interface CancelTask {
  token: string;
  runId: string;
  taskId: string;
  gen: number;
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
  /**
   * Ends a task that no worker holds, as cancelled; returns its record. The inbox is not told: the caller knows. undefined: another leader,
   * generation or state.
   */
  cancelTask(cancel: CancelTask): Promise<TaskRun | undefined>;
  /** Waits until there is something to look at, or `timeoutMs` has passed (then empty); 0 waits for ever. Entries are taken off the list. */
  takeInbox(blocking: Redis, max: number, timeoutMs: number): Promise<InboxEntry[]>;
  /** Token of who is in office; undefined: nobody. */
  leading(): Promise<string | undefined>;
  /** How much news lies in the inbox that no leader has looked at. */
  unread(): Promise<number>;
  liveRuns(): Promise<string[]>;
  /** The runs that exist among `ids`, with their pending acts, in one round trip. Ids of runs that are gone leave the set of live runs. */
  loadRuns(ids: readonly string[]): Promise<Run[]>;
  /** Orders that were committed and not acknowledged. */
  outbox(): Promise<Order[]>;
  /** The queue has these jobs. */
  acknowledge(jobIds: readonly string[]): Promise<void>;
  /** Runs that ended before the instant and are not archived, the oldest first. */
  endedBefore(at: number, limit: number): Promise<string[]>;
  /** Makes one value out of an ended run. false: it goes on, has moved meanwhile, or another leader is in office. */
  archive(token: string, runId: string): Promise<boolean>;
  /** The DAG's runs that ended, but the `keep` youngest runs of the DAG; at most `limit`, the oldest first. */
  surplus(dagId: string, keep: number, limit: number): Promise<string[]>;
  /** How many runs of the DAG there are, ended or not. */
  countRuns(dagId: string): Promise<number>;
  /** Removes an ended run with all that is stored of it. false: it goes on, or another leader is in office. */
  forget(token: string, run: Pick<RunHeader, "id" | "dagId">): Promise<boolean>;
}

export function openLeaderStore(redis: Redis, keys: Keys, retentionMs: number, archive: RunArchive): LeaderStore {
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
    commit({ token, run, fromRev, changes, orders, acts = [], stops = [], rebased, uncancelled, history, at }) {
      const rest: Value[] = [];
      for (const { taskId, from, task } of changes) rest.push(taskId, listOf(from), task.state, formatTaskRecord(task));
      for (const { jobId, json } of orders) rest.push(jobId, json);
      for (const { id, rest: left } of acts) rest.push(id, left === undefined ? "" : JSON.stringify(left));
      for (const { taskId, gen } of stops) rest.push(taskId, gen);
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
          remarks: keys.remarks(run.id),
          acts: keys.acts(run.id),
          stops: keys.stops(run.id),
          live: keys.live,
          ended: keys.ended,
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
          cancelAt: uncancelled ? "none" : (run.cancelAt ?? ""),
          endsAs: run.endsAs ?? "",
          header: rebased ? JSON.stringify(headerOf(run)) : "",
          version: run.version,
          at,
          retentionMs: isRunFinal(run.state) ? retentionMs : "",
          channel: keys.cancels,
          changeCount: changes.length,
          orderCount: orders.length,
          actCount: acts.length,
          stopCount: stops.length,
        },
        rest,
      );
      return reply.then(toCommitResult);
    },

    async cancelTask({ token, runId, taskId, gen, from, at }) {
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
          at,
          entry: JSON.stringify(entry),
        },
      );
      return reply === null ? undefined : parseTaskRecord(reply as string);
    },

    async takeInbox(blocking, max, timeoutMs) {
      const reply = await blocking.blmpop(timeoutMs / 1_000, 1, keys.inbox, "LEFT", "COUNT", max);
      return (reply?.[1] ?? []).map(parseInboxEntry);
    },

    async leading() {
      return (await redis.get(keys.leader)) ?? undefined;
    },

    unread: () => redis.llen(keys.inbox),

    async liveRuns() {
      return redis.smembers(keys.live);
    },

    async loadRuns(ids) {
      const runs = await loadRuns(redis, keys, ids);
      if (runs.length < ids.length) {
        const found = new Set(runs.map(run => run.id));
        const gone = ids.filter(id => !found.has(id));
        await readPipeline(
          redis
            .pipeline()
            .srem(keys.live, ...gone)
            .unlink(...gone.map(keys.acts)),
        );
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

    async endedBefore(at, limit) {
      return redis.zrange(keys.ended, "-inf", `(${at}`, "BYSCORE", "LIMIT", 0, limit);
    },

    archive: (token, runId) => archive.archive(token, runId),

    async surplus(dagId, keep, limit) {
      const ids = await redis.zrange(keys.runsOf(dagId), 0, String(-keep - 1));
      const live = ids.length === 0 ? [] : await redis.smismember(keys.live, ...ids);
      return ids.filter((_, i) => live[i] === 0).slice(0, limit);
    },

    countRuns: dagId => redis.zcard(keys.runsOf(dagId)),

    async forget(token, { id, dagId }) {
      const reply = await SCRIPTS.forgetRun.run(
        redis,
        {
          ...lease,
          run: keys.run(id),
          live: keys.live,
          runs: keys.runs,
          runsOfDag: keys.runsOf(dagId),
          ended: keys.ended,
          tasks: keys.tasks(id),
          tries: keys.tries(id),
          outputs: keys.outputs(id),
          history: keys.history(id),
          notes: keys.notes(id),
          remarks: keys.remarks(id),
          acts: keys.acts(id),
          stops: keys.stops(id),
        },
        { token, runId: id },
      );
      return reply === 1;
    },
  };
}

/** `,queued,running,`: a script finds a state in it by its commas. */
const listOf = (states: readonly TaskState[]): string => `,${states.join(",")},`;

function toCommitResult(reply: unknown): CommitResult {
  const [result, ...skipped] = reply as [CommitResult["result"], ...string[]];
  return result === "committed" ? { result, skipped } : { result };
}
