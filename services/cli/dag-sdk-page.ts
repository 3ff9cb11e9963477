import type { z } from "zod";
import { ERRORS, type ErrorCode } from "#core/errors.ts";
import { Notice } from "#core/notice.ts";
import type { TriggerRule } from "#core/trigger-rule.ts";
import { BranchOptions, ShortCircuitOptions } from "#sdk/chooser-kinds.ts";
import { GroupOptions } from "#sdk/dag-builder.ts";
import { DagOptions } from "#sdk/dag-options.ts";
import { DeadlineInput } from "#sdk/deadline-input.ts";
import { FunctionOptions } from "#sdk/function-options.ts";
import { MapOptions } from "#sdk/map-options.ts";
import { ApprovalOptions, HttpOptions, ResourceOptions, TriggerOptions } from "#sdk/operator-kinds.ts";
import { PodOptions } from "#sdk/task-options.ts";
import { everyTask, workerTask } from "#sdk/task-rules.ts";
import { WaitAssetOptions, WaitHttpOptions, WaitRunOptions, WaitUntilOptions } from "#sdk/wait-kinds.ts";
import { docComments } from "./doc-comments.ts";
import { type Comments, optionTable } from "./option-table.ts";

const COMMENTS: Comments = new Map(
  [
    "core/notice.ts",
    "sdk/chooser-kinds.ts",
    "sdk/dag-builder.ts",
    "sdk/dag-options.ts",
    "sdk/deadline-input.ts",
    "sdk/function-options.ts",
    "sdk/http-options.ts",
    "sdk/map-options.ts",
    "sdk/notice-options.ts",
    "sdk/operator-kinds.ts",
    "sdk/task-options.ts",
    "sdk/task-rules.ts",
    "sdk/wait-kinds.ts",
  ].flatMap(file => [...docComments(file)]),
);

const table = (shape: z.ZodRawShape, ...owners: string[]): string => optionTable(shape, owners, COMMENTS);

/** The shape without what tasks of every kind have, which has tables of its own. */
function own({ shape }: z.ZodObject): z.ZodRawShape {
  const shared = { ...everyTask, ...workerTask };
  return Object.fromEntries(Object.entries(shape).filter(([name]) => !(name in shared)));
}

const TRIGGER_RULES: Readonly<Record<TriggerRule, string>> = {
  all_success: "every upstream has succeeded",
  all_failed: "every upstream has failed, or failed with one of its own",
  all_done: "every upstream has ended, however",
  all_done_min_one_success: "every upstream has ended, and one has succeeded",
  all_skipped: "every upstream was skipped",
  one_failed: "one upstream has failed; the others are not waited for",
  one_success: "one upstream has succeeded; the others are not waited for",
  one_done: "one upstream has succeeded or failed; the others are not waited for",
  none_failed: "every upstream has succeeded or was skipped",
  none_failed_min_one_success: "every upstream has succeeded or was skipped, and one has succeeded",
  none_skipped: "every upstream has ended, and none was skipped",
  always: "at once; not for a mapped task",
};

type LoadErrorCode =
  | Exclude<Extract<ErrorCode, `WL_DAG_${string}`>, "WL_DAG_UNKNOWN" | "WL_DAG_PAUSED">
  | "WL_POD_PROTECTED"
  | "WL_TEMPLATE";

/** The codes that a DAG file can meet when it is loaded, and what stands behind each. */
const LOAD_ERRORS: Readonly<Record<LoadErrorCode, string>> = {
  WL_DAG_ID: "an id that is none",
  WL_DAG_TYPE:
    'an option that does not exist (with "did you mean") or has a wrong value; a field that a result or an item does not have; a schedule, zone or date that is none; an empty group; a teardown of what is no setup; a case that names what does not follow the branch; a list of more than 10,000 items, or a mapped task with the rule `always`; a wait for its own run; `onTimeout` without `timeout`',
  WL_DAG_LITERAL_SECRET: "a literal that looks like a secret, in `env`, `args`, `command` or `headers`",
  WL_DAG_DUPLICATE_TASK: "two tasks, two groups, or a task and a group with one id",
  WL_DAG_UNKNOWN_UPSTREAM: "an edge to a task of another DAG",
  WL_DAG_CYCLE: "tasks that wait for each other, with the path and the edge that was drawn last; a group joined with itself",
  WL_DAG_DUPLICATE_ID: "two files that define one DAG",
  WL_DAG_EXPORT: "a default export that is no DAG, or more than 64 MiB of DAGs",
  WL_DAG_IMPORT: "an import that leads nowhere, an exception, a syntax error",
  WL_DAG_TIMEOUT: "a file that takes longer than 10 s",
  WL_DAG_TIMETABLE: "a timetable whose `next(after)` throws, goes backwards, or returns what is no Date",
  WL_DAG_MEMORY: "a file that needs more than 192 MiB of heap",
  WL_DAG_BUNDLE: "a function of `d.fn` whose imports cannot be bundled",
  WL_DAG_BUNDLE_SIZE: "a bundle of `d.fn` that is larger than 96 KB",
  WL_POD_PROTECTED: "a field of the pod that is Windlass' own",
  WL_TEMPLATE: "a `{{ … }}` that cannot be read, or that names what does not exist",
};

