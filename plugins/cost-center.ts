// An example of a worker plugin: every pod carries the cost center of its DAG, and what each took goes into a file. Workers load it
// with WINDLASS_PLUGINS=plugins/cost-center.ts; docs/how-to/plugins.md says more.
import { appendFile } from "node:fs/promises";
import type { Plugin } from "windlass";

const LABEL = "example.com/cost-center";

/** DAGs are named "<team>_<what>". */
const costCenterOf = (dagId: string): string => dagId.split("_", 1)[0] || "unassigned";

export default {
  name: "cost-center",

  mutatePod(pod, { dagId }) {
    const labels = { ...pod.metadata?.labels, [LABEL]: costCenterOf(dagId) };
    return { ...pod, metadata: { ...pod.metadata, labels } };
  },

  async onPodEnded({ dagId, taskId, timeline: { startedAt, endedAt } }) {
    if (startedAt === undefined || endedAt === undefined) return;
    const row = [costCenterOf(dagId), dagId, taskId, (endedAt - startedAt) / 1_000].join(",");
    await appendFile(process.env.COST_FILE ?? "cost.csv", `${row}\n`);
  },
} satisfies Plugin;
