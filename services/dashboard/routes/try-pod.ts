import { TryParams, TryPodQuery, TryPodReply } from "#contract/task.ts";
import { indexDag, specOf } from "#core/graph.ts";
import { type Run, type TryRecord, taskOf } from "#core/run.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { installationSettings } from "../installation-settings.ts";
import { links } from "../links.ts";
import type { Ports } from "../ports.ts";
import { timelineReply } from "../replies/timeline-reply.ts";
import { tryManifest } from "../try-manifest.ts";
import { unknownVersion } from "../versioned-dag.ts";
import { unknownRun } from "./unknown.ts";

export const tryPod = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/tasks/:taskId/tries/:try/pod",
  role: "viewer",
  summary: "The pod of a try: its manifest with the layer behind each value, where it ran, and its phases.",
  params: TryParams,
  query: TryPodQuery,
  body: NO_BODY,
  reply: TryPodReply,
  async handle({ params: { runId, taskId, try: tryNumber }, query }, ports) {
    const run = await ports.runs.getRun(runId);
    if (run === undefined) throw unknownRun(runId);
    const spec = await ports.dags.getSpec(run.version);
    if (spec === undefined) throw unknownVersion(run.dagId, run.version);
    const task = specOf(indexDag(spec), taskId);
    if (task?.operator !== "pod") throw new ApiError("WL_TASK_UNKNOWN", `run '${runId}' has no task '${taskId}' with a pod`);
    const { infra, record, note } = await findTry(run, taskId, tryNumber, query.infra, ports);
    const { settings, caveats } = await installationSettings(ports);
    const key = { dagId: run.dagId, runId, taskId, try: tryNumber, infra };
    const { manifest, yaml, isCut } = tryManifest(task, spec, key, record?.rendered ?? {}, settings);
    const pod = record?.pod ?? (record === undefined ? taskOf(run, taskId).pod : undefined);
    return {
      body: {
        taskId,
        try: tryNumber,
        infra,
        manifest: { ...manifest },
        yaml,
        caveats: isCut
          ? [...caveats, "texts with {{ … }} stand as they are written where what they became was not kept whole"]
          : caveats,
        ...(pod === undefined ? {} : { pod }),
        ...(record?.timeline === undefined ? {} : { timeline: timelineReply(record.timeline) }),
        ...(note === undefined ? {} : { note: { ...note } }),
        links: { task: links.task(runId, taskId), logs: links.logs(runId, taskId, tryNumber, infra) },
      },
    };
  },
});

interface FoundTry {
  infra: number;
  /** Absent: the try is under way. */
  record?: TryRecord | undefined;
  note?: Readonly<Record<string, unknown>> | undefined;
}

async function findTry(
  run: Run,
  taskId: string,
  tryNumber: number,
  asked: number | undefined,
  { runs }: Ports,
): Promise<FoundTry> {
  const task = taskOf(run, taskId);
  const tries = (await runs.listTries(run.id)).filter(one => one.taskId === taskId && one.try === tryNumber);
  const ended = asked === undefined ? tries.at(-1) : tries.find(({ infra }) => infra === asked);
  const isUnderWay = task.endedAt === undefined && task.try === tryNumber && (asked ?? task.infra) === task.infra;
  if (isUnderWay && (ended === undefined || ended.infra !== task.infra))
    return { infra: task.infra, note: (await runs.notes(run.id)).get(taskId) };
  if (ended !== undefined) return { infra: ended.infra, record: ended };
  throw new ApiError(
    "WL_TRY_UNKNOWN",
    `task '${taskId}' of run '${run.id}' has no try ${tryNumber}${asked === undefined ? "" : `.${asked}`}`,
  );
}
