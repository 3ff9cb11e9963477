import { RunParams } from "#contract/run.ts";
import { ListTasksQuery, TaskListReply } from "#contract/task.ts";
import { mapIndexOf, specIdOf } from "#core/instance-id.ts";
import { pageOf, sortableNumber } from "../http/page-of.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { type RunTask, readRunTasks } from "../replies/run-tasks-reply.ts";
import { unknownRun } from "./unknown.ts";

export const listTasks = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/tasks",
  role: "viewer",
  summary: "The tasks of a run and the instances of mapped ones, a page at a time.",
  params: RunParams,
  query: ListTasksQuery,
  body: NO_BODY,
  reply: TaskListReply,
  async handle({ params: { runId }, query, pageAfter }, ports) {
    const run = await ports.runs.getRun(runId);
    if (run === undefined) throw unknownRun(runId);
    const all = await readRunTasks(run, ports);
    const { state, operator, instancesOf, instances } = query;
    const found = all.filter(
      task =>
        (state === undefined || state.includes(task.state)) &&
        (operator === undefined || operator.includes(task.spec.operator)) &&
        (instancesOf === undefined || (mapIndexOf(task.id) !== undefined && specIdOf(task.id) === instancesOf)) &&
        (instances || mapIndexOf(task.id) === undefined),
    );
    const field = query.order.replace("-", "") as keyof typeof KEYS;
    const page = pageOf(found, query, KEYS[field], query.order.startsWith("-"));
    const counts = Object.fromEntries(
      [...Map.groupBy(all, task => task.state)].map(([state, tasks]) => [state, tasks.length]),
    ) as Record<RunTask["state"], number>;
    return { body: { tasks: page.items.map(task => task.reply()), counts, links: pageAfter(page.next) } };
  },
});

const placeKey = ({ place: [task, instance] }: RunTask): string => `${sortableNumber(task)}.${sortableNumber(instance)}`;

const KEYS = {
  position: placeKey,
  startedAt: (task: RunTask): string => `${sortableNumber(task.startedAt ?? Number.MAX_SAFE_INTEGER)}.${placeKey(task)}`,
} as const;
