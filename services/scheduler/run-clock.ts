import { isRunFinal, type Run } from "#core/run.ts";
import { Alarms, type AlarmsDeps } from "./alarms.ts";

/** Ends runs that take longer than their runTimeoutMs. What it knows is in the runs, so the next leader knows it too. */
export class RunClock {
  readonly #alarms: Alarms;

  /** `onDue`: the run's time is up. */
  constructor(deps: AlarmsDeps) {
    this.#alarms = new Alarms(deps);
  }

  /** Takes over how the run stands. `timeoutMs` counts from its start. */
  follow({ id, startedAt, state, cancelAt }: Run, timeoutMs: number | undefined): void {
    const isOver = timeoutMs === undefined || startedAt === undefined || isRunFinal(state) || cancelAt !== undefined;
    this.#alarms.set(id, isOver ? undefined : startedAt + timeoutMs);
  }

  stop(): void {
    this.#alarms.stop();
  }
}
