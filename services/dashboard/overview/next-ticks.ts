import { setImmediate as turn } from "node:timers/promises";
import type { DagSpec } from "#core/dag-spec.ts";
import { DagClock } from "#core/schedule/dag-clock.ts";
import { timetableOf } from "#core/schedule/timetable.ts";
import type { DagRow } from "#state/dag-store.ts";
import type { Ports } from "../ports.ts";

/** How far ahead is looked, and how many ticks of one DAG at most. */
export const AHEAD_MS = 2 * 3_600_000;
const MOST_PER_DAG = 60;
/** Ticks of a DAG's own timetable may be given anew; others only follow from its version. */
const KEPT_MS = 60_000;
/** Schedules that are worked out between two turns of the event loop. */
const A_TURN = 20;

interface Known {
  version: string;
  dueAfter: DueAfter;
  ticks: readonly number[];
  readAt: number;
}

/** The next `count` instants at which runs start that have not started by `now`. */
type DueAfter = (now: number, count: number) => number[];

/** When schedules are going to start runs. Worked out once, and again when the first of the ticks has passed. */
export class NextTicks {
  readonly #ports: Pick<Ports, "dags" | "horizons" | "now">;
  readonly #known = new Map<string, Known>();

  constructor(ports: Pick<Ports, "dags" | "horizons" | "now">) {
    this.#ports = ports;
  }

  /** Instants by DAG, at least the next one, if there is one; all of the next two hours up to 60. Paused DAGs have none. */
  async of(rows: readonly DagRow[]): Promise<ReadonlyMap<string, readonly number[]>> {
    const found = new Map<string, readonly number[]>();
    let worked = 0;
    for (const row of rows) {
      if (row.paused || row.schedule === undefined || row.removedAt !== undefined) continue;
      const known = this.#fresh(row) ?? (await this.#work(row));
      if (known === undefined) continue;
      found.set(row.id, known.ticks);
      if (known.readAt === this.#ports.now() && ++worked % A_TURN === 0) await turn();
    }
    return found;
  }

  #fresh({ id, version, schedule }: DagRow): Known | undefined {
    const known = this.#known.get(id);
    if (known?.version !== version) return undefined;
    const now = this.#ports.now();
    const isOver = known.ticks.length > 0 && known.ticks[0]! <= now;
    const hasOwn = schedule !== undefined && "timetable" in schedule;
    return isOver || (hasOwn && now - known.readAt > KEPT_MS) ? undefined : known;
  }

  async #work({ id, version, schedule }: DagRow): Promise<Known | undefined> {
    const dueAfter = await this.#scheduleOf(id, version, schedule !== undefined && "timetable" in schedule);
    if (dueAfter === undefined) return undefined;
    const now = this.#ports.now();
    const ticks = dueAfter(now, MOST_PER_DAG).filter((dueAt, i) => i === 0 || dueAt <= now + AHEAD_MS);
    const known = { version, dueAfter, ticks, readAt: now };
    this.#known.set(id, known);
    return known;
  }

  async #scheduleOf(id: string, version: string, hasOwn: boolean): Promise<DueAfter | undefined> {
    const known = this.#known.get(id);
    if (known?.version === version && !hasOwn) return known.dueAfter;
    const spec = await this.#ports.dags.getSpec(version);
    if (spec === undefined) return undefined;
    return hasOwn ? dueByClock(spec, (await this.#ports.horizons.get(id))?.ticks) : dueAfterOf(spec);
  }
}

function dueByClock(spec: DagSpec, stored?: readonly number[]): DueAfter {
  const clock = new DagClock(spec, stored);
  return (now, count) => clock.upcoming(count, now).map(({ dueAt }) => dueAt);
}

/** A clock also looks for the interval that a tick ends, which costs 50 times as much as the tick: plain schedules do without. */
function dueAfterOf(spec: DagSpec): DueAfter {
  const { schedule, timezone, startAt = 0, endAt, dataInterval, jitterMs = 0 } = spec;
  const isPlain =
    endAt === undefined && dataInterval !== true && jitterMs === 0 && !(schedule !== undefined && "once" in schedule);
  if (!isPlain) return dueByClock(spec);
  const timetable = timetableOf(schedule, timezone);
  return (now, count) => {
    const found: number[] = [];
    for (let at = timetable.next(Math.max(now, startAt - 1)); at !== undefined && found.length < count; at = timetable.next(at)) {
      found.push(at);
      if (at > now + AHEAD_MS) break;
    }
    return found;
  };
}
