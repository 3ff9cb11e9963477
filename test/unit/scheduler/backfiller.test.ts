import assert from "node:assert/strict";
import fc from "fast-check";
import type { PendingAct } from "#core/act.ts";
import type { Reprocess } from "#core/backfill/backfill.ts";
import { DagSpec } from "#core/dag-spec.ts";
import { indexDag } from "#core/graph.ts";
import { isRunFinal, newRun, type Run, type RunHeader, type TaskRun } from "#core/run.ts";
import { createLogger } from "#runtime/logger.ts";
import type { Backfill } from "#state/backfill-store.ts";
import type { HistoryEntry } from "#state/run-store.ts";
import { Backfiller } from "../../../services/scheduler/backfiller.ts";
import { inTerms, type Lifetime } from "./dying-leader.ts";

const SPEC = DagSpec.parse({ id: "etl", schedule: { everyMs: 1_000 }, tasks: [{ id: "only", operator: "noop" }] });
const ENDED: TaskRun = { state: "failed", gen: 1, try: 1, infra: 0, epoch: 1 };
const tickOf = (i: number) => ({ runId: `etl~${i}`, logicalAt: i, interval: { startAt: i - 1, endAt: i } });

/** The record, and runs that go their way when the test says so. */
class World {
  readonly runs = new Map<string, Run>();
  readonly histories = new Map<string, HistoryEntry[]>();
  readonly live = new Set<string>();
  readonly acts = new Map<string, PendingAct>();
  backfill: Backfill;
  mostLive = 0;

  constructor(total: number, maxActiveRuns: number, reprocess: Reprocess) {
    const request = { id: "b1", dagId: "etl", fromAt: 0, untilAt: total, reprocess, order: "oldest" as const, maxActiveRuns };
    this.backfill = {
      ...request,
      conf: {},
      createdAt: 0,
      by: "ann",
      state: "running",
      cursor: 0,
      active: [],
      counts: { created: 0, cleared: 0, left: 0 },
      total,
    };
  }

  /** A run that was there before. */
  seed(header: RunHeader): void {
    const run = newRun(header);
    this.runs.set(header.id, { ...run, state: "failed", tasks: new Map([["only", ENDED]]) });
    this.histories.set(header.id, [{ at: 0, type: "run.created" }]);
  }

  leader(lifetime: Lifetime): Backfiller {
    const world = this;
    const spy = () => {
      world.mostLive = Math.max(world.mostLive, world.live.size);
    };
    return new Backfiller({
      backfills: lifetime.bind({
        open: async () => (world.backfill.endedAt === undefined ? [structuredClone(world.backfill)] : []),
        ticks: async (_id: string, from: number, to: number) => Array.from({ length: to - from }, (_, i) => tickOf(from + i)),
        live: async (ids: readonly string[]) => ids.filter(id => world.live.has(id)),
        async advance(_token: string, _id: string, progress: object) {
          world.backfill = { ...world.backfill, ...structuredClone(progress) };
          if (world.backfill.endedAt !== undefined) world.backfill.state = "done";
          return world.backfill.state;
        },
      }),
      dags: {
        getDag: async () => ({
          id: "etl",
          version: "v1",
          file: "etl.ts",
          paused: false,
          publishedAt: 0,
          tags: [],
          timezone: "UTC",
          taskCount: 1,
        }),
        getSpec: async () => SPEC,
      },
      runs: lifetime.bind({
        async createRun(header: RunHeader) {
          if (world.runs.has(header.id)) return { result: "exists", runId: header.id } as const;
          world.runs.set(header.id, newRun(header));
          world.histories.set(header.id, [{ at: 0, type: "run.created" }]);
          world.live.add(header.id);
          spy();
          return { result: "created" } as const;
        },
        getSummary: async (id: string) => world.runs.get(id),
        getRun: async (id: string) => world.runs.get(id),
        history: async (id: string) => world.histories.get(id) ?? [],
        requestCancel: async () => "requested" as const,
      }),
      acts: lifetime.bind({
        async request(runId: string, act: PendingAct) {
          if (world.acts.has(runId)) return "requested" as const;
          world.acts.set(runId, act);
          world.live.add(runId);
          spy();
          world.histories.get(runId)!.push({ at: 0, type: "run.acted", actId: act.id });
          return "requested" as const;
        },
      }),
      graphOf: async () => indexDag(SPEC),
      token: "one:1",
      now: () => 0,
      log: createLogger("test", { level: "silent" }),
    });
  }

  /** The oldest of the live runs ends; of one that was cleared the act is done. */
  endOne(): void {
    const [id] = this.live;
    if (id === undefined) return;
    this.live.delete(id);
    this.acts.delete(id);
    this.runs.set(id, { ...this.runs.get(id)!, state: "failed", tasks: new Map([["only", ENDED]]) });
  }
}

const lives = fc.array(fc.record({ calls: fc.nat({ max: 40 }), lastTakesEffect: fc.boolean() }), { maxLength: 12 });

describe("Backfiller", () => {
  for (const reprocess of ["none", "failed", "all"] as const) {
    it(`reprocess ${reprocess}: every tick is carried out once, whenever leaders die`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 1, max: 4 }),
          fc.uniqueArray(fc.nat({ max: 11 })),
          lives,
          async (total, maxActiveRuns, seeded, terms) => {
            const world = new World(total, maxActiveRuns, reprocess);
            for (const i of seeded) {
              const { runId, logicalAt } = tickOf(i);
              world.seed({
                id: runId,
                dagId: "etl",
                version: "v1",
                trigger: { kind: "schedule" },
                conf: {},
                createdAt: 0,
                logicalAt,
              });
            }
            await inTerms(terms, async lifetime => {
              // Runs go on while nobody leads.
              world.endOne();
              const leader = world.leader(lifetime);
              for (let pass = 0; pass < 3 * total + 3 && world.backfill.endedAt === undefined; pass++) {
                await leader.pass();
                world.endOne();
              }
            });
            assert.equal(world.backfill.state, "done");
            assert.ok(world.mostLive <= maxActiveRuns, `${world.mostLive} runs at once`);
            const before = seeded.filter(i => i < total).length;
            for (let i = 0; i < total; i++) {
              const { runId } = tickOf(i);
              const run = world.runs.get(runId);
              assert.ok(run !== undefined && isRunFinal(run.state), runId);
              const types = world.histories.get(runId)!.map(({ type }) => type);
              const isCleared = seeded.includes(i) && reprocess !== "none";
              assert.deepEqual(types, isCleared ? ["run.created", "run.acted"] : ["run.created"], runId);
            }
            const { created, cleared, left } = world.backfill.counts;
            assert.deepEqual([created, cleared + left], [total - before, before]);
            assert.equal(reprocess === "none" ? cleared : left, 0);
          },
        ),
        { numRuns: 150 },
      );
    });
  }
});
