import { StartPodBody } from "#contract/pod-run.ts";
import { StartRunReply } from "#contract/run.ts";
import { ADHOC_DAG, DagSpec } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { compactInstant, runId } from "#core/ids.ts";
import { backstopSeconds } from "#core/pod/backstop.ts";
import { layerProblems } from "#core/pod/check-layers.ts";
import { layersOfTask } from "#core/pod/pod-layers.ts";
import type { PodSpec } from "#core/pod/pod-spec.ts";
import { envOf, wordsOf } from "#sdk/env.ts";
import { findLiteralSecrets } from "#sdk/find-literal-secrets.ts";
import { templateProblems } from "#sdk/template-problems.ts";
import { createRun } from "../create-run.ts";
import { ApiError } from "../http/api-error.ts";
import { inputError } from "../http/check.ts";
import { defineRoute, NOTHING } from "../http/route.ts";

const TASK = "pod";

export const startPod = defineRoute({
  method: "post",
  path: "/api/v1/runs",
  summary: "Runs one pod without a DAG, with retries like any task.",
  params: NOTHING,
  query: NOTHING,
  body: StartPodBody,
  reply: StartRunReply,
  async handle({ body, header, by }, ports) {
    refuseSecrets(body);
    const spec = specOf(body);
    refuseProtectedFields(spec);
    refuseWrongTexts(spec);
    const version = contentHash(spec);
    // The version first: a run that exists must be runnable.
    await ports.dags.putSpec(version, spec);
    const createdAt = ports.now();
    return createRun(
      {
        id: runId(ADHOC_DAG, `${compactInstant(createdAt)}-${ports.chance()}`),
        dagId: ADHOC_DAG,
        version,
        trigger: { kind: "adhoc", by },
        conf: {},
        createdAt,
      },
      { key: header("idempotency-key"), path: "runs", body },
      ports,
    );
  },
});

function specOf(body: StartPodBody): DagSpec {
  const { retries, retryDelay, backoff, infraRetries, retryOn, failOn, skipOn, retryConfigErrors, ...task } = body;
  const { timeout, schedulingTimeout, startTimeout, memoryGrowth, logs, result, onFinish, keepFor, onKill, ...pod } = task;
  const { env, command, args, ...rest } = pod;
  const words = { ...(command && { command: wordsOf(command) }), ...(args && { args: wordsOf(args) }) };
  return DagSpec.parse({
    id: ADHOC_DAG,
    tasks: [
      {
        id: TASK,
        operator: "pod",
        pod: { ...rest, ...words, ...(env === undefined ? {} : { env: envOf(env) }) } satisfies PodSpec,
        retry: { retries, delayMs: retryDelay, backoff, infraRetries, retryOn, failOn, skipOn, retryConfigErrors },
        timeoutMs: timeout,
        schedulingTimeoutMs: schedulingTimeout,
        startTimeoutMs: startTimeout,
        memoryGrowth,
        logs,
        result,
        onFinish,
        keepForMs: keepFor,
        onKill,
      },
    ],
  });
}

/** What is written into the spec is kept in Redis for as long as the run is. */
function refuseSecrets(body: StartPodBody): void {
  const errors = findLiteralSecrets(body).map(({ path, reason }) => ({
    in: "body" as const,
    pointer: `#/${path.join("/")}`,
    detail: `looks like a secret: ${reason}`,
  }));
  if (errors.length === 0) return;
  throw new ApiError(
    "WL_DAG_LITERAL_SECRET",
    `${errors.map(error => error.pointer).join(", ")}: send { "secret": name, "key": key }, or { "plain": value } if it is no secret`,
    { errors },
  );
}

/** An expression that names what a run without a DAG does not have is said now, too. */
function refuseWrongTexts(spec: DagSpec): void {
  const errors = templateProblems(spec).map(({ message }) => ({ in: "body" as const, pointer: "#", detail: message }));
  if (errors.length > 0) throw inputError(errors);
}

/** Said now, not by a worker when the run has begun. */
function refuseProtectedFields({ tasks: [task] }: DagSpec): void {
  if (task?.operator !== "pod") return;
  const most = task.timeoutMs === undefined ? undefined : backstopSeconds(task.timeoutMs, task.startTimeoutMs);
  const problems = layerProblems(layersOfTask(task.pod, undefined, true), most);
  if (problems.length === 0) return;
  const errors = problems.map(({ pointer, message }) => ({ in: "body" as const, pointer: `#${pointer}`, detail: message }));
  throw new ApiError("WL_POD_PROTECTED", problems.map(({ message }) => message).join("; "), { errors });
}
