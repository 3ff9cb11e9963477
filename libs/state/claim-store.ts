import type { Redis } from "ioredis";
import { WindlassError } from "#core/errors.ts";
import type { JsonValue } from "#core/result.ts";
import { type TaskRun, type TaskState, TRANSITIONS, type TryRecord } from "#core/run.ts";
import type { RunArchive } from "./archive/run-archive.ts";
import { tell } from "./event-stream.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";
import type { HistoryEntry } from "./run-store.ts";
import { SCRIPTS } from "./scripts.ts";
import { formatTaskRecord, parseTaskRecord } from "./task-record.ts";

/** Which activation of which try of which job: what a claim is fenced by. */
export interface Claim {
  runId: string;
  taskId: string;
  gen: number;
  try: number;
  epoch: number;
}

/** A job by what it is for. */
export interface JobRef {
  runId: string;
  taskId: string;
  gen: number;
}

/** What the worker has to do; docs/explanation/architecture.md holds the table. */
export type BeginAnswer = "ok" | "cancel" | "reopened" | "replay" | "done" | "stale" | "early" | "gone";

export interface Begun {
  answer: BeginAnswer;
  task: TaskRun | undefined;
  before?: TaskState;
}

/** How a finished claim is recorded. */
export interface FinishedTry extends Claim {
  /** The task in its next state; generation, try and epoch are the claim's. */
  next: TaskRun;
  /** Kept beside the task. Absent when no pod was ever started. */
  record?: TryRecord;
  /** The task's result; absent: it has none. */
  output?: JsonValue;
  /** The history does not speak of it: a wait looked once more. */
  quiet?: boolean;
  at: number;
}

/** What a pod says of its end after the outcome was recorded. */
export interface Dispute {
  runId: string;
  taskId: string;
  try: number;
  infra: number;
  /** The code that was recorded, and stands. */
  recorded: string;
  later: NonNullable<TryRecord["later"]>;
}

/** What a worker tells about itself with every heartbeat. */
export interface WorkerRow {
  id: string;
  host: string;
  startedAt: number;
  /** Instant of this heartbeat. */
  at: number;
  concurrency: number;
  /** Jobs it holds now. */
  held: number;
  /** The same by queue. Absent in rows of earlier releases, which took from "pods". */
  queues?: readonly { name: string; concurrency: number; held: number }[];
  state: "running" | "draining";
}

/** The record as workers move it. */
export interface ClaimStore {
  /**
   * Claims a try before anything is done for it. `task` is the record after the call; undefined when there is none. `before` is the state
   * it was claimed in.
   */
  begin(claim: Claim & { worker: string; at: number }): Promise<Begun>;
  /** Records how a claimed try ended. false: a later claim holds the try, and nothing was written. Throws WL_ILLEGAL_TRANSITION. */
  finish(finished: FinishedTry): Promise<boolean>;
  /** Notes beside an ended try that its pod says something else. false: there is no such try, or it has such a note. */
  dispute(dispute: Dispute): Promise<boolean>;
  /** Replaces the task's note by a JSON object's text. false: the claim is not the running one. */
  note(note: Omit<Claim, "try"> & { note: string }): Promise<boolean>;
  /** Which of the jobs have to stop: somebody asked for the end of their run, or cleared or marked their task. For after a reconnect, when messages may have been missed. */
  stopped<J extends JobRef>(jobs: readonly J[]): Promise<J[]>;
  /**
   * Calls back whenever jobs have to stop from now on: all of a run, or one of a task. The connection must be its own. Returns the
   * unsubscriber.
   */
  subscribeCancels(connection: Redis, onCancel: (runId: string, job?: JobRef) => void): Promise<() => Promise<void>>;
  /** Shows the worker for `ttlMs`. */
  heartbeat(row: WorkerRow, ttlMs: number): Promise<void>;
  /** Stops showing the worker. */
  leave(workerId: string): Promise<void>;
  /** Workers whose last heartbeat has not expired, by id. Tells of those that went without a word. */
  listWorkers(): Promise<WorkerRow[]>;
}

const tryField = (taskId: string, one: Pick<TryRecord, "try" | "infra">): string => `${taskId}/${one.try}.${one.infra}`;

