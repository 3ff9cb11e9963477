import { actionFor, type BackfillCounts } from "#core/backfill/backfill.ts";
import { isFilled, nextBackfillRuns } from "#core/backfill/plan-backfill.ts";
import type { DagSpec } from "#core/dag-spec.ts";
import type { Graph } from "#core/graph.ts";
import type { RunHeader } from "#core/run.ts";
import { selectTasks } from "#core/select-tasks.ts";
import type { Logger } from "#runtime/logger.ts";
import type { ActStore } from "#state/act-store.ts";
import type { Backfill, BackfillStore, BackfillTick } from "#state/backfill-store.ts";
import type { DagStore } from "#state/dag-store.ts";
import type { RunStore } from "#state/run-store.ts";
import { confOf } from "./conf-of.ts";

export interface BackfillerDeps {
  backfills: Pick<BackfillStore, "open" | "ticks" | "live" | "advance">;
  dags: Pick<DagStore, "getDag" | "getSpec">;
  runs: Pick<RunStore, "createRun" | "getSummary" | "getRun" | "history" | "requestCancel">;
  acts: Pick<ActStore, "request">;
  graphOf(version: string): Promise<Graph | undefined>;
  /** The leader's. */
  token: string;
  now(): number;
  log: Logger;
}

/**
 * Carries out backfills, tick by tick. A tick is carried out first and noted afterwards; carrying it out twice is carrying it out once: its run
 * has a computed id, and an act on a run that exists is found again in the run's history.
 */
export class Backfiller {
  readonly #deps: BackfillerDeps;

  /** Runs under way for a backfill, as of the last pass. */
  #active: ReadonlySet<string> = new Set();

  constructor(deps: BackfillerDeps) {
    this.#deps = deps;
  }

  /** Whether a backfill waits for the end of the run. */
  waitsFor({ id, trigger }: Pick<RunHeader, "id" | "trigger">): boolean {
    return trigger.backfillId !== undefined || this.#active.has(id);
  }

  async pass(): Promise<void> {
    const active = new Set<string>();
    for (const backfill of await this.#deps.backfills.open())
      for (const runId of await this.#advance(backfill)) active.add(runId);
    this.#active = active;
  }

  /** Carries out what may be carried out now. Returns its runs under way. */
  async #advance(backfill: Backfill): Promise<readonly string[]> {
    const { backfills, token, now, log } = this.#deps;
    const { id, total, maxActiveRuns, state } = backfill;
    const counts = { ...backfill.counts };
    let { cursor } = backfill;
    const active = await backfills.live(backfill.active);
    if (state === "cancelled") await this.#cancel(active, backfill.by);
    // A tick that is left alone takes no place: look on until the places are taken.
    for (let next = nextBackfillRuns({ state, cursor, active }, maxActiveRuns, total); next.from < next.to; ) {
      const dag = await this.#dagOf(backfill);
      if (dag === undefined) {
        log.warn({ event: "backfill.waits", backfillId: id, dagId: backfill.dagId }, "its DAG is gone");
        return active;
      }
      for (const tick of await backfills.ticks(id, next.from, next.to)) {
        const ending = await this.#fill(backfill, dag, tick);
        counts[ending]++;
        if (ending !== "left") active.push(tick.runId);
        cursor++;
      }
      if ((await backfills.advance(token, id, { cursor, active, counts })) !== "running") return active;
      next = nextBackfillRuns({ state, cursor, active }, maxActiveRuns, total);
    }
    const isOver = state === "cancelled" ? active.length === 0 : isFilled({ cursor, active }, total);
    if (isOver) log.info({ event: "backfill.ended", backfillId: id, ...counts });
    if (isOver || active.length !== backfill.active.length)
      await backfills.advance(token, id, { cursor, active, counts, ...(isOver ? { endedAt: now() } : {}) });
    return active;
  }

  async #dagOf({ dagId }: Backfill): Promise<CurrentDag | undefined> {
    const row = await this.#deps.dags.getDag(dagId);
    const spec = row && (await this.#deps.dags.getSpec(row.version));
    return spec && { version: row!.version, spec };
  }

  async #cancel(runIds: readonly string[], by: string): Promise<void> {
    for (const runId of runIds) await this.#deps.runs.requestCancel(runId, { at: this.#deps.now(), by });
  }

  /** Carries out one tick, and says what has become of it. */
  async #fill(backfill: Backfill, dag: CurrentDag, tick: BackfillTick): Promise<keyof BackfillCounts> {
    const known = await this.#deps.runs.getSummary(tick.runId);
    // With a run of this backfill another leader has carried out the tick, and did not come to note it.
    if (known?.trigger.backfillId === backfill.id) return "created";
    if (known === undefined) return this.#create(backfill, dag, tick);
    if (backfill.reprocess === "none") return "left";
    const actId = `backfill-${backfill.id}`;
    if (await this.#wasAsked(tick.runId, actId)) return "cleared";
    const action = actionFor(backfill.reprocess, known.state);
    return action === "clearFailed" || action === "clearAll" ? this.#clear(backfill, tick, actId, action) : "left";
  }

  async #create(
    { id, conf, by }: Backfill,
    { version, spec }: CurrentDag,
    { runId, logicalAt, interval }: BackfillTick,
  ): Promise<"created" | "left"> {
    const header: RunHeader = {
      id: runId,
      dagId: spec.id,
      version,
      trigger: { kind: "backfill", backfillId: id, by },
      conf: confOf(spec, conf),
      createdAt: this.#deps.now(),
      logicalAt,
      interval,
    };
    const { result } = await this.#deps.runs.createRun(header);
    return result === "created" ? "created" : "left";
  }

  async #wasAsked(runId: string, actId: string): Promise<boolean> {
    const history = await this.#deps.runs.history(runId);
    return history.some(({ type, actId: known }) => type === "run.acted" && known === actId);
  }

  /** Asks for the tasks to run again, unless there is nothing of them to be repeated. */
  async #clear(
    backfill: Backfill,
    { runId }: BackfillTick,
    actId: string,
    action: "clearFailed" | "clearAll",
  ): Promise<"cleared" | "left"> {
    const { runs, acts, graphOf, now } = this.#deps;
    const run = await runs.getRun(runId);
    const graph = run && (await graphOf(run.version));
    if (run === undefined || graph === undefined) return "left";
    const tasks = selectTasks(graph, run, { failedOnly: action === "clearFailed" });
    if (tasks.length === 0) return "left";
    const act = { id: actId, at: now(), by: backfill.by, act: { type: "clear", tasks } } as const;
    return (await acts.request(runId, act)) === "requested" ? "cleared" : "left";
  }
}

/** What new runs of a DAG execute. */
interface CurrentDag {
  version: string;
  spec: DagSpec;
}
