import assert from "node:assert/strict";
import { mock } from "node:test";
import { DagSpec } from "#core/dag-spec.ts";
import type { RunHeader } from "#core/run.ts";
import type { Horizon } from "#core/schedule/horizon.ts";
import { createLogger } from "#runtime/logger.ts";
import { type ScheduledDag, Ticker } from "../../../services/scheduler/ticker.ts";

const MINUTE_MS = 60_000;
/** A whole minute. */
const START_AT = 1_800_000_000_000;
const minute = (n: number): number => START_AT + n * MINUTE_MS;

/** The store as the clock sees it, and time under the test's hand. */
class World {
  readonly dags: ScheduledDag[] = [];
  readonly specs = new Map<string, DagSpec>();
  readonly horizons = new Map<string, Horizon>();
  /** How often the list of DAGs was read. */
  reads = 0;
  readonly ticks = new Map<string, number>();
  /** In the order of their creation. */
  readonly runs = new Map<string, RunHeader>();
  creations = 0;
  failures = 0;
  readonly #tickers: Ticker[] = [];

  ticker(): Ticker {
    const ticker = new Ticker({
      dags: async () => {
        this.reads++;
        if (this.failures-- > 0) throw new Error("Redis is away");
        return this.dags.map(dag => ({ ...dag }));
      },
      specOf: async version => this.specs.get(version),
      horizons: async () => new Map(this.horizons),
      lastTicks: async () => new Map(this.ticks),
      setLastTick: async (dagId, at) => void this.ticks.set(dagId, at),
      createRun: async header => {
        this.creations++;
        if (!this.runs.has(header.id)) this.runs.set(header.id, header);
      },
      now: () => Date.now(),
      log: createLogger("test", { level: "silent" }),
    });
    this.#tickers.push(ticker);
    return ticker;
  }

  schedule(id: string, more: Partial<DagSpec> = {}, paused = false): void {
    const spec = DagSpec.parse({ id, schedule: { cron: ["* * * * *"] }, tasks: [{ id: "only", operator: "noop" }], ...more });
    const version = `${id}-v1`;
    this.specs.set(version, spec);
    this.dags.push({ id, version, paused });
  }

  /** The minutes after the start that a DAG's runs stand for. */
  started(id: string): number[] {
    return [...this.runs.values()].filter(run => run.dagId === id).map(run => (run.logicalAt! - START_AT) / MINUTE_MS);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#tickers.map(ticker => ticker.stop()));
  }
}

/** Lets everything happen that waits for no timer. */
const quiet = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** Moves the clock in steps, so that each timer finds the time it was set for. */
async function pass(ms: number, stepMs = 1_000): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    mock.timers.tick(Math.min(left, stepMs));
    await quiet();
  }
}

