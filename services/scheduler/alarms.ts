import { IndexedHeap } from "#core/indexed-heap.ts";

export interface AlarmsDeps {
  now(): number;
  /** The run's alarm is due, and gone. */
  onDue(runId: string): void;
}

interface Alarm {
  runId: string;
  dueAt: number;
}

/** Node's timers count in 31 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One alarm for each run, and one timer for all of them. */
export class Alarms {
  readonly #deps: AlarmsDeps;
  readonly #alarms = new Map<string, Alarm>();
  readonly #order = new IndexedHeap<Alarm>((a, b) => a.dueAt < b.dueAt);
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(deps: AlarmsDeps) {
    this.#deps = deps;
  }

  /** Replaces the run's alarm; undefined: it has none any more. */
  set(runId: string, dueAt: number | undefined): void {
    const known = this.#alarms.get(runId);
    if (known?.dueAt === dueAt) return;
    if (known !== undefined) {
      this.#alarms.delete(runId);
      this.#order.delete(known);
    }
    if (dueAt !== undefined) {
      const alarm = { runId, dueAt };
      this.#alarms.set(runId, alarm);
      this.#order.put(alarm);
    }
    this.#arm();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const first = this.#order.peek();
    if (first === undefined || this.#isStopped) return;
    const waitMs = Math.max(0, first.dueAt - this.#deps.now());
    this.#timer = setTimeout(() => this.#ring(), Math.min(waitMs, LONGEST_TIMER_MS));
  }

  #ring(): void {
    const first = this.#order.peek();
    if (first !== undefined && first.dueAt <= this.#deps.now()) {
      this.set(first.runId, undefined);
      this.#deps.onDue(first.runId);
    }
    this.#arm();
  }
}
