/** What a DAG file imports: `import { dag, secret, plain } from "windlass"`. */

export { z } from "zod";
export { LargeResult } from "#core/result.ts";
export { configMap } from "./config-map.ts";
export type { ContainerInput } from "./container-input.ts";
export { dag } from "./dag.ts";
export type { DagBuilder } from "./dag-builder.ts";
export type { DagOptions } from "./dag-options.ts";
export { fieldRef, resourceFieldRef } from "./downward.ts";
export { type PlainValue, plain } from "./env.ts";
export { defineOperator, type Operator } from "./operator.ts";
export type { LogLineEvent, Plugin, PodEndedEvent, PodHookEvent } from "./plugin.ts";
export type { PodOverride, PodOverrideFunction } from "./pod-override.ts";
export type { Reference } from "./reference.ts";
export { secret } from "./secret.ts";
export { serviceAccountToken } from "./service-account-token.ts";
export type { TaskHandle, TaskList, TaskSet } from "./task-handle.ts";
export type { DefaultArgs, EmptyOptions, NoopOptions, PodOptions } from "./task-options.ts";