describe("Ticker", () => {
  let world: World;

  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout", "Date"], now: minute(10) + 20_000 });
    world = new World();
  });
  afterEach(async () => {
    await world.stop();
    mock.timers.reset();
  });

  const wake = async (ticker = world.ticker()): Promise<Ticker> => {
    ticker.wake();
    await quiet();
    return ticker;
  };

  const missed: readonly (readonly [
    what: string,
    more: Partial<DagSpec>,
    last: number | undefined,
    expected: readonly number[],
  ])[] = [
    ["a DAG seen for the first time starts nothing", {}, undefined, []],
    ["nor does it with catchup and no start date", { catchup: true }, undefined, []],
    ["with catchup its past begins at its start date", { catchup: true, startAt: minute(7) }, undefined, [7, 8, 9, 10]],
    ["of the missed ticks the latest is made up", {}, 5, [10]],
    ["with catchup all are", { catchup: true }, 5, [6, 7, 8, 9, 10]],
    ["what was started is not started again", {}, 10, []],
    ["nothing is made up after the end date", { catchup: true, endAt: minute(7) }, 5, [6, 7]],
    ["an interval ticks like cron", { schedule: { everyMs: 2 * MINUTE_MS }, catchup: true }, 5, [6, 8, 10]],
  ];
  for (const [what, more, last, expected] of missed) {
    it(what, async () => {
      world.schedule("etl", more);
      if (last !== undefined) world.ticks.set("etl", minute(last));
      const ticker = await wake();
      await wake(ticker);
      assert.deepEqual(world.started("etl"), expected);
      assert.equal(world.creations, expected.length, "each is made up once");
    });
  }

  it("makes up more than a thousand missed ticks", async () => {
    world.schedule("etl", { catchup: true });
    world.ticks.set("etl", minute(10 - 2_500));
    await wake();
    await pass(10, 1);
    assert.equal(world.started("etl").length, 2_500);
  });

  it("starts each tick when its time comes, and gives the run its id, version and instant", async () => {
    world.schedule("etl");
    await wake();
    await pass(39_000);
    assert.deepEqual(world.started("etl"), []);
    await pass(1_000);
    assert.deepEqual(world.started("etl"), [11]);
    await pass(2 * MINUTE_MS);
    assert.deepEqual(world.started("etl"), [11, 12, 13]);
    const [first] = world.runs.values();
    assert.deepEqual(
      { ...first },
      {
        id: "etl~20270115T081100Z",
        dagId: "etl",
        version: "etl-v1",
        trigger: { kind: "schedule" },
        conf: {},
        logicalAt: minute(11),
        interval: { startAt: minute(10), endAt: minute(11) },
        createdAt: minute(11),
      },
    );
  });

  it("starts nothing of a paused DAG, and afterwards only the latest tick", async () => {
    world.schedule("etl", {}, true);
    world.schedule("other");
    world.ticks.set("etl", minute(10));
    await wake();
    await pass(3 * MINUTE_MS);
    assert.deepEqual([world.started("etl"), world.started("other")], [[], [11, 12, 13]]);
    world.dags[0]!.paused = false;
    await pass(10_000);
    assert.deepEqual(world.started("etl"), [13]);
  });

  it("starts a tick once although two leaders start it", async () => {
    world.schedule("etl", { catchup: true });
    world.ticks.set("etl", minute(7));
    const [one, two] = [world.ticker(), world.ticker()];
    one.wake();
    two.wake();
    await quiet();
    await pass(MINUTE_MS);
    assert.ok(world.creations > 4, "both started ticks");
    assert.deepEqual(world.started("etl"), [8, 9, 10, 11]);
  });

  it("tries again a second after the store failed", async () => {
    world.schedule("etl");
    world.ticks.set("etl", minute(9));
    world.failures = 1;
    await wake();
    assert.deepEqual(world.started("etl"), []);
    await pass(1_000);
    assert.deepEqual(world.started("etl"), [10]);
  });

  it("hears of a DAG that comes when it is woken", async () => {
    const ticker = await wake();
    world.schedule("etl");
    world.ticks.set("etl", minute(9));
    await wake(ticker);
    assert.deepEqual(world.started("etl"), [10]);
  });

  it("runs once what runs once, when it is first seen", async () => {
    world.schedule("etl", { schedule: { once: true } });
    const [one, two] = [world.ticker(), world.ticker()];
    one.wake();
    two.wake();
    await quiet();
    await pass(3 * MINUTE_MS);
    assert.deepEqual([...world.runs.keys()], ["etl~once"]);
  });

  it("starts the ticks that a timetable has given, also those that come later", async () => {
    world.schedule("etl", { schedule: { timetable: "own" } });
    world.horizons.set("etl", { ticks: [minute(11)] });
    const ticker = await wake();
    await pass(MINUTE_MS);
    assert.deepEqual(world.started("etl"), [11]);
    world.horizons.set("etl", { ticks: [minute(11), minute(12), minute(14)] });
    await wake(ticker);
    await pass(4 * MINUTE_MS);
    assert.deepEqual(world.started("etl"), [11, 12, 14]);
  });

  it("fills in the DAG's parameters", async () => {
    const params = { type: "object", properties: { country: { type: "string", default: "de" } } };
    world.schedule("etl", { params });
    await wake();
    await pass(MINUTE_MS);
    assert.deepEqual([...world.runs.values()][0]?.conf, { country: "de" });
  });

  it("starts runs after their DAG's jitter, in which nothing is lost", async () => {
    world.schedule("etl", { jitterMs: 30 * MINUTE_MS, catchup: true });
    world.ticks.set("etl", minute(10));
    await wake();
    await pass(40 * MINUTE_MS, 5_000);
    const [first] = world.runs.values();
    assert.ok(first!.createdAt > first!.logicalAt!);
    assert.deepEqual(
      world.started("etl"),
      world.started("etl").map((_, i) => 11 + i),
    );
  });

  it("reads the list of DAGs now and then only, however many ticks there are", async () => {
    for (let i = 0; i < 50; i++) world.schedule(`etl-${i}`, { schedule: { everyMs: 1_000 } });
    await wake();
    const before = world.reads;
    await pass(MINUTE_MS);
    assert.equal(world.runs.size, 50 * 60);
    assert.ok(world.reads - before <= 7, `${world.reads - before} reads in a minute`);
  });

  it("looks once more however often it is woken meanwhile", async () => {
    world.schedule("etl");
    const ticker = await wake();
    const before = world.reads;
    for (let i = 0; i < 100; i++) ticker.wake();
    await quiet();
    assert.equal(world.reads - before, 1);
  });

  it("starts nothing after it was stopped", async () => {
    world.schedule("etl");
    const ticker = await wake();
    await ticker.stop();
    await pass(2 * MINUTE_MS);
    await wake(ticker);
    assert.deepEqual(world.started("etl"), []);
  });
});
