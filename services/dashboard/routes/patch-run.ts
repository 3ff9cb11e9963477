import { PatchRunBody, PatchRunReply } from "#contract/act.ts";
import { RunParams } from "#contract/run.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { remarkField } from "../replies/remark-reply.ts";
import { requestAct } from "../request-act.ts";
import { findTask } from "./find-task.ts";
import { unknownRun } from "./unknown.ts";

export const patchRun = defineRoute({
  method: "patch",
  path: "/api/v1/runs/:runId",
  role: "operator",
  summary:
    "Cancels a run or ends it as success or failed, and writes a note about it or one of its tasks; the history keeps earlier ones.",
  params: RunParams,
  query: NOTHING,
  body: PatchRunBody,
  reply: PatchRunReply,
  statuses: [200, 202],
  async handle({ params: { runId }, body: { state, note, taskId }, caller: { name: by } }, ports) {
    if (taskId !== undefined) await findTask(runId, taskId, ports);
    const remark = note === undefined ? undefined : { text: note, by, at: ports.now() };
    if (remark !== undefined && (await ports.acts.remark(runId, taskId, remark)) === "unknown") throw unknownRun(runId);
    const about = { id: runId, ...(taskId === undefined ? {} : { taskId }), ...remarkField(note === "" ? undefined : remark) };
    if (state === undefined) return { body: about };
    if (state !== "cancelled") {
      await requestAct(runId, { type: "markRun", state }, by, ports);
      return { status: 202, body: { ...about, result: "requested" as const } };
    }
    const result = await ports.runs.requestCancel(runId, { at: ports.now(), by });
    if (result === "unknown") throw unknownRun(runId);
    return { status: result === "ended" ? 200 : 202, body: { ...about, result } };
  },
});
