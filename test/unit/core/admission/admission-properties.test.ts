import assert from "node:assert/strict";
import fc from "fast-check";
import type { DagSpecInput } from "#core/dag-spec.ts";
import { isFinal, isLive, type TaskState } from "#core/run.ts";
import { Desk, poolOf } from "./desk.ts";

const TASKS = ["a", "b", "c", "d"] as const;
const POOLS = ["p", "q"] as const;

const limit = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });

/** A field that is absent where the value is undefined. */
const present = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

const dagOf = (id: string) =>
  fc
    .record({
      maxActiveTasks: limit,
      maxActiveTasksPerRun: limit,
      tasks: fc.tuple(
        ...TASKS.map(task =>
          fc
            .record({
              pool: fc.constantFrom(...POOLS, undefined),
              poolSlots: fc.constantFrom(1, 1, 2),
              priority: fc.integer({ min: 1, max: 3 }),
              maxActive: limit,
              dependsOnPast: fc.constantFrom(true, undefined),
            })
            .map(fields => present({ id: task, operator: "noop" as const, ...fields })),
        ),
      ),
    })
    .map(fields => present({ id, ...fields }) as DagSpecInput);

type Act =
  | { type: "ask" | "end" | "defer" | "fail" | "clear"; run: number; task: number }
  | { type: "resize"; pool: number; slots: number }
  | { type: "restart" };

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant("ask" as const), run: fc.nat(3), task: fc.nat(3) }) },
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constantFrom("end", "defer", "fail", "clear"), run: fc.nat(3), task: fc.nat(3) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("resize" as const), pool: fc.nat(1), slots: fc.integer({ min: 2, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ type: "restart" as const }) },
);

const END: Readonly<Record<"end" | "defer" | "fail" | "clear", TaskState>> = {
  end: "success",
  defer: "deferred",
  fail: "failed",
  clear: "none",
};

/** Two DAGs, two runs of each, and who is in which state. */
class Scene {
  desk: Desk;
  readonly slots = { p: 2, q: 2 };
  readonly dags: readonly DagSpecInput[];
  readonly runs = ["x~1", "x~2", "y~1", "y~2"];
  now = 0;

  constructor(dags: readonly DagSpecInput[]) {
    this.dags = dags;
    this.desk = new Desk(...this.pools());
    for (const dag of dags) for (const name of ["1", "2"]) this.desk.run(name, dag);
  }

  pools = () => POOLS.map(name => poolOf(name, this.slots[name]));

  state(run: string, task: string): TaskState {
    return this.desk.runs.get(run)!.run.tasks.get(task)?.state ?? "none";
  }

  spec(run: string, task: string) {
    return this.desk.runs.get(run)!.graph.tasks.get(task)!;
  }

  all(): { run: string; task: string; state: TaskState }[] {
    return this.runs.flatMap(run => TASKS.map(task => ({ run, task, state: this.state(run, task) })));
  }

  do(what: Act): void {
    this.now += 1_000;
    if (what.type === "resize") {
      this.slots[POOLS[what.pool]!] = what.slots;
      this.desk.admission.setPools(this.pools(), this.desk.runs.values());
      this.desk.take();
      return;
    }
    if (what.type === "restart") return this.restart();
    const [run, task] = [this.runs[what.run]!, TASKS[what.task]!];
    const state = this.state(run, task);
    if (what.type === "ask") {
      if (state === "none") this.desk.ask(run, task, this.now);
    } else if (what.type === "clear" ? state !== "none" : isLive(state)) this.desk.end(run, task, END[what.type]);
  }

  /** Another leader reads what is stored. */
  restart(): void {
    const next = new Desk(...this.pools());
    for (const [id, known] of this.desk.runs) {
      next.runs.set(id, known);
      next.admission.remember(known.run, known.graph);
    }
    this.desk = next;
    next.take();
  }

