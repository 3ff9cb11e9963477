import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { indexDag } from "#core/graph.ts";
import { newRun, type Run } from "#core/run.ts";
import { createLogger } from "#runtime/logger.ts";
import type { Mark } from "#state/mark-store.ts";
import { DeadlineClock } from "../../../services/scheduler/deadline-clock.ts";
import type { LiveRun } from "../../../services/scheduler/live-runs.ts";
import type { OutboxOrder } from "../../../services/scheduler/outbox-order.ts";
import { until } from "../../support/until.ts";

const spec = DagSpec.parse({
  id: "etl",
  notices: { onDeadline: [{ kind: "slack" }] },
  deadlines: [
    { from: "queued", afterMs: 100, notices: [{ kind: "slack", account: "a" }] },
    { from: "queued", afterMs: 5_000, notices: [{ kind: "slack", account: "b" }] },
  ],
  tasks: [{ id: "a", operator: "noop" }],
});
const graph = indexDag(spec);
const CREATED = 1_000_000;

/** A clock over one record that remembers marks; `now` stands where the test puts it. */
class Scene {
  now = CREATED;
  run: Run = newRun({ id: "etl~1", dagId: "etl", version: "v", trigger: { kind: "api" }, conf: {}, createdAt: CREATED });
  readonly record: Set<string>;
  readonly sent: string[] = [];
  readonly entries: unknown[] = [];
  refuseOnce = false;
  readonly clock: DeadlineClock;

  constructor(record = new Set<string>()) {
    this.record = record;
    this.clock = new DeadlineClock({
      marks: { mark: async mark => this.#mark(mark) },
      liveRun: () => this.live,
      send: (orders: readonly OutboxOrder[]) => this.sent.push(...orders.map(({ id }) => id)),
      now: () => this.now,
      log: createLogger("test", { level: "silent" }),
    });
  }

  get live(): LiveRun {
    return { run: this.run, graph };
  }

  #mark({ name, entry, orders = [] }: Mark): boolean {
    if (this.refuseOnce) {
      this.refuseOnce = false;
      throw new Error("Redis is away");
    }
    if (this.record.has(name)) return false;
    this.record.add(name);
    this.entries.push({ ...entry, orders: orders.length });
    return true;
  }

  async followAt(now: number, more: Partial<Run> = {}): Promise<void> {
    this.now = now;
    this.run = { ...this.run, ...more };
    this.clock.follow(this.live);
    await this.clock.stop();
  }
}

describe("DeadlineClock", () => {
  it("notes a missed deadline once, with its notices, and tells them", async () => {
    const scene = new Scene();
    await scene.followAt(CREATED + 101);
    await scene.followAt(CREATED + 200);
    assert.deepEqual(scene.entries, [
      { at: CREATED + 101, type: "run.deadlineMissed", index: 0, dueAt: CREATED + 100, orders: 2 },
    ]);
    assert.deepEqual(scene.sent, ["etl~1~~deadline-0~onDeadline~0", "etl~1~~deadline-0~onDeadline~1"]);
  });

  it("another leader tells nothing that was told", async () => {
    const record = new Set<string>();
    await new Scene(record).followAt(CREATED + 101);
    const second = new Scene(record);
    await second.followAt(CREATED + 6_000);
    assert.deepEqual(
      second.sent.map(id => id.split("~")[3]),
      ["deadline-1", "deadline-1"],
    );
  });

  it("a run that ended in time misses nothing, one that ended late does, whenever it is looked at", async () => {
    const inTime = new Scene();
    await inTime.followAt(CREATED + 9_000, { state: "success", endedAt: CREATED + 100 });
    assert.equal(inTime.entries.length, 0);
    const late = new Scene();
    await late.followAt(CREATED + 9_000, { state: "success", endedAt: CREATED + 101 });
    assert.equal(late.entries.length, 1);
  });

  it("a mark that Redis did not take is tried again", async () => {
    const scene = new Scene();
    scene.refuseOnce = true;
    await scene.followAt(CREATED + 101);
    assert.equal(scene.entries.length, 0);
    await scene.followAt(CREATED + 5_000);
    assert.equal(scene.entries.length, 1);
  });

  it("wakes by itself when a deadline has come", async () => {
    const scene = new Scene();
    // The first deadline is 2 ms away when it is followed, and past when the timer rings.
    scene.now = CREATED + 99;
    scene.clock.follow(scene.live);
    scene.now = CREATED + 102;
    await until(() => scene.entries.length === 1, { what: "the missed deadline" });
    await scene.clock.stop();
  });
});
