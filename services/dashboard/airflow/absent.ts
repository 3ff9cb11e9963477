import { ApiError } from "../http/api-error.ts";

/** Something of Airflow's that is not there: 501. @param what "the parameter 'x'" */
export const absent = (what: string): ApiError =>
  new ApiError("WL_AIRFLOW_ABSENT", `Windlass does not have ${what} of Airflow's API`);

/** @throws ApiError 501 for the first of the options that is asked for */
export function refuseAbsent(options: Readonly<Record<string, boolean>>): void {
  const asked = Object.keys(options).find(name => options[name]);
  if (asked !== undefined) throw absent(`'${asked}'`);
}
