import { NoteReply, PatchRunBody } from "#contract/act.ts";
import { RunParams } from "#contract/run.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { remarkField } from "../replies/remark-reply.ts";
import { findTask } from "./find-task.ts";
import { unknownRun } from "./unknown.ts";

export const patchRun = defineRoute({
  method: "patch",
  path: "/api/v1/runs/:runId",
  summary: "Writes a note about a run or one of its tasks. The history keeps the earlier ones.",
  params: RunParams,
  query: NOTHING,
  body: PatchRunBody,
  reply: NoteReply,
  async handle({ params: { runId }, body: { note, taskId }, by }, ports) {
    if (taskId !== undefined) await findTask(runId, taskId, ports);
    const remark = { text: note, by, at: ports.now() };
    if ((await ports.acts.remark(runId, taskId, remark)) === "unknown") throw unknownRun(runId);
    return { body: { id: runId, ...(taskId === undefined ? {} : { taskId }), ...remarkField(note === "" ? undefined : remark) } };
  },
});
