import { ActReply, ClearBody } from "#contract/act.ts";
import { RunParams } from "#contract/run.ts";
import { selectTasks } from "#core/select-tasks.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { readRun } from "../read-run.ts";
import { refuseUnfit } from "../refuse-unfit.ts";
import { actReply, requestAct } from "../request-act.ts";
import { refuseUnknownTasks } from "./unknown.ts";

export const clearTasks = defineRoute({
  method: "post",
  path: "/api/v1/runs/:runId/clear",
  role: "operator",
  summary:
    "Sets tasks back before their start, so that they run again; what runs of them is stopped first. A run that had ended goes on.",
  params: RunParams,
  query: NOTHING,
  body: ClearBody,
  reply: ActReply,
  statuses: [200, 202],
  idempotent: "kept",
  async handle({ params: { runId }, body, caller: { name: by } }, ports) {
    const { run, version, graph } = await readRun(runId, ports, body.version);
    refuseUnknownTasks(body.tasks ?? [], run, graph);
    if (version !== run.version) await refuseUnfit(run, graph.spec, ports);
    const tasks = selectTasks(graph, run, body);
    if (body.dryRun || tasks.length === 0) return { body: actReply(runId, tasks) };
    // For as long as the run goes on now: its end may be further away than the version's.
    await ports.dags.putSpec(version, graph.spec);
    return requestAct(runId, { type: "clear", tasks, ...(version === run.version ? {} : { version }) }, by, ports);
  },
});
