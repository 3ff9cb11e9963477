import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import type { StateEvent } from "#state/event-stream.ts";
import { openRecord, type Record } from "./record.ts";

const DAG = DagSpec.parse({ id: "etl", tasks: [{ id: "load", operator: "noop" }] });
const ROW = { id: "etl", version: "v1", file: "etl.ts", publishedAt: 7, tags: [], timezone: "UTC", taskCount: 1 };
const WORKER = { id: "w1", host: "h", startedAt: 1, at: 5, concurrency: 1, held: 0, state: "running" as const };
const BACKFILL = {
  id: "etl~b1",
  dagId: "etl",
  fromAt: 0,
  untilAt: 1,
  reprocess: "none" as const,
  order: "oldest" as const,
  maxActiveRuns: 1,
  conf: {},
  createdAt: 9,
  by: "ann",
};
const DECISION = { answer: "approve", by: "ann", at: 3 };
const NOTE = { runId: "etl~1", taskId: "load", gen: 1, epoch: 1, note: '{"phase":"starting"}' };

describe("events", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  it("are read from where the reader was", async () => {
    for (const id of ["etl~1", "etl~2", "etl~3"]) await record.seedRun({ id });
    const names = (events: StateEvent[]) => events.map(event => (event.kind === "run" ? event.runId : event.kind));
    const first = await record.events.read(2);
    assert.deepEqual(names(first), ["etl~1", "etl~2"]);
    assert.deepEqual(names(await record.events.read(10, first.at(-1)!.id)), ["etl~3"]);

    const { events, position } = await record.events.last(2);
    assert.deepEqual([names(events), position], [["etl~2", "etl~3"], events.at(-1)!.id]);
  });

  /** Each tells exactly these, and what changes nothing tells nothing. */
  const CHANGES: readonly (readonly [what: string, act: (record: Record) => Promise<unknown>, told: readonly object[]])[] = [
    ["a DAG that is published", r => r.dags.publishDag(ROW, DAG), [{ kind: "dag", dagId: "etl", state: "published", at: 7 }]],
    ["a DAG that nobody knows is not paused", r => r.dags.setPaused("etl", true), []],
    [
      "a DAG that is paused, goes on and is removed",
      async r => {
        await r.dags.publishDag(ROW, DAG);
        for (const paused of [true, false]) await r.dags.setPaused("etl", paused);
        await r.dags.removeDag("etl", 8);
      },
      ["published", "paused", "unpaused", "removed"].map(state => ({ kind: "dag", dagId: "etl", state })),
    ],
    ["import errors", r => r.dags.replaceImportErrors([]), [{ kind: "import-errors", count: 0 }]],
    [
      "a pool that is put and removed",
      async r => {
        await r.pools.putPool({ name: "gpu", slots: 2 }, 4);
        await r.pools.removePool("gpu", 5);
      },
      [
        { kind: "pool", pool: "gpu", state: "put", at: 4 },
        { kind: "pool", pool: "gpu", state: "removed", at: 5 },
      ],
    ],
    [
      "a worker that comes, drains and leaves; its other heartbeats are no news",
      async r => {
        for (const held of [0, 1]) await r.claims.heartbeat({ ...WORKER, held }, 60_000);
        await r.claims.heartbeat({ ...WORKER, state: "draining" }, 60_000);
        await r.claims.leave("w1");
        await r.claims.leave("w1");
      },
      ["running", "draining", "gone"].map(state => ({ kind: "worker", worker: "w1", state })),
    ],
    [
      "a worker that went without a word, once",
      async r => {
        await r.claims.heartbeat(WORKER, 60_000);
        await r.test.redis.del(r.keys.worker("w1"));
        await Promise.all([r.claims.listWorkers(), r.claims.listWorkers()]);
      },
      ["running", "gone"].map(state => ({ kind: "worker", worker: "w1", state })),
    ],
    [
      "a backfill that is created, paused twice and moved on by the leader",
      async r => {
        await r.backfills.create(BACKFILL, []);
        for (const at of [10, 11]) await r.backfills.move("etl~b1", "paused", at);
        const token = (await r.leader.acquireLease("a", 60_000))!;
        const progress = { cursor: 1, active: [], counts: { created: 1, cleared: 0, left: 0 }, endedAt: 12 };
        await r.backfills.advance(token, "etl~b1", progress);
      },
      ["running", "paused", "done"].map(state => ({ kind: "backfill", backfillId: "etl~b1", state })),
    ],
    [
      "an approval that asks and is answered",
      async r => {
        await r.seedTask("load", { state: "deferred", try: 1 });
        await r.approvals.ask("etl~1", "load", 2);
        for (const _ of ["first", "late"]) await r.approvals.decide("etl~1", "load", DECISION);
      },
      ["asked", "decided"].map(state => ({ kind: "approval", runId: "etl~1", taskId: "load", state })),
    ],
    [
      "what a worker says of a try it holds",
      async r => {
        await r.seedTask("load", { state: "running", gen: 1, try: 1, epoch: 1 });
        await r.claims.note(NOTE);
        await r.claims.note({ ...NOTE, epoch: 2 });
      },
      [{ kind: "task", runId: "etl~1", taskId: "load", state: "running" }],
    ],
    [
      "what a person writes about a run",
      r => r.acts.remark("etl~1", undefined, { text: "odd", at: 3, by: "ann" }),
      [{ kind: "run", runId: "etl~1", state: "queued" }],
    ],
  ];
  for (const [what, act, told] of CHANGES) {
    it(`tell of ${what}`, async () => {
      await record.seedRun();
      const { position } = await record.events.last(1);
      await act(record);
      const events = await record.events.read(100, position);
      assert.equal(events.length, told.length, JSON.stringify(events));
      for (const [i, expected] of told.entries()) assert.partialDeepStrictEqual(events[i], expected);
      assert.ok(events.every(({ at }) => at > 0));
    });
  }

  it("wake who waits for the next one, and say when what came before it is not kept", async () => {
    const blocking = record.test.open("blocking");
    const options = { limit: 10, waitMs: 10_000 };
    const empty = await record.events.last(10);
    assert.deepEqual(empty, { events: [], position: "0-0", gap: false });

    const waiting = record.events.next(blocking, empty.position, options);
    await record.seedRun();
    const first = await waiting;
    assert.deepEqual([first.events.length, first.gap, first.position], [1, false, first.events[0]!.id]);
    assert.deepEqual(await record.events.next(blocking, first.position, { limit: 10, waitMs: 1 }), {
      events: [],
      position: first.position,
      gap: false,
    });

    await record.seedRun({ id: "etl~2" });
    await record.test.redis.xtrim(record.keys.events, "MAXLEN", 1);
    const [last] = await record.events.read(1);
    assert.deepEqual(await record.events.next(blocking, first.position, options), { events: [], position: last!.id, gap: true });
    await record.test.redis.del(record.keys.events);
    const brief = { limit: 10, waitMs: 1 };
    assert.deepEqual(await record.events.next(blocking, last!.id, brief), { events: [], position: "0-0", gap: true });
    assert.deepEqual(await record.events.next(blocking, "0-0", brief), { events: [], position: "0-0", gap: false });
  });

  it("of a later release are passed over", async () => {
    await record.test.redis.xadd(record.keys.events, "*", "moon", "full", "state", "up", "at", "5");
    const { events, position } = await record.events.last(10);
    assert.deepEqual(events, []);
    assert.notEqual(position, "0-0");
  });
});
