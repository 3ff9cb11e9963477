import type { z } from "zod";
import type { AnyRoute, Route } from "../http/route.ts";

/** What the reference page says of an operation beside its route. */
export interface Compared {
  /** Its name in Airflow's OpenAPI file and client. */
  operation: string;
  /** How to do the same with Windlass' own API. */
  ours: string;
  /** How its behaviour differs from Airflow's. Absent: it does not. */
  differs?: string;
}

/** One operation of Airflow's API. */
export type AirflowOperation = AnyRoute & Compared;

/** Ties the handler's types to the schemas beside it. */
export const defineOperation = <
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Reply extends z.ZodType,
>(
  operation: Route<Params, Query, Body, Reply> & Compared,
): Route<Params, Query, Body, Reply> & Compared => operation;