const lines = (rows: readonly (readonly string[])[]): string => rows.map(row => `| ${row.join(" | ")} |`).join("\n");

const notice = (kind: Notice["kind"]): string => {
  const { kind: _, ...fields } = Notice.options.find(option => option.shape.kind.value === kind)!.shape;
  return table(fields, "Notice");
};

/** docs/reference/dag-sdk.md: what a DAG file can say, for people. */
export const dagSdkPage = (): string => `# The DAG file

<!-- Written by \`node services/cli/docs.ts\` from the schemas and comments of libs/sdk. -->

\`\`\`ts
import { asset, dag, exitCodeOf, notify, run, z } from "windlass";

export default dag("orders", {
  schedule: "@daily",
  timezone: "Europe/Berlin",
  params: z.object({ country: z.enum(["DE", "FR"]).default("DE") }),
  defaultArgs: { retries: 2, retryDelay: "1m", onFailure: notify.slack({ channel: "#data" }) },
}, (d, { params }) => {
  const image = "registry.example/etl:1.4";
  const extract = d.pod("extract", {
    image,
    args: ["extract", params.country, run.ds],
    result: z.object({ size: z.enum(["big", "small"]), tables: z.array(z.object({ name: z.string() })) }),
  });
  const clean = d.map("clean", extract.output.tables, table => ({ image, args: ["clean", table.name] }), { maxActive: 8 });
  const publish = d.group("publish", g => {
    const check = g.pod("check", { image, args: ["check"] });
    const store = g.pod("store", { image, args: ["store"], outlets: [asset("s3://lake/orders")] });
    check.before(g.branch("sound", { on: exitCodeOf(check), cases: { 0: store }, otherwise: g.empty("leave") }));
  });
  d.chain(extract, clean, publish);
});
\`\`\`

What stands here is data when the file has been loaded: callbacks run once, at once. What only a run knows (\`extract.output.tables\`, \`params.country\`, \`run.ds\`, the
\`table\` of a mapped task) is a typed reference, which may stand wherever a text may, and inside of one: [templates](templates.md). Using a
task's output in another task draws the edge between them.

Durations are \`"250ms"\`, \`"10s"\`, \`"5m"\`, \`"1h30m"\`, \`"2d"\`, or a number of milliseconds.

## dag(id, options, build)

${table(DagOptions.shape, "DagOptions", "runNotices")}

A \`deadline\`:

${table(DeadlineInput.shape, "DeadlineInput")}

\`defaultArgs\` takes every option of [every task](#every-task), of [tasks with a worker](#tasks-with-a-worker) and of [pods](#dpod) except \`image\`, \`command\`,
\`args\`, \`name\`, \`result\` and what belongs to the task's own container. A task takes of it what it has a use for.

The callback gets \`d\`, whose methods are below, and \`{ params }\`.

## Every task

${table(everyTask, "everyTask", "taskNotices")}

### Trigger rules

| rule | the task starts when |
| --- | --- |
${lines(Object.entries(TRIGGER_RULES).map(([rule, when]) => [`\`${rule}\``, when]))}

