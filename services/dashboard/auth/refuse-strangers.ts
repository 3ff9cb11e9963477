import { ApiError } from "../http/api-error.ts";
import { unknownDag } from "../routes/unknown.ts";
import type { Caller } from "./caller.ts";

/** For a DAG that query or body names. @throws ApiError as the path's own would: 404 for what the caller may not read, 403 for what it may not do */
export function refuseStrangers(caller: Caller, dagId: string): void {
  if (!caller.mayRead(dagId)) throw unknownDag(dagId);
  if (!caller.mayAct(dagId)) throw new ApiError("WL_FORBIDDEN", `'${caller.name}' may look at DAG '${dagId}' and no more`);
}
