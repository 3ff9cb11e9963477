import type { Redis } from "ioredis";
import type { JsonValue } from "#core/result.ts";
import type { Run, RunHeader, RunState, TaskRun, TryRecord } from "#core/run.ts";
import type { Remark } from "./act-store.ts";
import type { RunArchive } from "./archive/run-archive.ts";
import type { RunTable } from "./archive/run-parts.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";
import { openRunPages, type RunPage, type RunPageQuery } from "./run-pages.ts";
import { parseRunSummary, parseTasks, RUN_FIELDS, type RunSummary } from "./run-record.ts";
import { SCRIPTS } from "./scripts.ts";
import { parseTaskRecord } from "./task-record.ts";

/** The caller's promise that two requests with this key are one. */
export interface Idempotency {
  key: string;
  /** Hash of the request's body: the same key with another body is a mistake. */
  bodyHash: string;
  ttlMs: number;
}

export type CreateRunResult =
  | { result: "created" }
  /** A run with this id was there before. */
  | { result: "exists"; runId: string }
  /** The request was carried out before, as this run. */
  | { result: "replayed"; runId: string }
  | { result: "body-differs" };

export type CancelResult = "requested" | "already" | "ended" | "unknown";

/** Something that happened in a run. `type` is a fact in the past tense; the other fields depend on it. */
export interface HistoryEntry {
  at: number;
  type: string;
  [detail: string]: unknown;
}

/** A try and the task it belongs to. */
export interface TaskTry extends TryRecord {
  taskId: string;
}

/** What a worker last said about a try under way, such as its phase. Advisory. */
export type TaskNote = Readonly<Record<string, unknown>>;

export interface ListRuns {
  dagId?: string;
  state?: RunState;
  /** At most this many, 1 to 1000. */
  limit: number;
  /** Only runs created before this run: the last id of the page before. */
  before?: string;
}

/** Runs as the API sees them. A run that is archived reads like any other. */
export interface RunStore {
  createRun(header: RunHeader, options?: { idempotency?: Idempotency }): Promise<CreateRunResult>;
  getRun(runId: string): Promise<Run | undefined>;
  /** The run without its tasks, which may be many. */
  getSummary(runId: string): Promise<RunSummary | undefined>;
  /** One task's record; undefined: it has none, or there is no such run. */
  getTask(runId: string, taskId: string): Promise<TaskRun | undefined>;
  /** Newest first. With `state`, at most the 5000 youngest runs after `before` are looked at. */
  listRuns(query: ListRuns): Promise<RunSummary[]>;
  /** A page of the runs, and where the next one begins. */
  pageRuns(query: RunPageQuery): Promise<RunPage>;
  /** The tries that have ended, by the instant they started. */
  listTries(runId: string): Promise<TaskTry[]>;
  /** The results that tasks have written, by task id. */
  outputs(runId: string): Promise<Map<string, JsonValue>>;
  /** By task id. */
  notes(runId: string): Promise<Map<string, TaskNote>>;
  /** What people wrote about the run, and by task id about its tasks. */
  remarks(runId: string): Promise<{ run?: Remark; tasks: ReadonlyMap<string, Remark> }>;
  /** Oldest first. */
  history(runId: string): Promise<HistoryEntry[]>;
  /** Asks leader and workers to end the run. They obey within moments; the run's state says when it has ended. */
  requestCancel(runId: string, request: { at: number; by: string }): Promise<CancelResult>;
}

