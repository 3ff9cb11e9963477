import type { DagReply } from "#contract/dag.ts";
import { listDags } from "../../../dashboard/routes/list-dags.ts";
import { allPages, collect } from "../../client/all-pages.ts";
import { defineCommand } from "../../frame/command.ts";
import { flag, text } from "../../frame/option.ts";
import { scheduleText } from "../../output/schedule-text.ts";
import { shortInstant } from "../../output/short-instant.ts";
import { shortVersion } from "../../output/short-version.ts";
import type { Column } from "../../output/table.ts";

const COLUMNS: readonly Column<DagReply>[] = [
  { title: "DAG", cell: dag => dag.id },
  { title: "SCHEDULE", cell: dag => scheduleText(dag.schedule) },
  { title: "STATE", cell: stateOf, colour: dag => (dag.stale ? "red" : dag.paused || dag.removedAt ? "yellow" : undefined) },
  { title: "TASKS", cell: dag => dag.taskCount },
  { title: "OWNER", cell: dag => dag.owner },
  { title: "TAGS", cell: dag => dag.tags.join(",") || undefined },
  { title: "FILE", cell: dag => dag.file, wide: true },
  { title: "VERSION", cell: dag => shortVersion(dag.version), wide: true },
  { title: "PUBLISHED", cell: dag => shortInstant(dag.publishedAt), wide: true },
];

export const list = defineCommand({
  name: "list",
  summary: "List the DAGs.",
  args: {},
  options: {
    tag: text("--tag <tag>", "only those with this tag"),
    owner: text("--owner <owner>", "only those of this owner"),
    removed: flag("--removed", "also those whose files were deleted"),
  },
  examples: ["windlass dags list", "windlass dags list --tag etl -o name"],
  async run({ options: { tag, owner, removed } }, context) {
    const api = await context.api();
    const all = await collect(allPages(api, listDags, { query: { removed } }), page => page.dags);
    const dags = all.filter(dag => (tag === undefined || dag.tags.includes(tag)) && (owner === undefined || dag.owner === owner));
    await context.show({ data: dags, rows: dags, columns: COLUMNS, name: dag => dag.id, empty: "There are no DAGs." });
  },
});

function stateOf(dag: DagReply): string {
  if (dag.removedAt !== undefined) return "removed";
  return [dag.paused ? "paused" : "active", ...(dag.stale ? ["stale"] : [])].join(",");
}
