import type { DagSpec } from "#core/dag-spec.ts";
import { callSite } from "./call-site.ts";
import { DagError } from "./problem.ts";

/** When runs start, as code. */
export interface TimetableRule {
  /**
   * The first tick after `after`; undefined when there is none any more. It is asked for some weeks ahead, in the process that reads the DAG
   * file: it can read neither clock nor network of the scheduler's, and has to say the same for the same `after`.
   */
  next(after: Date): Date | undefined;
}

/** A schedule that the DAG file works out itself. */
export class Timetable {
  readonly name: string;
  readonly rule: TimetableRule;

  constructor(name: string, rule: TimetableRule) {
    this.name = name;
    this.rule = rule;
  }
}

/**
 * Makes a schedule out of code, for what cron cannot say.
 *
 *     dag("close", { schedule: timetable("bank-days", { next: after => nextBankDay(after) }) }, …)
 *
 * @param name what people read as the DAG's schedule
 * @throws DagError when the name is empty or there is no function `next`
 */
export function timetable(name: string, rule: TimetableRule): Timetable {
  const place = callSite(timetable);
  if (typeof name !== "string" || name === "")
    throw new DagError([{ code: "WL_DAG_TYPE", message: "a timetable needs a name that people read", place }]);
  if (typeof rule?.next !== "function")
    throw new DagError([{ code: "WL_DAG_TYPE", message: `timetable '${name}' needs a function next(after)`, place }]);
  return new Timetable(name, rule);
}

const TIMETABLES = new WeakMap<DagSpec, Timetable>();

/** Ties a DAG that was just made to the code of its schedule, which is no part of its spec. */
export const keepTimetable = (dag: DagSpec, own: Timetable): void => void TIMETABLES.set(dag, own);

/** The timetable that a DAG of this process was made with. */
export const timetableOf = (dag: DagSpec): Timetable | undefined => TIMETABLES.get(dag);
