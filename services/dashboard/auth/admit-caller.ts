import type { Request } from "express";
import { includesRole, type Role } from "#core/rights.ts";
import { ApiError } from "../http/api-error.ts";
import { unknownBackfill, unknownDag, unknownRun } from "../routes/unknown.ts";
import type { Caller, CallerReader } from "./caller.ts";
import { identityOf } from "./identity.ts";

/** What of a route decides who may ask. */
export interface Guarded {
  method: string;
  role: Role;
  namesDagElsewhere?: true;
  isPersonal?: true;
}

/** Path parameters that name something of a DAG; ids of runs and backfills begin with their DAG's. */
const OF_A_DAG: Readonly<Record<string, (id: string) => ApiError>> = {
  dagId: unknownDag,
  runId: unknownRun,
  backfillId: unknownBackfill,
};

/** Looks up who asks. @throws ApiError WL_AUTH, WL_FORBIDDEN, or what is thrown when the thing is not there */
export async function admitCaller(request: Request, route: Guarded, read: CallerReader): Promise<Caller> {
  const identity = identityOf(request);
  if (identity === undefined) throw new ApiError("WL_AUTH", "nobody is logged in");
  const caller = await read(identity, route.role);
  const [param, id] = Object.entries(request.params).find(([name]) => Object.hasOwn(OF_A_DAG, name)) ?? [];
  if (param !== undefined && typeof id === "string") {
    const dagId = id.split("~", 1)[0]!;
    if (!caller.mayRead(dagId)) throw OF_A_DAG[param]!(id);
    if (!caller.mayAct(dagId)) throw forbidden(caller, route.role, ` of DAG '${dagId}'`);
    return caller;
  }
  const isOpen =
    route.namesDagElsewhere === true || route.isPersonal === true || (route.method === "get" && route.role === "viewer");
  const isMet = isOpen ? includesRole(caller.role, route.role) : caller.may(route.role);
  if (!isMet) throw forbidden(caller, route.role, "");
  return caller;
}

const forbidden = (caller: Caller, role: Role, where: string): ApiError =>
  new ApiError("WL_FORBIDDEN", `'${caller.name}' is no ${role}${where}`);
