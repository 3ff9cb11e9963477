import { StartPodBody } from "#contract/pod-run.ts";
import { StartRunReply } from "#contract/run.ts";
import { ADHOC_DAG, DagSpec, type PodSpec } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { compactInstant, runId } from "#core/ids.ts";
import { envOf } from "#sdk/env.ts";
import { literalSecret } from "#sdk/literal-secret.ts";
import { createRun } from "../create-run.ts";
import { ApiError } from "../http/api-error.ts";
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
    refuseSecrets(body.env ?? {});
    const spec = specOf(body);
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

function specOf({ retries, retryDelay, backoff, timeout, env, ...pod }: StartPodBody): DagSpec {
  return DagSpec.parse({
    id: ADHOC_DAG,
    tasks: [
      {
        id: TASK,
        operator: "pod",
        pod: { ...pod, ...(env === undefined ? {} : { env: envOf(env) }) } satisfies PodSpec,
        retry: { retries, delayMs: retryDelay, backoff },
        timeoutMs: timeout,
      },
    ],
  });
}

/** What is written into the spec is kept in Redis for as long as the run is. */
function refuseSecrets(env: NonNullable<StartPodBody["env"]>): void {
  const errors = Object.entries(env).flatMap(([name, value]) => {
    const reason = typeof value === "string" ? literalSecret(name, value) : undefined;
    return reason === undefined
      ? []
      : [{ in: "body" as const, pointer: `#/env/${name}`, detail: `looks like a secret: ${reason}` }];
  });
  if (errors.length === 0) return;
  throw new ApiError(
    "WL_DAG_LITERAL_SECRET",
    `${errors.map(error => error.pointer).join(", ")}: send { "secret": name, "key": key }, or { "plain": value } if it is no secret`,
    { errors },
  );
}
