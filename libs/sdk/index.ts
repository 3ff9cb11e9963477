/** What a DAG file imports: `import { dag, secret, plain } from "windlass"`. */
export { dag } from "./dag.ts";
export type { DagBuilder } from "./dag-builder.ts";
export type { DagOptions } from "./dag-options.ts";
export { type PlainValue, plain, secret } from "./env.ts";
export type { TaskHandle, TaskList, TaskSet } from "./task-handle.ts";
export type { DefaultArgs, EmptyOptions, NoopOptions, PodOptions } from "./task-options.ts";