export function openClaimStore(redis: Redis, keys: Keys, archive: RunArchive): ClaimStore {
  async function begin(claim: Claim & { worker: string; at: number }): Promise<Begun> {
    const { runId, taskId, gen, try: tryNumber, epoch, worker, at } = claim;
    const entry: HistoryEntry = { at, type: "try.began", taskId, try: tryNumber, epoch, worker };
    const reply = await SCRIPTS.beginTry.run(
      redis,
      {
        run: keys.run(runId),
        tasks: keys.tasks(runId),
        stops: keys.stops(runId),
        live: keys.live,
        inbox: keys.inbox,
        history: keys.history(runId),
        events: keys.events,
      },
      { runId, taskId, gen, try: tryNumber, epoch, worker: JSON.stringify(worker), at, entry: JSON.stringify(entry) },
    );
    const [answer, record, before] = reply as [BeginAnswer | "archived", string | undefined, TaskState | undefined];
    if (answer === "archived") {
      // A person pressed Retry long after the run's end.
      await archive.restore(runId, at);
      return begin(claim);
    }
    const task = record === undefined ? undefined : parseTaskRecord(record);
    return { answer, task, ...(before === undefined ? {} : { before }) };
  }

  /** Of all that notice, one has removed it, and tells. */
  async function noteGone(worker: string): Promise<void> {
    if ((await redis.srem(keys.workers, worker)) === 1)
      await tell(redis, keys, { kind: "worker", worker, state: "gone" }, Date.now());
  }

  return {
    begin,

    async finish({ runId, taskId, gen, try: tryNumber, epoch, next, record, output, quiet, at }) {
      if (next.state === "queued" || !TRANSITIONS.running.includes(next.state)) {
        throw new WindlassError("WL_ILLEGAL_TRANSITION", `try ${tryNumber} of task '${taskId}' cannot end as ${next.state}`);
      }
      const { outcome } = next;
      const how = outcome === undefined ? {} : { code: outcome.code, message: outcome.message };
      const who = next.worker === undefined ? {} : { worker: next.worker };
      const entry: HistoryEntry = {
        at,
        type: "try.ended",
        taskId,
        try: tryNumber,
        infra: next.infra,
        state: next.state,
        ...how,
        ...who,
      };
      const reply = await SCRIPTS.finishTry.run(
        redis,
        {
          tasks: keys.tasks(runId),
          tries: keys.tries(runId),
          outputs: keys.outputs(runId),
          inbox: keys.inbox,
          history: keys.history(runId),
          events: keys.events,
        },
        {
          runId,
          taskId,
          fence: `running|${gen}|${tryNumber}|${epoch}|`,
          record: formatTaskRecord({ ...next, gen, try: tryNumber, epoch }),
          state: next.state,
          at,
          tryField: record === undefined ? "" : tryField(taskId, record),
          tryRecord: record === undefined ? "" : JSON.stringify(record),
          output: output === undefined ? "" : JSON.stringify(output),
          entry: quiet === true ? "" : JSON.stringify(entry),
        },
      );
      return reply === 1;
    },

    async dispute({ runId, taskId, recorded, later, ...one }) {
      const entry: HistoryEntry = { at: later.at, type: "try.disputed", taskId, ...one, recorded, code: later.code };
      const reply = await SCRIPTS.disputeTry.run(
        redis,
        { tries: keys.tries(runId), history: keys.history(runId) },
        { tryField: tryField(taskId, one), later: JSON.stringify(later), entry: JSON.stringify(entry) },
      );
      return reply === 1;
    },

    async note({ runId, taskId, gen, epoch, note }) {
      const reply = await SCRIPTS.noteTry.run(
        redis,
        { tasks: keys.tasks(runId), notes: keys.notes(runId), events: keys.events },
        { runId, taskId, gen, epoch, note },
      );
      return reply === 1;
    },

    async stopped(jobs) {
      const pipeline = redis.pipeline();
      for (const { runId, taskId } of jobs) {
        pipeline.hget(keys.run(runId), "cancelAt").hget(keys.stops(runId), taskId).hget(keys.tasks(runId), taskId);
      }
      const replies = await readPipeline(pipeline);
      return jobs.filter(({ gen }, i) => {
        const [cancelAt, stop, record] = replies.slice(3 * i, 3 * i + 3) as (string | null)[];
        const isOwed = record ? parseTaskRecord(record).undoing === true : false;
        return (Boolean(cancelAt) && !isOwed) || stop === String(gen);
      });
    },

    async subscribeCancels(connection, onCancel) {
      const listener = (channel: string, message: string): void => {
        const [runId = "", taskId, gen] = message.split("\n", 3);
        if (channel !== keys.cancels) return;
        if (taskId === undefined) onCancel(runId);
        else onCancel(runId, { runId, taskId, gen: Number(gen) });
      };
      connection.on("message", listener);
      await connection.subscribe(keys.cancels);
      return async () => {
        connection.off("message", listener);
        await connection.unsubscribe(keys.cancels);
      };
    },

    async heartbeat(row, ttlMs) {
      const [before] = await readPipeline(
        redis.pipeline().set(keys.worker(row.id), JSON.stringify(row), "PX", ttlMs, "GET").sadd(keys.workers, row.id),
      );
      const known = before === null ? undefined : (JSON.parse(before as string) as WorkerRow).state;
      if (known !== row.state) await tell(redis, keys, { kind: "worker", worker: row.id, state: row.state }, row.at);
    },

    async leave(workerId) {
      await redis.del(keys.worker(workerId));
      await noteGone(workerId);
    },

    async listWorkers() {
      const ids = await redis.smembers(keys.workers);
      if (ids.length === 0) return [];
      const rows = await redis.mget(ids.map(id => keys.worker(id)));
      const gone = ids.filter((_, i) => rows[i] === null);
      for (const id of gone) await noteGone(id);
      return rows
        .filter(text => text !== null)
        .map(text => JSON.parse(text) as WorkerRow)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    },
  };
}