  /** What live tasks use of each limit, and how much there is, counted from the states alone. */
  use(): { what: string; used: number; slots: number }[] {
    const holding = this.all().filter(({ state }) => isLive(state) && state !== "deferred");
    const uses = POOLS.map(pool => ({
      what: `pool ${pool}`,
      used: holding
        .filter(({ run, task }) => this.spec(run, task).pool === pool)
        .reduce((n, { run, task }) => n + this.spec(run, task).poolSlots!, 0),
      slots: this.slots[pool],
    }));
    for (const dag of this.dags) {
      const own = holding.filter(({ run }) => run.startsWith(`${dag.id}~`));
      uses.push({ what: `dag ${dag.id}`, used: own.length, slots: dag.maxActiveTasks ?? Number.POSITIVE_INFINITY });
      for (const run of [`${dag.id}~1`, `${dag.id}~2`])
        uses.push({
          what: run,
          used: own.filter(one => one.run === run).length,
          slots: dag.maxActiveTasksPerRun ?? Number.POSITIVE_INFINITY,
        });
      for (const task of dag.tasks)
        uses.push({
          what: `task ${dag.id} ${task.id}`,
          used: own.filter(one => one.task === task.id).length,
          slots: task.maxActive ?? Number.POSITIVE_INFINITY,
        });
    }
    return uses;
  }

  isHeldByPast(run: string, task: string): boolean {
    if (!run.endsWith("~2") || this.spec(run, task).dependsOnPast !== true) return false;
    return !["success", "skipped"].includes(this.state(run.replace("~2", "~1"), task));
  }
}

const scene = fc.tuple(dagOf("x"), dagOf("y")).map(dags => dags as DagSpecInput[]);

describe("Admission, whatever happens", () => {
  it("exceeds no limit, unless a pool was made smaller", () => {
    fc.assert(
      fc.property(scene, fc.array(act, { maxLength: 60 }), (dags, acts) => {
        const world = new Scene(dags);
        for (const what of acts) {
          const before = new Map(world.use().map(({ what, used }) => [what, used]));
          world.do(what);
          for (const { what: name, used, slots } of world.use())
            assert.ok(
              used <= Math.max(slots, what.type === "resize" ? before.get(name)! : slots, before.get(name)!),
              `${name} ${used}/${slots} after ${what.type}`,
            );
        }
      }),
      { numRuns: 300 },
    );
  });

  it("starts nothing before the run before is as far", () => {
    fc.assert(
      fc.property(scene, fc.array(act, { maxLength: 60 }), (dags, acts) => {
        const world = new Scene(dags);
        for (const what of acts) {
          const before = new Set(world.all().flatMap(({ run, task, state }) => (isLive(state) ? [`${run} ${task}`] : [])));
          world.do(what);
          for (const { run, task, state } of world.all())
            if (isLive(state) && !before.has(`${run} ${task}`))
              assert.equal(world.isHeldByPast(run, task), false, `${run} ${task}`);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("says of everybody who waits why, and nobody waits for nothing", () => {
    fc.assert(
      fc.property(scene, fc.array(act, { maxLength: 60 }), (dags, acts) => {
        const world = new Scene(dags);
        for (const what of acts) {
          world.do(what);
          for (const { run, task, state } of world.all()) {
            const why = world.desk.why(run, task);
            assert.equal(why.length > 0, state === "scheduled", `${run} ${task} is ${state}: ${why.join(", ")}`);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("starts everybody in the end when all that started ends", () => {
    fc.assert(
      fc.property(scene, fc.array(act, { maxLength: 60 }), (dags, acts) => {
        const world = new Scene(dags);
        for (const what of acts) world.do(what);
        for (let rounds = 0; rounds < 100; rounds++) {
          const live = world.all().filter(({ state }) => isLive(state));
          if (live.length === 0) break;
          for (const { run, task } of live) world.desk.end(run, task);
        }
        const left = world
          .all()
          .filter(({ run, task, state }) => !isFinal(state) && state !== "none" && !world.isHeldByPast(run, task));
        assert.deepEqual(left, []);
      }),
      { numRuns: 300 },
    );
  });
});
