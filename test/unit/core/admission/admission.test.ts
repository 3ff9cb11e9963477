import assert from "node:assert/strict";
import type { DagSpecInput } from "#core/dag-spec.ts";
import { Desk, poolOf, stateOf } from "./desk.ts";

type TaskInput = DagSpecInput["tasks"][number];

const task = (id: string, more: Partial<TaskInput> = {}): TaskInput => ({ id, operator: "noop", ...more }) as TaskInput;
const dagOf = (id: string, tasks: TaskInput[], more: Partial<DagSpecInput> = {}): DagSpecInput => ({ id, tasks, ...more });
const inPool = (pool: string, ids: readonly string[], more: Partial<TaskInput> = {}): TaskInput[] =>
  ids.map(id => task(id, { pool, ...more }));

describe("Admission", () => {
  it("lets every task go that has no limit, and knows nothing of its run", () => {
    const desk = new Desk(poolOf("etl", 1));
    const run = desk.run("1", dagOf("free", [task("a"), task("b")]));
    assert.equal(desk.ask(run.id, "a", 1) && desk.ask(run.id, "b", 1), true);
    assert.equal(desk.admission.tracks(run), false);
  });

  it("holds the slots of a pool over all DAGs, and names who may go when one is free", () => {
    const desk = new Desk(poolOf("etl", 2));
    desk.run("1", dagOf("x", inPool("etl", ["a", "b"])));
    desk.run("1", dagOf("y", inPool("etl", ["a", "b"])));
    assert.deepEqual(
      [desk.ask("x~1", "a", 1), desk.ask("y~1", "a", 2), desk.ask("y~1", "b", 3), desk.ask("x~1", "b", 4)],
      [true, true, false, false],
    );
    assert.deepEqual(desk.why("x~1", "b"), ["pool etl 2/2"]);
    assert.deepEqual(desk.end("x~1", "a"), ["y~1 b"]);
    assert.deepEqual(desk.end("y~1", "a"), ["x~1 b"]);
    assert.deepEqual(desk.end("y~1", "b"), []);
  });

  const limits: readonly (readonly [what: string, dag: DagSpecInput, asked: readonly string[], why: string])[] = [
    [
      "maxActiveTasks",
      dagOf("d", [task("a"), task("b")], { maxActiveTasks: 1 }),
      ["d~1 a", "d~2 a"],
      "maxActiveTasks of the DAG 1/1",
    ],
    [
      "maxActiveTasksPerRun",
      dagOf("d", [task("a"), task("b")], { maxActiveTasksPerRun: 1 }),
      ["d~1 a", "d~1 b"],
      "maxActiveTasksPerRun 1/1",
    ],
    ["maxActive of a task", dagOf("d", [task("a", { maxActive: 1 })]), ["d~1 a", "d~2 a"], "maxActive of the task 1/1"],
    [
      "maxActive of a map",
      dagOf("d", [task("a", { map: { over: [1, 2], maxActive: 1 } })]),
      ["d~1 a@0", "d~1 a@1"],
      "maxActive of the map 1/1",
    ],
  ];
  for (const [what, dag, [first = "", second = ""], why] of limits) {
    it(`keeps ${what}`, () => {
      const desk = new Desk();
      for (const name of ["1", "2"]) desk.run(name, dag);
      const [runA = "", taskA = ""] = first.split(" ");
      const [runB = "", taskB = ""] = second.split(" ");
      assert.deepEqual([desk.ask(runA, taskA, 1), desk.ask(runB, taskB, 2)], [true, false]);
      assert.deepEqual(desk.why(runB, taskB), [why]);
      assert.deepEqual(desk.end(runA, taskA), [second]);
    });
  }

  it("keeps maxActiveTasksPerRun and the map's maxActive of one run apart from another's", () => {
    const desk = new Desk();
    const dag = dagOf("d", [task("a", { map: { over: [1, 2], maxActive: 1 } })], { maxActiveTasksPerRun: 1 });
    for (const name of ["1", "2"]) desk.run(name, dag);
    assert.deepEqual([desk.ask("d~1", "a@0", 1), desk.ask("d~2", "a@0", 1)], [true, true]);
  });

  describe("slots by state", () => {
    const table: readonly (readonly [state: Parameters<Desk["move"]>[2], keeps: boolean])[] = [
      ["queued", true],
      ["running", true],
      ["up_for_retry", true],
      ["restarting", true],
      ["deferred", false],
      ["success", false],
      ["failed", false],
      ["skipped", false],
      ["cancelled", false],
      ["none", false],
    ];
    for (const [state, keeps] of table) {
      it(`a task in ${state} ${keeps ? "keeps" : "gives back"} its slot`, () => {
        const desk = new Desk(poolOf("etl", 1));
        desk.run("1", dagOf("d", inPool("etl", ["a", "b"])));
        desk.ask("d~1", "a", 1);
        desk.ask("d~1", "b", 2);
        assert.deepEqual(desk.end("d~1", "a", state), keeps ? [] : ["d~1 b"]);
      });
    }

    it("a deferred task keeps the slot of a pool that counts the deferred, and no other", () => {
      const desk = new Desk(poolOf("etl", 1, { includeDeferred: true }));
      desk.run("1", dagOf("d", [...inPool("etl", ["a", "b"]), task("c")], { maxActiveTasks: 1 }));
      desk.ask("d~1", "a", 1);
      desk.ask("d~1", "b", 2);
      desk.ask("d~1", "c", 3);
      assert.deepEqual(desk.end("d~1", "a", "deferred"), ["d~1 c"]);
      assert.deepEqual(desk.why("d~1", "b"), ["maxActiveTasks of the DAG 1/1", "pool etl 1/1"]);
    });
  });

  describe("order", () => {
    it("is by weight, and by waiting: one point is worth a minute", () => {
      const desk = new Desk(poolOf("etl", 1));
      const tasks = [
        ["held", 1],
        ["low", 1],
        ["high", 3],
        ["late", 3],
      ] as const;
      desk.run(
        "1",
        dagOf(
          "d",
          tasks.map(([id, priority]) => task(id, { pool: "etl", priority })),
        ),
      );
      desk.ask("d~1", "held", 0);
      desk.ask("d~1", "low", 0);
      desk.ask("d~1", "high", 119_999);
      desk.ask("d~1", "late", 120_001);
      assert.deepEqual(desk.end("d~1", "held"), ["d~1 high"]);
      assert.deepEqual(desk.end("d~1", "high"), ["d~1 low"]);
      assert.deepEqual(desk.end("d~1", "low"), ["d~1 late"]);
    });

    it("a task that wants many slots keeps those that come free", () => {
      const desk = new Desk(poolOf("etl", 3));
      desk.run("1", dagOf("d", [...inPool("etl", ["a", "b", "c", "small"]), task("big", { pool: "etl", poolSlots: 3 })]));
      for (const [at, id] of ["a", "b", "c", "big", "small"].entries()) desk.ask("d~1", id, at);
      assert.deepEqual(desk.end("d~1", "a"), []);
      assert.deepEqual(desk.why("d~1", "small"), ["big of run d~1 is before it in pool etl"]);
      assert.deepEqual(desk.why("d~1", "big"), ["pool etl 2/3, and it wants 3"]);
      assert.deepEqual(desk.end("d~1", "b"), []);
      assert.deepEqual(desk.end("d~1", "c"), ["d~1 big"]);
      assert.deepEqual(desk.end("d~1", "big"), ["d~1 small"]);
    });

    it("nobody new goes past it either, unless it weighs more", () => {
      const desk = new Desk(poolOf("etl", 2));
      desk.run(
        "1",
        dagOf("d", [
          ...inPool("etl", ["a", "b", "new"]),
          task("big", { pool: "etl", poolSlots: 2 }),
          task("urgent", { pool: "etl", priority: 9 }),
        ]),
      );
      for (const [at, id] of ["a", "b", "big"].entries()) desk.ask("d~1", id, at);
      desk.end("d~1", "a");
      assert.deepEqual([desk.ask("d~1", "new", 9), desk.ask("d~1", "urgent", 9)], [false, true]);
    });

    it("whoever waits goes before one who comes between a release and the next look", () => {
      const desk = new Desk(poolOf("etl", 1));
      desk.run("1", dagOf("d", inPool("etl", ["a", "b", "new"])));
      for (const [at, id] of ["a", "b"].entries()) desk.ask("d~1", id, at);
      desk.move("d~1", "a", "success");
      assert.equal(desk.ask("d~1", "new", 2), false);
      assert.deepEqual(desk.take(), ["d~1 b"]);
    });

    it("those that were kept waiting go when who kept them does not wait any more", () => {
      const desk = new Desk(poolOf("etl", 2));
      desk.run("1", dagOf("d", [...inPool("etl", ["a", "small"]), task("big", { pool: "etl", poolSlots: 2 })]));
      for (const [at, id] of ["a", "big", "small"].entries()) desk.ask("d~1", id, at);
      assert.deepEqual(desk.take(), []);
      assert.deepEqual(desk.end("d~1", "big", "cancelled"), ["d~1 small"]);
    });

    it("a task that wants more than there is keeps nobody waiting", () => {
      const desk = new Desk(poolOf("etl", 1));
      desk.run("1", dagOf("d", [...inPool("etl", ["a", "b"]), task("big", { pool: "etl", poolSlots: 2 })]));
      for (const [at, id] of ["a", "big", "b"].entries()) desk.ask("d~1", id, at);
      assert.deepEqual(desk.why("d~1", "big"), ["it wants 2 slots, and pool etl has 1"]);
      assert.deepEqual(desk.end("d~1", "a"), ["d~1 b"]);
    });

    it("who is held back by another limit does not hold back the others of its pool", () => {
      const desk = new Desk(poolOf("etl", 1));
      desk.run("1", dagOf("one", inPool("etl", ["a", "b"]), { maxActiveTasks: 1 }));
      desk.run("1", dagOf("two", [...inPool("etl", ["a"]), task("free")]));
      desk.ask("one~1", "a", 0);
      desk.ask("one~1", "b", 1);
      desk.ask("two~1", "a", 2);
      assert.deepEqual(desk.why("one~1", "b"), ["maxActiveTasks of the DAG 1/1", "pool etl 1/1"]);
      assert.deepEqual(desk.end("one~1", "a"), ["one~1 b"]);
      assert.deepEqual(desk.end("one~1", "b"), ["two~1 a"]);
    });

    it("a task between two limits that never have room at once gets both in the end", () => {
      const desk = new Desk(poolOf("etl", 1));
      desk.run(
        "1",
        dagOf("x", [task("both", { pool: "etl" }), ...["f0", "f1", "f2", "f3"].map(id => task(id))], { maxActiveTasks: 1 }),
      );
      desk.run("1", dagOf("y", inPool("etl", ["p0", "p1", "p2", "p3"])));
      for (const id of ["f0", "both", "f1", "f2", "f3"]) desk.ask("x~1", id, 0);
      for (const id of ["p0", "p1", "p2", "p3"]) desk.ask("y~1", id, 0);
      const started: string[] = [];
      // The pool and the DAG let go in turn, never together.
      for (let i = 0; i < 4; i++) started.push(...desk.end("y~1", `p${i}`), ...desk.end("x~1", `f${i}`));
      assert.ok(started.includes("x~1 both"), started.join(", "));
      assert.ok(started.indexOf("x~1 both") < 6, started.join(", "));
    });

    it("a thousand that wait for a full pool cost another pool nothing", () => {
      const costOf = (crowd: number): number => {
        const desk = new Desk(poolOf("full", 1), poolOf("quick", 2));
        const names = Array.from({ length: crowd }, (_, i) => `w${i}`);
        desk.run("1", dagOf("crowd", inPool("full", ["held", ...names])));
        desk.run(
          "1",
          dagOf(
            "quick",
            inPool(
              "quick",
              Array.from({ length: 100 }, (_, i) => `q${i}`),
            ),
          ),
        );
        for (const id of ["held", ...names]) desk.ask("crowd~1", id, 0);
        for (let i = 0; i < 100; i++) desk.ask("quick~1", `q${i}`, i);
        desk.take();
        const before = desk.admission.looks;
        for (let i = 0; i < 100; i++) assert.equal(desk.end("quick~1", `q${i}`).length, i < 98 ? 1 : 0);
        return desk.admission.looks - before;
      };
      assert.deepEqual(costOf(1_000), costOf(1));
    });

    it("a thousand that are held back by another limit of the pool they wait for are asked once for all", () => {
      const desk = new Desk(poolOf("etl", 2));
      const crowd = Array.from({ length: 1_000 }, (_, i) => `w${i}`);
      desk.run("1", dagOf("crowd", inPool("etl", crowd), { maxActiveTasks: 1 }));
      desk.run(
        "1",
        dagOf(
          "quick",
          inPool(
            "etl",
            Array.from({ length: 50 }, (_, i) => `q${i}`),
          ),
        ),
      );
      for (const id of crowd) desk.ask("crowd~1", id, 0);
      for (let i = 0; i < 50; i++) desk.ask("quick~1", `q${i}`, 1);
      const before = desk.admission.looks;
      for (let i = 0; i < 50; i++) desk.end("quick~1", `q${i}`);
      assert.ok(desk.admission.looks - before <= 150, `${desk.admission.looks - before} looks for 50 ends`);
    });
  });

  describe("pools that change", () => {
    it("a larger one lets more go, a smaller one fewer, and nobody is sent back", () => {
      const desk = new Desk(poolOf("etl", 1));
      desk.run("1", dagOf("d", inPool("etl", ["a", "b", "c", "d"])));
      for (const [at, id] of ["a", "b", "c", "d"].entries()) desk.ask("d~1", id, at);
      desk.admission.setPools([poolOf("etl", 3)], desk.runs.values());
      assert.deepEqual(desk.take(), ["d~1 b", "d~1 c"]);
      desk.admission.setPools([poolOf("etl", 1)], desk.runs.values());
      assert.deepEqual(desk.why("d~1", "d"), ["pool etl 3/1"]);
      assert.deepEqual([desk.end("d~1", "a"), desk.end("d~1", "b"), desk.end("d~1", "c")], [[], [], ["d~1 d"]]);
    });

    it("an unknown one keeps its tasks until it is there; the default one has no limit until it is set", () => {
      const desk = new Desk();
      desk.run("1", dagOf("d", [task("a", { pool: "gpu" }), task("b"), task("c")]));
      assert.deepEqual([desk.ask("d~1", "a", 0), desk.ask("d~1", "b", 0)], [false, true]);
      assert.deepEqual(desk.why("d~1", "a"), ["there is no pool gpu"]);
      desk.admission.setPools([poolOf("gpu", 1), poolOf("default", 1)], desk.runs.values());
      assert.deepEqual(desk.take(), ["d~1 a"]);
      assert.equal(desk.ask("d~1", "c", 1), false);
      assert.deepEqual(desk.end("d~1", "b"), ["d~1 c"]);
    });
  });

  it("knows after a restart who holds and who waits, in their order", () => {
    const desk = new Desk(poolOf("etl", 2));
    const waits = (readyAt: number) => stateOf("scheduled", { readyAt });
    desk.run("1", dagOf("x", inPool("etl", ["a", "b", "c"])), { a: stateOf("running"), b: waits(20), c: waits(10) });
    desk.run("1", dagOf("y", inPool("etl", ["a", "b"])), { a: stateOf("up_for_retry"), b: waits(15) });
    assert.deepEqual(desk.take(), []);
    assert.deepEqual([...desk.end("x~1", "a"), ...desk.end("x~1", "c"), ...desk.end("y~1", "b")], ["x~1 c", "y~1 b", "x~1 b"]);
  });

  it("takes everything back when a run is forgotten or cancelled", () => {
    const desk = new Desk(poolOf("etl", 1));
    desk.run("1", dagOf("x", inPool("etl", ["a", "b"])));
    desk.run("1", dagOf("y", inPool("etl", ["a"])));
    desk.ask("x~1", "a", 0);
    desk.ask("x~1", "b", 1);
    desk.ask("y~1", "a", 2);
    assert.deepEqual(desk.end("x~1", "b", "cancelled"), []);
    assert.deepEqual(desk.endRun("x~1"), ["y~1 a"]);
  });

  it("gives back what it granted to a task that did not go", () => {
    const desk = new Desk(poolOf("etl", 1));
    desk.run("1", dagOf("d", inPool("etl", ["a", "b", "c"])));
    for (const [at, id] of ["a", "b", "c"].entries()) desk.ask("d~1", id, at);
    desk.move("d~1", "a", "success");
    assert.deepEqual(desk.admission.take(), [{ runId: "d~1", taskId: "b" }]);
    desk.move("d~1", "b", "scheduled");
    assert.deepEqual(desk.take(), ["d~1 c"]);
  });

  describe("dependsOnPast", () => {
    const dag = dagOf("d", [
      task("a", { dependsOnPast: true }),
      task("b", { waitForDownstream: true }),
      task("c", { upstream: ["b"] }),
    ]);

    it("waits until the task of the run before has ended well", () => {
      const desk = new Desk();
      for (const name of ["1", "2"]) desk.run(name, dag);
      assert.equal(desk.ask("d~1", "a", 0), true);
      assert.equal(desk.ask("d~2", "a", 0), false);
      assert.deepEqual(desk.why("d~2", "a"), ["it depends on past run d~1: a is queued there"]);
      assert.deepEqual(desk.end("d~1", "a", "failed"), []);
      assert.deepEqual(desk.why("d~2", "a"), ["it depends on past run d~1: a is failed there"]);
      assert.deepEqual(desk.endRun("d~1", "failed"), []);
      const { run, graph } = desk.runs.get("d~2")!;
      // Somebody marks it in the run that had ended.
      const marked = { ...run, id: "d~1", createdAt: 1, state: "success" as const, tasks: new Map([["a", stateOf("skipped")]]) };
      desk.admission.rememberPast(marked, graph);
      assert.deepEqual(desk.take(), ["d~2 a"]);
    });

    it("waits for the downstreams of the task in the run before", () => {
      const desk = new Desk();
      for (const name of ["1", "2"]) desk.run(name, dag);
      desk.ask("d~1", "b", 0);
      desk.ask("d~2", "b", 0);
      assert.deepEqual(desk.end("d~1", "b"), []);
      assert.deepEqual(desk.why("d~2", "b"), ["it depends on past run d~1: c is none there"]);
      assert.deepEqual(desk.end("d~1", "c"), ["d~2 b"]);
    });

    it("goes by what a run stands for, not by when it came", () => {
      const desk = new Desk();
      desk.run("late", dag, {}, { logicalAt: 2_000 });
      assert.equal(desk.ask("d~late", "b", 0), true);
      desk.run("latest", dag, {}, { logicalAt: 3_000 });
      desk.run("early", dag, {}, { logicalAt: 1_000 });
      assert.equal(desk.ask("d~late", "a", 0), false);
      assert.deepEqual(desk.why("d~late", "a"), ["it depends on past run d~early: a is none there"]);
      assert.equal(desk.ask("d~early", "a", 0), true);
      assert.deepEqual(desk.end("d~early", "a"), ["d~late a"]);
    });

    it("asks anew when a run comes between", () => {
      const desk = new Desk();
      desk.run("1", dag, { a: stateOf("running") }, { logicalAt: 1_000 });
      desk.run("3", dag, {}, { logicalAt: 3_000 });
      desk.ask("d~3", "a", 0);
      desk.run("2", dag, { a: stateOf("success") }, { logicalAt: 2_000 });
      assert.deepEqual(desk.take(), ["d~3 a"]);
    });

    it("does not wait for a run that is gone", () => {
      const desk = new Desk();
      for (const name of ["1", "2"]) desk.run(name, dag);
      desk.ask("d~1", "a", 0);
      desk.ask("d~2", "a", 0);
      desk.runs.delete("d~1");
      desk.admission.forget("d~1");
      assert.deepEqual(desk.take(), ["d~2 a"]);
    });

    it("knows a run that had ended before", () => {
      const desk = new Desk();
      const before = desk.run("1", dag, { a: stateOf("failed"), b: stateOf("success"), c: stateOf("success") });
      desk.endRun("d~1", "failed");
      desk.admission.rememberPast({ ...before, state: "failed" });
      desk.run("2", dag);
      assert.deepEqual([desk.ask("d~2", "a", 0), desk.ask("d~2", "b", 0)], [false, true]);
    });

    it("then waits for its slots like everybody", () => {
      const desk = new Desk(poolOf("etl", 1));
      const pooled = dagOf("d", [task("a", { dependsOnPast: true, pool: "etl" }), task("x", { pool: "etl" })]);
      for (const name of ["1", "2"]) desk.run(name, pooled);
      desk.ask("d~1", "a", 0);
      desk.ask("d~2", "a", 0);
      desk.ask("d~2", "x", 1);
      assert.deepEqual(desk.end("d~1", "a"), ["d~2 a"]);
    });
  });
});
