import { RUN_FIELDS } from "#core/template/scope.ts";
import { type Reference, referenceTo } from "./reference.ts";

/** What a run says of itself. Instants are ISO 8601 in UTC. */
interface RunValues {
  id: string;
  dagId: string;
  /** The instant that the run stands for; of a run that no tick started, of its creation. */
  logicalDate: string;
  /** Its day: "2026-01-31". */
  ds: string;
  /** Its day without dashes: "20260131". */
  dsNodash: string;
  /** Airflow's name for logicalDate. */
  ts: string;
  /** The data that the run is about. */
  interval: { start: string; end: string };
  /** The parameters, as `params` has them. */
  conf: never;
  trigger: { kind: string; by?: string };
  createdAt: string;
}

const text = { type: "string" };
const SHAPES: Readonly<Partial<Record<keyof RunValues, unknown>>> = {
  interval: { type: "object", properties: { start: text, end: text } },
  conf: {},
  trigger: { type: "object", properties: { kind: text, by: text } },
};
const properties = Object.fromEntries(Object.keys(RUN_FIELDS).map(name => [name, SHAPES[name as keyof RunValues] ?? text]));

/** The run that a task is part of: `args: [run.ds]`, or within a text `s3://lake/${run.ds}/part`. */
export const run: Reference<RunValues> = referenceTo(["run"], { type: "object", properties });

/**
 * The installation's variables, as they are when a try starts: `variables.region`. They are kept with PUT /api/v1/variables/region,
 * or as WINDLASS_VAR_REGION of the workers. Not for secrets.
 */
export const variables: Reference<never> = referenceTo(["variables"], {});
