import { IndexedHeap } from "../indexed-heap.ts";
import { type Reason, reason } from "../reason.ts";
import type { Ticket } from "./ticket.ts";
import type { WaitingGroup } from "./waiting-group.ts";

/** From the narrowest to the widest: whoever has to wait twice keeps what is narrower. */
export const LIMIT_KINDS = ["map", "task", "run", "dag", "pool"] as const;
export type LimitKind = (typeof LIMIT_KINDS)[number];

/** So many slots that tasks share. Used is what the tasks in it use: a set, so that a slot can be taken or given back twice. */
export class Limit {
  readonly kind: LimitKind;
  /** Tells it from all others. */
  readonly key: string;
  /** What people call it: the name of a pool, or what it limits. */
  readonly name: string;
  /** Undefined: a pool that nobody has set up. */
  slots: number | undefined;
  /** Groups whose next task this limit keeps from going. */
  readonly parked = new IndexedHeap<WaitingGroup>((a, b) => a.isBefore(b));
  /** Groups whose tasks want more than there is. They keep nobody else waiting. */
  readonly oversized = new Set<WaitingGroup>();
  readonly #holders = new Map<Ticket | WaitingGroup, number>();
  #used = 0;

  constructor(kind: LimitKind, key: string, name: string, slots: number | undefined) {
    this.kind = kind;
    this.key = key;
    this.name = name;
    this.slots = slots;
  }

  get used(): number {
    return this.#used;
  }

  /** Takes slots for a task, or keeps them for a group's next one. */
  hold(holder: Ticket | WaitingGroup, slots: number): void {
    if (this.#holders.has(holder)) return;
    this.#holders.set(holder, slots);
    this.#used += slots;
  }

  /** false: it held nothing. */
  release(holder: Ticket | WaitingGroup): boolean {
    const slots = this.#holders.get(holder);
    if (slots === undefined) return false;
    this.#holders.delete(holder);
    this.#used -= slots;
    return true;
  }

  holds(holder: Ticket | WaitingGroup): boolean {
    return this.#holders.has(holder);
  }

  /** Could never have so many slots. */
  isTooSmall(slots: number): boolean {
    return slots > (this.slots ?? 0);
  }

  hasRoom(slots: number): boolean {
    return this.#used + slots <= (this.slots ?? 0);
  }

  /** In words, why `ticket` does not get `wants` slots. `ahead`: whose turn comes before, where slots are free. */
  explain(wants: number, ahead: Ticket | undefined): Reason {
    const { kind, name, used } = this;
    const slots = this.slots ?? 0;
    if (ahead !== undefined) return reason("behind", { limit: LABELS[kind](name), task: ahead.taskId, run: ahead.runId });
    if (kind !== "pool") return reason(CODES[kind], { used, slots });
    if (this.slots === undefined) return reason("pool-unknown", { pool: name });
    if (this.isTooSmall(wants)) return reason("pool-small", { pool: name, slots, wants });
    return reason("pool-full", { pool: name, used, slots, wants });
  }
}

const CODES = { map: "map-limit", task: "task-limit", run: "run-tasks-limit", dag: "dag-limit" } as const;

const LABELS: Readonly<Record<LimitKind, (name: string) => string>> = {
  map: name => `the map of ${name}`,
  task: name => `maxActive of ${name}`,
  run: () => "maxActiveTasksPerRun",
  dag: () => "maxActiveTasks",
  pool: name => `pool ${name}`,
};
