import { z } from "zod";
import { Id } from "#core/id.ts";
import { ResourceSpec } from "#core/resource-spec.ts";
import { DataInput } from "./data-input.ts";
import { httpOptions, type RequestTexts, requestOf } from "./http-options.ts";
import type { Kind } from "./kind.ts";
import { ResultInput } from "./result-schema.ts";
import { NoopOptions } from "./task-options.ts";
import { everyTask, workerTask } from "./task-rules.ts";
import type { Templated } from "./templated.ts";

export const NOOP: Kind<typeof NoopOptions> = { options: NoopOptions, isWorked: true, fields: () => ({ operator: "noop" }) };

export const TriggerOptions = z.strictObject({
  /** The DAG that a run is started of. */
  dag: Id,
  /** The run's parameters; values may be references. Default: the DAG's own defaults. */
  conf: z.record(z.string(), DataInput).optional(),
  /** true: the task ends as the run does. Default: false, it ends when the run is created. */
  wait: z.boolean().optional(),
  ...workerTask,
  ...everyTask,
});
/** Options of a task that starts a run of another DAG. */
export interface TriggerOptions extends z.input<typeof TriggerOptions> {}

export const TRIGGER: Kind<typeof TriggerOptions> = {
  options: TriggerOptions,
  isWorked: true,
  fields: ({ dag, conf, wait }) => ({ operator: "trigger", dag, conf, wait }),
};

export const ApprovalOptions = z.strictObject({
  /** What the person is asked. */
  question: z.string().min(1),
  /** Answers besides "approve" and "reject"; the answer is the task's result. Default: none. */
  options: z.array(z.string().min(1)).optional(),
  /** What counts when nobody has decided within `timeout`. Default: "fail". */
  onTimeout: z.enum(["fail", "approve", "reject", "skip"]).optional(),
  ...workerTask,
  ...everyTask,
});
/** Options of a task that waits for a person's decision. */
export interface ApprovalOptions<Answer extends string = never>
  extends Omit<z.input<typeof ApprovalOptions>, "options" | "question">,
    Templated<Pick<z.input<typeof ApprovalOptions>, "question">> {
  options?: readonly Answer[] | undefined;
}

export const APPROVAL: Kind<typeof ApprovalOptions> = {
  options: ApprovalOptions,
  isWorked: true,
  fields: ({ question, options, onTimeout }) => ({ operator: "approval", question, options, onTimeout }),
};

export const HttpOptions = z.strictObject({
  ...httpOptions,
  /** What the answer has to be, as JSON: z.object({ id: z.string() }). Default: no result. */
  result: ResultInput.optional(),
  ...workerTask,
  ...everyTask,
});
/** Options of a task that is one request over HTTP. */
export interface HttpOptions<Result = unknown>
  extends Omit<z.input<typeof HttpOptions>, "result" | RequestTexts>,
    Templated<Pick<z.input<typeof HttpOptions>, RequestTexts>> {
  result?: z.ZodType<Result> | undefined;
}

export const HTTP: Kind<typeof HttpOptions> = {
  options: HttpOptions,
  isWorked: true,
  fields: options => ({ operator: "http", request: requestOf(options) }),
};

export const ResourceOptions = z.strictObject({
  /** The custom resource as YAML has it; texts inside may be references. Its name is computed when it has none. */
  manifest: DataInput.pipe(ResourceSpec.shape.manifest),
  /** It has succeeded when the path has one of the values: { path: "status.applicationState.state", in: ["COMPLETED"] }. */
  success: ResourceSpec.shape.success,
  /** It has failed when the path has one of the values. */
  failure: ResourceSpec.shape.failure,
  /** What becomes of it after the end: "delete" or "keep". Default: "delete". */
  onFinish: ResourceSpec.shape.onFinish,
  ...workerTask,
  ...everyTask,
});
/** Options of a task that is a custom resource. */
export interface ResourceOptions extends Omit<z.input<typeof ResourceOptions>, "manifest"> {
  manifest: { apiVersion: string; kind: string; metadata?: { [field: string]: unknown }; [field: string]: unknown };
}

export const RESOURCE: Kind<typeof ResourceOptions> = {
  options: ResourceOptions,
  isWorked: true,
  fields: ({ manifest, success, failure, onFinish }) => ({
    operator: "resource",
    resource: { manifest, success, failure, onFinish },
  }),
};