A rule that cannot hold any more ends the task at once: as \`upstream_failed\` if a failure is the reason, else as \`skipped\`. A task without upstreams starts at once.

## Tasks with a worker

Every task but \`empty\`, \`branch\`, \`shortCircuit\` and \`latestOnly\`, which the scheduler resolves itself.

${table(workerTask, "workerTask")}

## d.pod

\`d.pod(id, options)\` is one Kubernetes pod per try. [The pod of a task](pod-task.md) tells more of it. \`d.use(operator, id, args, options?)\` makes one of an operator of
your own: [plugins](../how-to/plugins.md).

${table(own(PodOptions), "PodOptions", "place", "rules", "podLimits", "logs", "ending")}

## d.map

\`d.map(id, list, (item, index) => podOptions, options?)\` is one task with an instance for each item, at most 10,000. The list is known when the file is loaded, or a
reference to one. Each instance has tries, retries and a pod of its own. An empty list skips the task. \`.output\` is the list of results.

${table(MapOptions.shape, "MapOptions")}

## d.fn

\`d.fn(id, ({ input, params, run, item, index, log, signal }) => …, options?)\` is a TypeScript function, called in a pod of Windlass' own image: what it returns is the task's
result. The DAG file and what it imports travel with the pod, at most 96 KB packed. With \`over\` (a list, or a reference to one) it is called for each item, in a pod of its
own, and \`.output\` is the list of results. All options of [pods](#dpod) but \`command\` and \`args\`, and

${table(FunctionOptions.shape, "FunctionOptions", "MapOptions")}

## d.group

\`d.group(id, g => …, options?)\` puts \`id.\` in front of its tasks' ids. Groups may hold groups. An edge to a group leads to the tasks that it begins with, an edge from it
comes from those that it ends with; teardowns do not count among these.

${table(GroupOptions.shape, "GroupOptions")}

## Edges, setup, teardown

| call | edges |
| --- | --- |
| \`a.before(b, c)\`, \`a.setDownstream(b, c)\` | a → b, a → c; returns b and c |
| \`a.after(b, c)\`, \`a.setUpstream(b, c)\` | b → a, c → a; returns b and c |
| \`d.chain(a, [b, c], e)\` | a → b → e, a → c → e; two lists that follow each other are joined pair by pair |
| \`a.asSetup()\` | none; a is a setup |
| \`z.asTeardown({ of: a, failsRun? })\` | a → z; z runs once what is before it has ended, if a has succeeded, whatever became of the work between. It decides the run only with \`failsRun: true\` |

## d.branch

\`d.branch(id, options)\` chooses who goes on. It draws the edges to whom it names. Who comes directly after it and is not chosen is skipped, unless the chosen way leads
there, too. A case's name stands for the text, and for the number or boolean that is written so. With \`exitCodeOf\` or \`stateOf\` its trigger rule is \`all_done\` by
default: a failed task must not keep away the branch that looks at how it ended.

${table(own(BranchOptions), "BranchOptions")}

## d.shortCircuit

${table(own(ShortCircuitOptions), "ShortCircuitOptions")}

## d.latestOnly, d.empty, d.noop

\`d.latestOnly(id)\` skips what comes directly after it in runs that are not the latest tick's; runs without a tick pass. \`d.empty(id)\` is a place to hang edges on.
\`d.noop(id)\` goes through queue and worker and does nothing: it measures Windlass. They have no options of their own.

## d.trigger

\`d.trigger(id, options)\` starts a run of another DAG. Its result is \`{ runId }\`.

${table(own(TriggerOptions), "TriggerOptions")}

## d.wait

A wait holds neither worker nor pod nor connection between two looks. \`timeout\` counts from the first look. All waits have the options \`every\` and \`softFail\`.

### d.wait.until

${table(own(WaitUntilOptions), "WaitUntilOptions", "wait")}

### d.wait.http

${table(own(WaitHttpOptions), "WaitHttpOptions", "httpOptions", "wait")}

### d.wait.run

${table(own(WaitRunOptions), "WaitRunOptions", "wait")}

### d.wait.asset

${table(own(WaitAssetOptions), "WaitAssetOptions", "wait")}

## d.approval

\`d.approval(id, options)\` waits until a person decides: \`POST /api/v1/runs/:run/tasks/:task/approval\` with \`{ answer, note? }\`. \`"reject"\` fails the task, any other answer is
its result, for a branch to choose by.

${table(own(ApprovalOptions), "ApprovalOptions")}

## d.http

\`d.http(id, options)\` is one request, sent by the worker itself.

${table(own(HttpOptions), "HttpOptions", "httpOptions")}

## d.resource

\`d.resource(id, options)\` applies a custom resource such as a SparkApplication, watches its status and deletes it. The workers need the right to do so:
\`k8s/components/custom-resources\`.

${table(own(ResourceOptions), "ResourceOptions")}

## notify

\`onSuccess\`, \`onFailure\`, \`onRetry\`, \`onSkipped\`, \`onDeadline\` and a deadline's \`notify\` take one notice or a list. Texts may hold references.

### notify.email({ … })

${notice("email")}

### notify.webhook(url, { … })

${notice("webhook")}

### notify.slack({ … })

${notice("slack")}

## Errors

A mistake is told with file, line and code; all mistakes of a DAG are told at once. Until they are corrected, the last good version stays active.

| code | met by | what to do |
| --- | --- | --- |
${lines((Object.entries(LOAD_ERRORS) as [LoadErrorCode, string][]).map(([code, what]) => [`\`${code}\``, what, ERRORS[code]]))}
`;
