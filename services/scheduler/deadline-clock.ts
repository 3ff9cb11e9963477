import type { DagSpec } from "#core/dag-spec.ts";
import { type DueDeadline, dueDeadlines } from "#core/deadlines.ts";
import { deadlineNotices } from "#core/notices-for.ts";
import { isRunFinal, type Run } from "#core/run.ts";
import type { Logger } from "#runtime/logger.ts";
import type { MarkStore } from "#state/mark-store.ts";
import { Alarms } from "./alarms.ts";
import type { LiveRun } from "./live-runs.ts";
import { formatOutboxOrder, type OutboxOrder } from "./outbox-order.ts";

export interface DeadlineClockDeps {
  marks: Pick<MarkStore, "mark">;
  liveRun(runId: string): LiveRun | undefined;
  /** Carries out orders that are in the record. */
  send(orders: readonly OutboxOrder[]): void;
  now(): number;
  log: Logger;
}

/** Redis did not take the mark: it is tried again this much later. */
const RETRY_MS = 5_000;

/**
 * Notes deadlines that runs have missed and tells whom the DAG names, once each whoever leads: the note is the record's, and the notices are
 * in the outbox with it.
 */
export class DeadlineClock {
  readonly #deps: DeadlineClockDeps;
  readonly #alarms: Alarms;
  /** By run: the deadlines that are noted, or about to be. */
  readonly #noted = new Map<string, Set<number>>();
  readonly #inFlight = new Set<Promise<void>>();

  constructor(deps: DeadlineClockDeps) {
    this.#deps = deps;
    const onDue = (runId: string) => {
      const live = deps.liveRun(runId);
      if (live) this.follow(live);
    };
    this.#alarms = new Alarms({ now: deps.now, onDue });
  }

  /** Takes over how the run stands. A run that has ended late misses what lay before its end. */
  follow({ run, graph: { spec } }: LiveRun): void {
    if (spec.deadlines === undefined) return;
    const noted = this.#noted.get(run.id) ?? new Set();
    const { due, nextAt } = dueDeadlines(spec, run, this.#deps.now(), noted);
    for (const deadline of due) {
      noted.add(deadline.index);
      this.#track(this.#miss(run, spec, deadline, noted));
    }
    if (isRunFinal(run.state)) this.#noted.delete(run.id);
    else this.#noted.set(run.id, noted);
    // A run that ends at the very instant has not missed it.
    this.#alarms.set(run.id, nextAt === undefined ? undefined : nextAt + 1);
  }

  async stop(): Promise<void> {
    this.#alarms.stop();
    await Promise.all(this.#inFlight);
  }

  async #miss(run: Run, spec: DagSpec, { index, dueAt }: DueDeadline, noted: Set<number>): Promise<void> {
    const { marks, send, now, log } = this.#deps;
    const orders = deadlineNotices(spec, run.id, index).map((notice): OutboxOrder => ({ kind: "notice", ...notice }));
    const mark = {
      runId: run.id,
      name: `deadline:${index}`,
      entry: { at: now(), type: "run.deadlineMissed", index, dueAt },
      orders: orders.map(order => ({ jobId: order.id, json: formatOutboxOrder(order) })),
    };
    try {
      if (!(await marks.mark(mark))) return;
      log.info({ event: "run.deadlineMissed", runId: run.id, index });
      send(orders);
    } catch (err) {
      log.warn({ event: "deadline.notNoted", runId: run.id, index, err });
      noted.delete(index);
      this.#alarms.set(run.id, now() + RETRY_MS);
    }
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#inFlight.delete(tracked));
    this.#inFlight.add(tracked);
  }
}
