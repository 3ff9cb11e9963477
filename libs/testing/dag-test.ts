import { AssertionError } from "node:assert";
import type { DagSpec } from "#core/dag-spec.ts";
import { WindlassError } from "#core/errors.ts";
import { descendants, type Graph, indexDag } from "#core/graph.ts";
import { runId, scheduledRunId } from "#core/ids.ts";
import { instantIn } from "#core/instant.ts";
import { paramsSentence, readParams } from "#core/params.ts";
import type { JsonValue } from "#core/result.ts";
import type { RunHeader } from "#core/run.ts";
import { DagClock, type Tick } from "#core/schedule/dag-clock.ts";
import { askTicks } from "#core/schedule/horizon.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import { timetableOf } from "#sdk/timetable.ts";
import { RunTest } from "./run-test.ts";

/** An instant: a Date, or "2026-01-31", "2026-01-31T06:30", "2026-01-31T06:30Z"; without an offset it is wall time of the DAG's zone. */
export type When = Date | string;

/** A run that the schedule asks for. Instants are ISO 8601 in UTC, without the milliseconds that nobody writes. */
export interface TickTest {
  /** When the schedule says so. */
  at: string;
  /** What the run stands for. */
  logicalDate: string;
  interval: { start: string; end: string };
}

export interface RunOptions {
  /** As somebody gives them who starts the run; defaults are filled in. */
  params?: Readonly<Record<string, unknown>>;
  /** The tick that starts it. Default: somebody starts it by hand. */
  tick?: When | TickTest;
  /** When it is created, and what `run.logicalDate` is if no tick has started it. Default: the tick, or 2026-01-01 in UTC. */
  at?: When;
  /** Values of `variables.…`. */
  variables?: Readonly<Record<string, JsonValue>>;
}

const DEFAULT_AT = Date.UTC(2026, 0, 1);

/** A DAG under test: what its file says, and runs of it in virtual time. */
export class DagTest {
  readonly spec: DagSpec;
  readonly #graph: Graph;
  #runs = 0;

  constructor(spec: DagSpec) {
    this.spec = spec;
    this.#graph = indexDag(spec);
  }

  /** Ids in the order of the file. */
  get taskIds(): string[] {
    return this.spec.tasks.map(({ id }) => id);
  }

  /** "extract>load" for each edge, sorted. */
  get edges(): string[] {
    return this.spec.tasks.flatMap(({ id, upstream }) => upstream.map(up => `${up}>${id}`)).sort();
  }

  /** A task as data, before anything is rendered. @throws AssertionError when there is none */
  task(taskId: string): TaskSpec {
    const found = this.#graph.tasks.get(taskId);
    if (found !== undefined) return found;
    throw new AssertionError({ message: `DAG '${this.spec.id}' has no task '${taskId}' but ${this.taskIds.join(", ")}` });
  }

  /** Asserts that each of the tasks can only start after the one before it, directly or not. */
  expectOrder(...taskIds: readonly string[]): this {
    for (const [index, down] of taskIds.entries()) {
      this.task(down);
      const up = taskIds[index - 1];
      if (up === undefined || descendants(this.#graph, [up]).has(down)) continue;
      const message = `'${down}' does not wait for '${up}'; the edges are ${this.edges.join(", ") || "none"}`;
      throw new AssertionError({ message, actual: this.edges, expected: taskIds, operator: "expectOrder" });
    }
    return this;
  }

  /** The next `count` runs that the schedule starts after an instant. [] for a DAG without a schedule, or one on assets. */
  ticks(after: When, count = 1): TickTest[] {
    return this.#clock(this.#instant("after", after), count).nextTicks(count, this.#instant("after", after)).map(shown);
  }

  /**
   * Starts a run. Nothing happens in it until the test says so.
   * @throws WL_INPUT for parameters that the DAG would refuse; AssertionError when the schedule has no such tick
   */
  run({ params = {}, tick, at, variables = {} }: RunOptions = {}): RunTest {
    const read = readParams(this.spec.params, params);
    if ("mistakes" in read) throw new WindlassError("WL_INPUT", paramsSentence(read.mistakes));
    const header = { dagId: this.spec.id, version: "test", conf: read.conf };
    const place = tick === undefined ? this.#byHand(at) : this.#byTick(tick, at);
    return new RunTest(this.#graph, { ...header, ...place }, variables);
  }

  #byHand(at: When | undefined): Pick<RunHeader, "id" | "trigger" | "createdAt"> {
    const createdAt = at === undefined ? DEFAULT_AT : this.#instant("at", at);
    return { id: runId(this.spec.id, `test-${++this.#runs}`), trigger: { kind: "manual", by: "test" }, createdAt };
  }

  #byTick(tick: When | TickTest, at: When | undefined): Omit<RunHeader, "dagId" | "version" | "conf"> {
    const wanted = this.#instant("tick", typeof tick === "object" && "logicalDate" in tick ? tick.at : tick);
    const found = this.#clock(wanted - 1, 1).next(wanted - 1);
    if (found?.at !== wanted) {
      const next = found === undefined ? "none follows" : `the next one is ${instantText(found.at)}`;
      throw new AssertionError({ message: `the schedule of '${this.spec.id}' has no tick at ${instantText(wanted)}: ${next}` });
    }
    const { logicalAt, interval, dueAt } = found;
    const createdAt = at === undefined ? dueAt : this.#instant("at", at);
    const id = scheduledRunId(this.spec.id, logicalAt);
    return { id, trigger: { kind: "schedule" }, createdAt, logicalAt, interval };
  }

  #clock(afterAt: number, count: number): DagClock {
    const own = timetableOf(this.spec);
    if (own === undefined) return new DagClock(this.spec);
    const next = (after: number) => own.rule.next(new Date(after))?.getTime();
    let { ticks, untilAt } = askTicks(next, afterAt, afterAt);
    while (ticks.length < count && untilAt !== undefined) {
      const more = askTicks(next, ticks.at(-1) ?? untilAt, ticks.at(-1) ?? untilAt);
      ticks = [...ticks, ...more.ticks];
      untilAt = more.ticks.length === 0 ? undefined : more.untilAt;
    }
    return new DagClock(this.spec, ticks);
  }

  #instant(option: string, when: When): number {
    const at = when instanceof Date ? when.getTime() : instantIn(when, this.spec.timezone);
    if (at === undefined || Number.isNaN(at))
      throw new TypeError(`${option}: '${when}' is no instant; write "2026-01-31T06:30Z", or give a Date`);
    return at;
  }
}

const shown = ({ at, logicalAt, interval }: Tick): TickTest => ({
  at: instantText(at),
  logicalDate: instantText(logicalAt),
  interval: { start: instantText(interval.startAt), end: instantText(interval.endAt) },
});

const instantText = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");