export function openRunStore(redis: Redis, keys: Keys, keepMs: number, archives: RunArchive): RunStore {
  const pageRuns = openRunPages(redis, keys);

  /** A table of the run, wherever it is. */
  async function tableOf(runId: string, table: RunTable): Promise<Readonly<Record<string, string>>> {
    const [rows, archive] = await readPipeline(
      redis.pipeline().hgetall(keys[table](runId)).hgetBuffer(keys.run(runId), "archive"),
    );
    return archive === null ? (rows as Record<string, string>) : (await archives.open(runId, archive as Buffer))[table];
  }

  return {
    async createRun(header, { idempotency } = {}) {
      const entry: HistoryEntry = { at: header.createdAt, type: "run.created", trigger: header.trigger };
      const reply = await SCRIPTS.createRun.run(
        redis,
        {
          run: keys.run(header.id),
          idempotency: keys.idempotency(idempotency?.key ?? ""),
          runs: keys.runs,
          runsOfDag: keys.runsOf(header.dagId),
          live: keys.live,
          inbox: keys.inbox,
          history: keys.history(header.id),
          events: keys.events,
        },
        {
          runId: header.id,
          version: header.version,
          header: JSON.stringify(header),
          createdAt: header.createdAt,
          forgetBefore: header.createdAt - keepMs,
          bodyHash: idempotency?.bodyHash ?? "",
          idempotencyTtlMs: idempotency?.ttlMs ?? 0,
          entry: JSON.stringify(entry),
        },
      );
      const [result, runId] = reply as [CreateRunResult["result"], string];
      return result === "exists" || result === "replayed" ? { result, runId } : { result };
    },

    async getRun(runId) {
      const [fields, tasks, archive] = await readPipeline(
        redis
          .pipeline()
          .hmget(keys.run(runId), ...RUN_FIELDS)
          .hgetall(keys.tasks(runId))
          .hgetBuffer(keys.run(runId), "archive"),
      );
      const summary = parseRunSummary(fields as (string | null)[]);
      if (summary === undefined) return undefined;
      const records =
        archive === null ? (tasks as Record<string, string>) : (await archives.open(runId, archive as Buffer)).tasks;
      return { ...summary, tasks: parseTasks(records) };
    },

    async getSummary(runId) {
      return parseRunSummary(await redis.hmget(keys.run(runId), ...RUN_FIELDS));
    },

    async getTask(runId, taskId) {
      const [text, archive] = await readPipeline(
        redis.pipeline().hget(keys.tasks(runId), taskId).hgetBuffer(keys.run(runId), "archive"),
      );
      const known = archive === null ? text : (await archives.open(runId, archive as Buffer)).tasks[taskId];
      return typeof known === "string" ? parseTaskRecord(known) : undefined;
    },

    pageRuns,

    async listRuns({ dagId, state, limit, before }) {
      const at =
        before === undefined ? undefined : await redis.zscore(dagId === undefined ? keys.runs : keys.runsOf(dagId), before);
      if (at === null) return [];
      const { runs } = await pageRuns({
        dagId,
        limit,
        ...(state === undefined ? {} : { where: run => run.state === state }),
        ...(before === undefined ? {} : { after: { at: Number(at), id: before } }),
      });
      return runs;
    },

    async listTries(runId) {
      const rows = await tableOf(runId, "tries");
      const tries = Object.entries(rows).map(([field, text]) => ({
        taskId: field.slice(0, field.lastIndexOf("/")),
        ...(JSON.parse(text) as TryRecord),
      }));
      return tries.sort((a, b) => a.startedAt - b.startedAt || a.try - b.try || a.infra - b.infra);
    },

    async outputs(runId) {
      const rows = await tableOf(runId, "outputs");
      return new Map(Object.entries(rows).map(([taskId, text]) => [taskId, JSON.parse(text) as JsonValue]));
    },

    async notes(runId) {
      const rows = await tableOf(runId, "notes");
      return new Map(Object.entries(rows).map(([taskId, text]) => [taskId, JSON.parse(text) as TaskNote]));
    },

    async history(runId) {
      const [rows, archive] = await readPipeline(
        redis.pipeline().lrange(keys.history(runId), 0, -1).hgetBuffer(keys.run(runId), "archive"),
      );
      const before = archive === null ? [] : (await archives.open(runId, archive as Buffer)).history;
      return [...before, ...(rows as string[])].map(text => JSON.parse(text) as HistoryEntry);
    },

    async remarks(runId) {
      const { "": run, ...tasks } = await tableOf(runId, "remarks");
      return {
        ...(run === undefined ? {} : { run: JSON.parse(run) as Remark }),
        tasks: new Map(Object.entries(tasks).map(([taskId, text]) => [taskId, JSON.parse(text) as Remark])),
      };
    },

    async requestCancel(runId, { at, by }) {
      const entry: HistoryEntry = { at, type: "run.cancelRequested", by };
      const reply = await SCRIPTS.requestCancel.run(
        redis,
        { run: keys.run(runId), inbox: keys.inbox, history: keys.history(runId), events: keys.events },
        { runId, at, entry: JSON.stringify(entry), channel: keys.cancels },
      );
      return reply as CancelResult;
    },
  };
}
