import { AssertionError } from "node:assert";
import assert from "node:assert/strict";
import { dag, exitCodeOf, notify, run as thisRun, variables, z } from "windlass";
import { type DagTest, testDag } from "windlass/testing";
import { TriggerRule } from "#core/trigger-rule.ts";
import { graphOf } from "../../support/core/graph-of.ts";
import { play } from "../../support/core/play.ts";
import { World } from "../../support/core/world.ts";

const image = "etl:1.4";
const etl = (): Promise<DagTest> => testDag("dags/etl.ts");
const refusal = (fn: () => unknown): string => {
  try {
    fn();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("a run under test", () => {
  it("goes from task to task as the scheduler would", async () => {
    const run = (await etl()).run({ params: { region: "us" } });
    run.expectReady("extract").expect({ extract: "queued", "load.clean": "none" }, "running");
    run.succeeds("extract", [
      { name: "orders", rows: 3 },
      { name: "users", rows: 5 },
    ]);
    run.expectReady("load.clean@0", "load.clean@1");
    run.succeeds("load.clean", item => item).succeeds("load.report");
    run.expect("success");
    assert.deepEqual(run.started, ["extract", "load.clean@0", "load.clean@1", "load.report"]);
    assert.deepEqual(run.task("load.clean").output, [
      { name: "orders", rows: 3 },
      { name: "users", rows: 5 },
    ]);
  });

  it("renders what a try would get", async () => {
    const run = (await etl()).run({ params: { region: "us" }, at: "2026-01-31T06:30Z" });
    assert.deepEqual(run.container("extract").env, [{ name: "REGION", value: "us" }]);
    run.succeeds("extract", [{ name: "orders", rows: 3 }]);
    assert.deepEqual(run.container("load.clean@0").env, [
      { name: "TABLE", value: "orders" },
      { name: "ROWS", value: "3" },
    ]);
    run.succeeds("load.clean", { name: "orders", rows: 2 });
    assert.deepEqual(run.container("load.report").env, [
      { name: "TABLES", value: '[{"name":"orders","rows":2}]' },
      { name: "DAY", value: "2026-01-31" },
    ]);
  });

  it("renders the try that comes next, and variables", async () => {
    const t = await testDag(
      dag("d", {}, d => void d.pod("a", { image, retries: 1, args: ["{{ task.try }}", `${variables.bucket}`, `${thisRun.id}`] })),
    );
    const run = t.run({ variables: { bucket: "lake" } });
    assert.deepEqual(run.container("a").args, ["1", "lake", run.id]);
    assert.deepEqual(run.fails("a").container("a").args, ["2", "lake", run.id]);
  });

  it("moves the clock to the next try, and fails for good when none is left", async () => {
    const t = await testDag(
      dag("d", {}, d => {
        const a = d.pod("a", { image, retries: 2, retryDelay: "10m", backoff: "exponential", onRetry: notify.slack() });
        a.before(d.pod("b", { image }), d.pod("c", { image, triggerRule: "all_done" }));
      }),
    );
    const run = t.run({ at: "2026-01-01T00:00Z" });
    run.fails("a").expect({ a: "up_for_retry" });
    assert.equal(run.task("a").retryAt, "2026-01-01T00:10:01.000Z");
    run.fails("a");
    assert.equal(run.now.toISOString(), "2026-01-01T00:10:02.000Z");
    assert.equal(run.task("a").retryAt, "2026-01-01T00:30:02.000Z");
    run.fails("a").expect({ a: "failed", b: "upstream_failed", c: "queued" });
    run.succeeds("c").expect("failed");
    assert.deepEqual(run.notices, [
      { moment: "onRetry", task: "a", try: 1 },
      { moment: "onRetry", task: "a", try: 2 },
    ]);
  });

  const RULES: readonly (readonly [name: string, options: object, failure: object, state: string, restarts: number])[] = [
    ["an exit code that skipOn names skips", { skipOn: [99] }, { exitCode: 99 }, "skipped", 0],
    ["an exit code that failOn names uses up no retries", { failOn: [64], retries: 5 }, { exitCode: 64 }, "failed", 0],
    ["an eviction starts the same try again", {}, { code: "Evicted" }, "restarting", 1],
    ["a wrong image fails at once", { retries: 5 }, { code: "InvalidImageName" }, "failed", 0],
    ["memory that ran out uses up a try", { retries: 1 }, { code: "OOMKilled" }, "up_for_retry", 0],
  ];
  for (const [name, options, failure, state, restarts] of RULES) {
    it(name, async () => {
      const t = await testDag(dag("d", {}, d => void d.pod("a", { image, ...options })));
      const { state: is, restarts: count } = t.run().fails("a", failure).task("a");
      assert.deepEqual([is, count], [state, restarts]);
    });
  }

  it("takes the way that a branch chooses", async () => {
    const t = await testDag("dags/branch.ts");
    const run = t.run().succeeds("measure", { size: "small" });
    run.expect({ "by-size": "success", small: "queued", "big.split": "skipped", "big.merge": "skipped" });
    run.succeeds("small").fails("check", { exitCode: 3 });
    run.expect({ fine: "skipped", repair: "queued" }).finishes().expect("success");
    assert.deepEqual(run.task("big.split").reason, { code: "not-chosen", detail: "by-size" });
  });

  it("chooses by an exit code that nobody expected", async () => {
    const t = await testDag(
      dag("d", {}, d => {
        const a = d.pod("a", { image });
        a.before(d.branch("way", { on: exitCodeOf(a), cases: { 0: d.empty("good"), 3: d.empty("bad") } }));
      }),
    );
    t.run().fails("a", { exitCode: 4 }).expect({ good: "skipped", bad: "skipped" });
  });

  it("keeps a mapped task's limit, and its patience with failures", async () => {
    const t = await testDag(
      dag("d", {}, d => void d.map("m", [1, 2, 3, 4], n => ({ image, args: [`${n}`] }), { maxActive: 2, maxFailures: 1 })),
    );
    const run = t.run().expectReady("m@0", "m@1");
    run.fails("m@0").expectReady("m@1", "m@2");
    run.succeeds("m").expect({ m: "success" }, "success");
    assert.equal(t.run().succeeds("m@0").fails("m").task("m").state, "failed");
  });

  it("calls functions with what they would get", async () => {
    const run = (await testDag("dags/functions.ts")).run();
    assert.deepEqual(await run.calls("list"), [
      { table: "orders", rows: 3 },
      { table: "users", rows: 5 },
    ]);
    assert.equal(await run.calls("count@0"), 6);
    assert.equal(await run.calls("count@1"), 10);
    assert.deepEqual(await run.calls("sum"), { total: 16 });
    run.expect("success");
  });

  it("a function that throws fails its try", async () => {
    const t = await testDag(
      dag("throws", {}, d => {
        d.fn("a", () => {
          throw new Error("no more disks");
        });
      }),
    );
    const run = t.run();
    await assert.rejects(run.calls("a"), /no more disks/);
    run.expect({ a: "failed" });
  });

  it("is stopped, cleared and marked like any run", async () => {
    const build = () => testDag(dag("d", {}, d => d.chain(d.pod("a", { image }), d.pod("b", { image }), d.pod("c", { image }))));
    (await build()).run().succeeds("a").cancels().expect({ b: "cancelled", c: "cancelled" }, "cancelled");
    const run = (await build()).run().succeeds("a").fails("b").expect("failed");
    run
      .clears("b")
      .expect({ b: "queued", c: "none" }, "running")
      .marks("success", "b")
      .expectReady("c")
      .finishes()
      .expect("success");
    assert.equal(run.task("b").try, 1);
  });

  it("answers for a person", async () => {
    const t = await testDag(dag("d", {}, d => d.chain(d.approval("ask", { question: "Go?" }), d.pod("go", { image }))));
    t.run().succeeds("ask", "approve").expectReady("go");
    t.run().fails("ask", { code: "ApprovalRejected" }).expect("failed");
  });

  it("undoes a setup whatever became of the work", async () => {
    const run = (await testDag("dags/setup_teardown.ts")).run();
    const [setup = "", work = "", teardown = ""] = (await testDag("dags/setup_teardown.ts")).taskIds;
    run.succeeds(setup).failsForGood(work).expectReady(teardown).succeeds(teardown).expect("failed");
  });

  it("updates assets", async () => {
    const run = (await testDag("dags/daily_totals.ts")).run({ tick: "2026-01-02" }).finishes();
    assert.deepEqual(run.updatedAssets, ["file://totals"]);
  });
});

describe("a run under test says what is wrong", () => {
  it("a task that waits", async () => {
    const run = (await etl()).run();
    const message = refusal(() => run.succeeds("load.report"));
    assert.match(message, /'load.report' cannot begin: it waits for load.clean/);
    assert.match(message, /extract {2}queued/, "and shows the run");
    assert.match(
      refusal(() => run.succeeds("nobody")),
      /no task 'nobody'; there are extract, /,
    );
  });

  it("a result that the task could not have", async () => {
    const run = (await etl()).run();
    assert.match(
      refusal(() => run.succeeds("extract")),
      /'extract' cannot succeed with no result/,
    );
    assert.match(
      refusal(() => run.succeeds("extract", [{ name: 3 }])),
      /result.0.name/,
    );
    run.expect({ extract: "queued" });
    run.succeeds("extract", [{ name: "orders", rows: 1 }]).succeeds("load.clean", item => item);
    assert.match(
      refusal(() => run.succeeds("load.report", 3)),
      /has no result/,
    );
  });

  it("a failure that there is not", async () => {
    const run = (await etl()).run();
    // What a test without types could write.
    assert.match(
      refusal(() => run.fails("extract", { code: "OomKilled" as never })),
      /did you mean 'OOMKilled'/,
    );
  });

  it("states that are others", async () => {
    const run = (await etl()).run();
    assert.throws(() => run.expect("success"), AssertionError);
    assert.throws(() => run.expect({ extract: "success" }), /expected {"extract":"success"}, got {"extract":"queued"}/);
    assert.throws(() => run.expectReady("load.report"), AssertionError);
  });

  it("parameters that the DAG refuses, ticks that there are not", async () => {
    const t = await etl();
    assert.match(
      refusal(() => t.run({ params: { region: "mars" } })),
      /params.region/,
    );
    const daily = await testDag("dags/daily_totals.ts");
    assert.match(
      refusal(() => daily.run({ tick: "2026-01-02T03:00" })),
      /no tick at 2026-01-02T02:00:00Z: the next one is 2026-01-02T23/,
    );
  });

  it("files without the DAG", async () => {
    await assert.rejects(testDag("test/fixtures/dags/good/no-dag-in-it.ts"), { code: "WL_DAG_EXPORT" });
    await assert.rejects(testDag("dags/etl.ts", { dag: "other" }), /has no DAG 'other' but 'etl'/);
    await assert.rejects(testDag("test/fixtures/dags/good/list-and-named.ts"), /exports several DAGs/);
  });
});

describe("a DAG under test", () => {
  it("knows its edges and who waits for whom", async () => {
    const t = await etl();
    assert.deepEqual(t.edges, ["extract>load.clean", "load.clean>load.report"]);
    t.expectOrder("extract", "load.report");
    assert.throws(() => t.expectOrder("load.report", "extract"), /'extract' does not wait for 'load.report'/);
    assert.equal(t.task("extract").retry.retries, 2);
  });

  it("knows its ticks, in its zone", async () => {
    const t = await testDag("dags/daily_totals.ts");
    assert.deepEqual(
      t.ticks("2026-01-01", 5).map(({ at }) => at),
      ["2026-01-01T23:00:00Z", "2026-01-02T23:00:00Z"],
    );
    const [tick] = t.ticks("2026-01-01");
    const run = t.run({ tick: tick! });
    assert.deepEqual(run.container("total").command, ["echo", "totals of 2026-01-02"]);
  });

  it("asks a timetable of its own", async () => {
    const { timetable } = await import("windlass");
    const next = (after: Date) => new Date(Math.floor(after.getTime() / 60_000 + 1) * 60_000);
    const t = await testDag(dag("d", { schedule: timetable("minutes", { next }) }, d => void d.pod("a", { image })));
    const ticks = t.ticks("2026-01-01T00:00Z", 250);
    assert.equal(ticks.length, 250);
    assert.equal(ticks.at(-1)!.at, "2026-01-01T04:10:00Z");
  });

  it("has defaults for its parameters", async () => {
    const t = await testDag(
      dag(
        "d",
        { params: z.object({ n: z.int().default(3) }) },
        (d, { params }) => void d.pod("a", { image, args: [`${params.n}`] }),
      ),
    );
    assert.deepEqual(t.run().container("a").args, ["3"]);
    assert.deepEqual(t.run({ params: { n: 4 } }).container("a").args, ["4"]);
  });
});

describe("windlass/testing decides as the model of the scheduler does", () => {
  for (const rule of TriggerRule.options) {
    for (const ends of ["ok ok", "ok bad", "bad bad"]) {
      it(`${rule} after ${ends}`, async () => {
        const [a = "", b = ""] = ends.split(" ");
        const say = { c: { triggerRule: rule } };
        const graph = graphOf({ edges: ["a>c", "b>c"], say });
        const world = new World(graph);
        for (const word of ["go", `a:${a}`, `b:${b}`]) play(world, word);
        const { DagTest } = await import("#testing/dag-test.ts");
        const run = new DagTest(graph.spec).run();
        for (const [id, how] of [
          ["a", a],
          ["b", b],
        ] as const)
          how === "ok" ? run.succeeds(id) : run.fails(id);
        assert.equal(run.task("c").state, world.record("c").state);
      });
    }
  }
});
