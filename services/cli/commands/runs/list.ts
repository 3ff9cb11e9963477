import type { RunReply } from "#contract/run.ts";
import { formatDuration } from "#core/duration.ts";
import { listRuns } from "../../../dashboard/routes/list-runs.ts";
import { allPages, collect } from "../../client/all-pages.ts";
import { defineCommand } from "../../frame/command.ts";
import { parsed, text, withDefault } from "../../frame/option.ts";
import { parseInstant } from "../../input/parse-instant.ts";
import { wholeNumber } from "../../input/parse-number.ts";
import { lengthMs, shortInstant } from "../../output/short-instant.ts";
import { shortVersion } from "../../output/short-version.ts";
import type { Column } from "../../output/table.ts";
import { stateColour } from "../../output/task-mark.ts";

const PAGE = 200;

export const list = defineCommand({
  name: "list",
  summary: "List runs, the youngest first.",
  args: {},
  options: {
    dag: text("--dag <id>", "only runs of this DAG", { complete: "dag" }),
    state: text("--state <states>", "only runs in these states: failed,running"),
    since: text("--since <time>", "only runs created since then: -2h, 2026-11-01"),
    until: text("--until <time>", "only runs created until then"),
    limit: withDefault(parsed("-n, --limit <number>", "how many at most", wholeNumber(1)), 50),
  },
  examples: ["windlass runs list --state failed --since -1d", "windlass runs list --dag etl -o json | jq '.[].id'"],
  async run({ options: { dag, state, since, until, limit } }, context) {
    const now = context.now();
    const instant = (written: string | undefined) =>
      written === undefined ? undefined : new Date(parseInstant(written, now)).toISOString();
    const api = await context.api();
    const query = {
      dagId: dag,
      state,
      limit: Math.min(limit, PAGE),
      createdAfter: instant(since),
      createdBefore: instant(until),
    };
    const runs = await collect(allPages(api, listRuns, { query }), page => page.runs, limit);
    await context.show({
      data: runs,
      rows: runs,
      columns: columnsAt(now),
      name: run => run.id,
      empty: "There are no such runs.",
    });
  },
});

const columnsAt = (now: number): readonly Column<RunReply>[] => [
  { title: "RUN", cell: run => run.id },
  { title: "STATE", cell: run => run.state, colour: run => stateColour(run.state) },
  { title: "TRIGGER", cell: run => run.trigger.kind },
  { title: "CREATED", cell: run => shortInstant(run.createdAt) },
  {
    title: "TOOK",
    cell: run => {
      const ms = lengthMs(run.startedAt, run.endedAt, now);
      return ms === undefined ? undefined : formatDuration(ms);
    },
  },
  { title: "LOGICAL DATE", cell: run => shortInstant(run.logicalAt), wide: true },
  { title: "BY", cell: run => run.trigger.by, wide: true },
  { title: "VERSION", cell: run => shortVersion(run.version), wide: true },
];
