import { StartPodBody } from "#contract/pod-run.ts";
import { StartRunReply, WaitQuery } from "#contract/run.ts";
import { ADHOC_DAG, DagSpec } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { compactInstant, runId } from "#core/ids.ts";
import { templateProblems } from "#sdk/template-problems.ts";
import { createRun, whenEnded } from "../create-run.ts";
import { ApiError } from "../http/api-error.ts";
import { inputError } from "../http/check.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { podPartOf } from "../pod-part.ts";
import { refuseProtectedFields, refuseSecrets } from "../refuse-pod.ts";

const TASK = "pod";

export const startPod = defineRoute({
  method: "post",
  path: "/api/v1/runs",
  role: "author",
  namesDagElsewhere: true,
  summary: "Runs one pod without a DAG, with retries like any task.",
  params: NOTHING,
  query: WaitQuery,
  body: StartPodBody,
  reply: StartRunReply,
  statuses: [201, 200, 202],
  idempotent: "recorded",
  async handle({ query, body, header, caller, requestId, signal }, ports) {
    if (!caller.mayAct(ADHOC_DAG))
      throw new ApiError("WL_FORBIDDEN", "pods without a DAG ask for the role of an author of 'adhoc'");
    refuseSecrets(body);
    const spec = specOf(body);
    for (const task of spec.tasks) refuseProtectedFields(task, spec.id, pointer => `#${pointer}`);
    refuseWrongTexts(spec);
    const version = contentHash(spec);
    // The version first: a run that exists must be runnable.
    await ports.dags.putSpec(version, spec);
    const createdAt = ports.now();
    const started = await createRun(
      {
        id: runId(ADHOC_DAG, `${compactInstant(createdAt)}-${ports.chance()}`),
        dagId: ADHOC_DAG,
        version,
        trigger: { kind: "adhoc", by: caller.name, requestId },
        conf: {},
        createdAt,
      },
      { key: header("idempotency-key"), path: "runs", body },
      ports,
    );
    return whenEnded(started, query.wait, ports, signal);
  },
});

function specOf(body: StartPodBody): DagSpec {
  const { retries, retryDelay, backoff, infraRetries, retryOn, failOn, skipOn, retryConfigErrors, ...task } = body;
  const { timeout, schedulingTimeout, startTimeout, memoryGrowth, logs, result, onFinish, keepFor, onKill, ...place } = task;
  const { pool, poolSlots, priority, queue, cluster, ...pod } = place;
  const { type, max, jitter } = typeof backoff === "object" ? backoff : { type: backoff };
  return DagSpec.parse({
    id: ADHOC_DAG,
    tasks: [
      {
        id: TASK,
        operator: "pod",
        pod: podPartOf(pod),
        retry: {
          retries,
          delayMs: retryDelay,
          backoff: type,
          maxDelayMs: max,
          jitter,
          infraRetries,
          retryOn,
          failOn,
          skipOn,
          retryConfigErrors,
        },
        timeoutMs: timeout,
        schedulingTimeoutMs: schedulingTimeout,
        startTimeoutMs: startTimeout,
        memoryGrowth: typeof memoryGrowth === "number" ? { factor: memoryGrowth } : memoryGrowth,
        logs,
        result,
        onFinish,
        keepForMs: keepFor,
        onKill,
        pool,
        poolSlots,
        priority,
        queue,
        cluster,
      },
    ],
  });
}

/** An expression that names what a run without a DAG does not have is said now, too. */
function refuseWrongTexts(spec: DagSpec): void {
  const errors = templateProblems(spec).map(({ message }) => ({ in: "body" as const, pointer: "#", detail: message }));
  if (errors.length > 0) throw inputError(errors);
}
