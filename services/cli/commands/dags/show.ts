import type { DagDetailReply } from "#contract/dag.ts";
import { showDag } from "../../../dashboard/routes/show-dag.ts";
import { required } from "../../frame/argument.ts";
import { defineCommand } from "../../frame/command.ts";
import { choice } from "../../frame/option.ts";
import { dotGraph, mermaidGraph, treeGraph } from "../../output/dag-graph.ts";
import { scheduleText } from "../../output/schedule-text.ts";
import { shortInstant } from "../../output/short-instant.ts";
import { shortVersion } from "../../output/short-version.ts";

const GRAPHS = { tree: treeGraph, mermaid: mermaidGraph, dot: dotGraph } as const;

export const show = defineCommand({
  name: "show",
  summary: "Show a DAG with its tasks as a tree, or as a graph for another program.",
  args: { dag: required("the DAG's id", { complete: "dag" }) },
  options: { graph: choice("--graph <format>", "write only the graph", ["tree", "mermaid", "dot"]) },
  examples: ["windlass dags show etl", "windlass dags show etl --graph dot | dot -Tsvg > etl.svg"],
  async run({ args: { dag: dagId }, options: { graph } }, context) {
    const api = await context.api();
    const dag = await api.call(showDag, { params: { dagId } });
    const lines = graph === undefined ? [...headOf(dag), ...treeGraph(dag.spec)] : GRAPHS[graph](dag.spec);
    await context.show({ data: dag, rows: [dag], columns: [], name: row => row.id, lines });
  },
});

function headOf(dag: DagDetailReply): string[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["DAG", dag.id],
    ["Description", dag.description],
    ["Owner", dag.owner],
    ["Tags", dag.tags.join(", ") || undefined],
    ["Schedule", scheduleText(dag.schedule) && `${scheduleText(dag.schedule)} (${dag.timezone})`],
    ["Next run", dag.paused ? "none, paused" : shortInstant(dag.nextRunAt)],
    ["File", dag.file],
    ["Version", `${shortVersion(dag.version)}, published ${shortInstant(dag.publishedAt)}`],
    ["Removed", shortInstant(dag.removedAt)],
    ...dag.warnings.map(warning => ["Warning", warning] as const),
  ];
  return [...facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(13)}${value}`])), ""];
}
