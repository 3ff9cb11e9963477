import type { DagSpec } from "#core/dag-spec.ts";
import { type Horizon, needsRenewal, renewed } from "#core/schedule/horizon.ts";
import type { Logger } from "#runtime/logger.ts";
import type { DagRow, DagStore } from "#state/dag-store.ts";
import type { HorizonStore } from "#state/horizon-store.ts";
import type { DagSource } from "./dag-source/dag-source.ts";

export interface TimetableKeeperDeps {
  dags: Pick<DagStore, "listDags" | "getSpec" | "lastTicks">;
  horizons: Pick<HorizonStore, "all" | "set">;
  ask: DagSource["ask"];
  /** There are new ticks. */
  onTicks(): void;
  now(): number;
  log: Logger;
}

/** A file that does not answer is not asked again before. */
const AFTER_FAILURE_MS = 60_000;

/** Asks the DAGs' own timetables for ticks before the known ones run out, and when their file was read again: the code may be another. */
export class TimetableKeeper {
  readonly #deps: TimetableKeeperDeps;
  readonly #loaded = new Set<string>();
  /** By file, when it may be asked again. */
  readonly #failed = new Map<string, number>();

  constructor(deps: TimetableKeeperDeps) {
    this.#deps = deps;
  }

  /** The file was read: its timetables may say something else from now on. */
  fileLoaded(file: string): void {
    this.#loaded.add(file);
    this.#failed.delete(file);
  }

  async pass(): Promise<void> {
    const { dags, horizons, now } = this.#deps;
    const rows = await dags.listDags();
    const own = rows.filter(({ schedule }) => schedule !== undefined && "timetable" in schedule);
    const loaded = new Set(this.#loaded);
    for (const { file } of rows) this.#loaded.delete(file);
    if (own.length === 0) return;
    const known = await horizons.all();
    for (const [file, ofFile] of Map.groupBy(own, ({ file }) => file)) {
      const due = ofFile.filter(({ id }) => {
        const horizon = known.get(id);
        return loaded.has(file) || horizon === undefined || needsRenewal(horizon, now());
      });
      if (due.length > 0 && now() >= (this.#failed.get(file) ?? 0)) await this.#renew(file, due, known);
    }
  }

  async #renew(file: string, rows: readonly DagRow[], known: ReadonlyMap<string, Horizon>): Promise<void> {
    const { dags, horizons, ask, onTicks, now, log } = this.#deps;
    const ticks = await dags.lastTicks();
    const questions: Record<string, { afterAt: number; nowAt: number }> = {};
    for (const { id, version } of rows) {
      const spec = await dags.getSpec(version);
      if (spec !== undefined) questions[id] = { afterAt: ticks.get(id) ?? pastBeginsAt(spec, now()), nowAt: now() };
    }
    try {
      const answers = await ask(file, questions);
      for (const [id, horizon] of answers) await horizons.set(id, renewed(known.get(id), questions[id]!.afterAt, horizon));
      log.info({ event: "timetable.asked", file, dags: [...answers.keys()] });
      onTicks();
    } catch (error) {
      // What is known goes on; the file's own load tells its author.
      this.#failed.set(file, now() + AFTER_FAILURE_MS);
      log.warn({ event: "timetable.failed", file, err: error });
    }
  }
}

/** As the clock sees it: the past of a DAG begins at its start date if anything of it is made up for. */
const pastBeginsAt = ({ startAt, catchup, dataInterval }: DagSpec, nowAt: number): number =>
  startAt !== undefined && (catchup || dataInterval) ? startAt - 1 : nowAt;
