import assert from "node:assert/strict";
import type { TaskRun, TaskState } from "#core/run.ts";
import type { BeginAnswer } from "#state/claim-store.ts";
import { openRecord, type Record } from "./record.ts";

/** The record before, and who asks: the table of docs/explanation/architecture.md, with its edges. */
const ROWS: readonly {
  answer: BeginAnswer;
  when: string;
  record?: Partial<TaskRun>;
  job?: { gen?: number; try?: number; epoch?: number };
  cancelled?: boolean;
  noRun?: boolean;
}[] = [
  { answer: "ok", when: "queued and try = record + 1", record: { state: "queued" }, job: { try: 1 } },
  {
    answer: "ok",
    when: "up_for_retry and try = record + 1",
    record: { state: "up_for_retry", try: 1, epoch: 1 },
    job: { try: 2, epoch: 2 },
  },
  {
    answer: "ok",
    when: "running and try = record: adoption",
    record: { state: "running", try: 1, epoch: 1 },
    job: { try: 1, epoch: 2 },
  },
  {
    answer: "ok",
    when: "restarting and try = record",
    record: { state: "restarting", try: 1, epoch: 1, infra: 1 },
    job: { try: 1, epoch: 2 },
  },
  {
    answer: "ok",
    when: "deferred and try = record: it looks again",
    record: { state: "deferred", try: 1, epoch: 1 },
    job: { try: 1, epoch: 2 },
  },
  {
    answer: "stale",
    when: "deferred, of an older try",
    record: { state: "deferred", try: 2, epoch: 1 },
    job: { try: 1, epoch: 2 },
  },
  {
    answer: "cancel",
    when: "deferred, cancel requested",
    record: { state: "deferred", try: 1, epoch: 1 },
    job: { try: 1, epoch: 2 },
    cancelled: true,
  },
  {
    answer: "ok",
    when: "queued again in a new generation that repeats a try",
    record: { state: "queued", gen: 2, try: 2, epoch: 0 },
    job: { gen: 2, try: 3 },
  },
  { answer: "cancel", when: "queued, cancel requested", record: { state: "queued" }, job: { try: 1 }, cancelled: true },
  {
    answer: "cancel",
    when: "running, cancel requested",
    record: { state: "running", try: 1, epoch: 1 },
    job: { try: 1, epoch: 2 },
    cancelled: true,
  },
  {
    answer: "cancel",
    when: "up_for_retry, cancel requested",
    record: { state: "up_for_retry", try: 1, epoch: 1 },
    job: { try: 2, epoch: 2 },
    cancelled: true,
  },
  {
    answer: "reopened",
    when: "failed and try = record + 1",
    record: { state: "failed", try: 1, epoch: 1 },
    job: { try: 2, epoch: 2 },
  },
  {
    answer: "done",
    when: "failed and try = record + 1, but the run is cancelled",
    record: { state: "failed", try: 1, epoch: 1 },
    job: { try: 2, epoch: 2 },
    cancelled: true,
  },
  {
    answer: "replay",
    when: "up_for_retry and try = record",
    record: { state: "up_for_retry", try: 1, epoch: 1 },
    job: { try: 1, epoch: 2 },
  },
  {
    answer: "replay",
    when: "up_for_retry and try = record, cancel requested",
    record: { state: "up_for_retry", try: 1, epoch: 1 },
    job: { try: 1, epoch: 2 },
    cancelled: true,
  },
  { answer: "done", when: "success and try = record", record: { state: "success", try: 1, epoch: 1 }, job: { try: 1, epoch: 2 } },
  {
    answer: "done",
    when: "success and a person repeats the job",
    record: { state: "success", try: 1, epoch: 1 },
    job: { try: 2, epoch: 2 },
  },
  { answer: "done", when: "failed and try = record", record: { state: "failed", try: 1, epoch: 1 }, job: { try: 1, epoch: 2 } },
  {
    answer: "done",
    when: "failed and a try too far ahead",
    record: { state: "failed", try: 1, epoch: 1 },
    job: { try: 3, epoch: 2 },
  },
  { answer: "done", when: "cancelled before it was begun", record: { state: "cancelled" }, job: { try: 1 } },
  { answer: "done", when: "skipped", record: { state: "skipped" }, job: { try: 1 } },
  { answer: "done", when: "upstream_failed", record: { state: "upstream_failed" }, job: { try: 1 } },
  { answer: "stale", when: "an older generation", record: { state: "queued", gen: 2 }, job: { gen: 1, try: 1 } },
  {
    answer: "stale",
    when: "an older generation of an ended task",
    record: { state: "success", gen: 2, try: 1, epoch: 1 },
    job: { gen: 1, try: 1, epoch: 9 },
  },
  {
    answer: "stale",
    when: "running and an older try",
    record: { state: "running", try: 2, epoch: 2 },
    job: { try: 1, epoch: 3 },
  },
  { answer: "stale", when: "running and a newer try", record: { state: "running", try: 1, epoch: 1 }, job: { try: 2, epoch: 2 } },
  { answer: "stale", when: "queued and an older try", record: { state: "queued", gen: 2, try: 1 }, job: { gen: 2, try: 1 } },
  { answer: "stale", when: "queued and a try too far ahead", record: { state: "queued" }, job: { try: 2 } },
  {
    answer: "stale",
    when: "up_for_retry and an older try",
    record: { state: "up_for_retry", try: 2, epoch: 2 },
    job: { try: 1, epoch: 3 },
  },
  { answer: "stale", when: "an epoch already passed", record: { state: "running", try: 1, epoch: 3 }, job: { try: 1, epoch: 2 } },
  {
    answer: "stale",
    when: "another worker with the same epoch",
    record: { state: "running", try: 1, epoch: 3, worker: "w1" },
    job: { try: 1, epoch: 3 },
  },
  { answer: "early", when: "the task has no record yet", job: { try: 1 } },
  { answer: "stale", when: "the task was cleared", record: { state: "none" }, job: { try: 1 } },
  {
    answer: "early",
    when: "the task was cleared, and the next job came before its commit",
    record: { state: "none" },
    job: { gen: 2, try: 1 },
  },
  {
    answer: "early",
    when: "a newer generation than the record",
    record: { state: "running", gen: 1, try: 1, epoch: 1 },
    job: { gen: 2, try: 1 },
  },
  { answer: "gone", when: "there is no such run", noRun: true, job: { try: 1 } },
];

