import { required } from "../frame/argument.ts";

/** How a run is named everywhere. */
export const RUN = required("the run's id; @latest is the youngest, etl@latest the youngest of a DAG", { complete: "run" });
export const TASK = required("the task's id", { complete: "task" });