const CLAIMS: ReadonlySet<BeginAnswer> = new Set(["ok", "cancel", "reopened"]);

describe("begin", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  const begin = (job: { gen?: number; try?: number; epoch?: number; worker?: string } = {}) =>
    record.claims.begin({ runId: "etl~1", taskId: "load", gen: 1, try: 1, epoch: 1, worker: "w2", at: 5_000, ...job });

  for (const row of ROWS) {
    it(`${row.answer}: ${row.when}`, async () => {
      if (!row.noRun) await record.seedRun();
      if (row.record) await record.seedTask("load", row.record);
      if (row.cancelled) await record.runs.requestCancel("etl~1", { at: 4_000, by: "ann" });
      const before = await record.dump();

      const { answer, task } = await begin(row.job);

      assert.equal(answer, row.answer);
      assert.deepEqual(task, await record.task("load"), "the answer carries the record");
      if (CLAIMS.has(answer)) {
        const { gen = 1, try: tryNumber = 1, epoch = 1 } = row.job ?? {};
        assert.partialDeepStrictEqual(task, { state: "running", gen, try: tryNumber, epoch, worker: "w2" });
      } else {
        assert.equal(await record.dump(), before, "touches nothing");
      }
    });
  }

  const KEPT: readonly {
    from: TaskState;
    job: { gen?: number; try: number; epoch: number };
    record: Partial<TaskRun>;
    startedAt: number;
    infra: number;
  }[] = [
    { from: "queued", record: {}, job: { try: 1, epoch: 1 }, startedAt: 5_000, infra: 0 },
    {
      from: "queued",
      record: { gen: 2, infra: 2, startedAt: 2_000 },
      job: { gen: 2, try: 1, epoch: 1 },
      startedAt: 2_000,
      infra: 2,
    },
    {
      from: "up_for_retry",
      record: { try: 1, epoch: 1, infra: 2, startedAt: 2_000 },
      job: { try: 2, epoch: 2 },
      startedAt: 5_000,
      infra: 0,
    },
    {
      from: "failed",
      record: { try: 1, epoch: 1, infra: 2, startedAt: 2_000 },
      job: { try: 2, epoch: 2 },
      startedAt: 5_000,
      infra: 0,
    },
    {
      from: "running",
      record: { try: 1, epoch: 1, infra: 2, startedAt: 2_000 },
      job: { try: 1, epoch: 2 },
      startedAt: 2_000,
      infra: 2,
    },
    {
      from: "restarting",
      record: { try: 1, epoch: 1, infra: 2, startedAt: 2_000 },
      job: { try: 1, epoch: 2 },
      startedAt: 2_000,
      infra: 2,
    },
    {
      from: "deferred",
      record: { try: 1, epoch: 1, infra: 2, startedAt: 2_000 },
      job: { try: 1, epoch: 2 },
      startedAt: 2_000,
      infra: 2,
    },
  ];
  for (const { from, job, record: known, startedAt, infra } of KEPT) {
    it(`from ${from}${known.gen === 2 ? " of a lost job" : ""}: keeps what belongs to the try and clears its end`, async () => {
      await record.seedRun();
      const outcome = {
        result: "failed",
        code: "ExitCode",
        blame: "user",
        message: 'a "quoted" | message,"startedAt":7',
      } as const;
      await record.seedTask("load", {
        ...known,
        state: from,
        queuedAt: 1_500,
        endedAt: 3_000,
        retryAt: 4_000,
        worker: 'w"1',
        outcome,
      });
      const { task } = await begin(job);
      assert.deepEqual(task, { state: "running", gen: 1, infra, ...job, queuedAt: 1_500, startedAt, worker: "w2" });
    });
  }

  it("keeps a worker's name as it is, whatever is in it", async () => {
    await record.seedRun();
    await record.seedTask("load", {});
    const worker = 'wörker|"1"\\\n';
    assert.equal((await begin({ worker })).task?.worker, worker);
    assert.equal((await begin({ worker })).answer, "ok", "and knows it again");
  });

  it("answers a call that is sent twice as it did the first time, and claims once", async () => {
    await record.seedRun();
    await record.seedTask("load", {});
    const { before: _, ...first } = await begin();
    const before = await record.dump();
    assert.deepEqual(await begin(), first, "but in which state it was claimed is not known any more");
    assert.equal(await record.dump(), before);
  });

  it("reopened: tells the leader and makes the ended run live again", async () => {
    const run = await record.seedRun();
    const task = await record.seedTask("load", { state: "failed", try: 1, epoch: 1 });
    const token = (await record.leader.acquireLease("a", 60_000))!;
    const ended = { ...run, state: "failed", rev: 1, endedAt: 3_000, tasks: new Map([["load", task]]) } as const;
    await record.leader.commit({ token, run: ended, fromRev: 0, changes: [], orders: [], history: [], at: 3_000 });
    assert.deepEqual(await record.leader.liveRuns(), []);

    const { task: reopened } = await begin({ try: 2, epoch: 2 });

    assert.deepEqual(await record.leader.liveRuns(), ["etl~1"]);
    const inbox = await record.leader.takeInbox(record.test.open("blocking"), 10, 1_000);
    assert.deepEqual(inbox, [{ type: "reopened", runId: "etl~1", at: 5_000, taskId: "load", task: reopened }]);
  });
});
