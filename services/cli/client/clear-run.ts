import { clearTasks } from "../../dashboard/routes/clear-tasks.ts";
import { confirm } from "../frame/carry-out.ts";
import type { Context } from "../frame/context.ts";
import { EXIT, type ExitCode } from "../frame/exit-code.ts";
import { flag } from "../frame/option.ts";
import { finishRun } from "./finish-run.ts";
import { resolveRun } from "./run-ref.ts";

/** Which tasks are meant, and with which version they go on. */
export const CLEAR_OPTIONS = {
  downstream: flag("--downstream", "and all that comes after them"),
  upstream: flag("--upstream", "and all that comes before them"),
  failed: flag("--failed", "of these only what failed or was cancelled, and what failed because of it"),
  newest: flag("--newest", "go on with the newest version of the DAG"),
  dryRun: flag("--dry-run", "only list the tasks it would be"),
  yes: flag("-y, --yes", "do not ask"),
} as const;

interface ClearOptions {
  /** Empty: all. */
  tasks: readonly string[];
  downstream: boolean;
  upstream: boolean;
  failed: boolean;
  newest: boolean;
  dryRun: boolean;
  yes: boolean;
  watch: boolean;
  wait: boolean;
  log: boolean;
  timeout: number | undefined;
}

/** Lists what would be cleared, asks, clears, and follows the run as asked. */
export async function clearAndFollow(context: Context, written: string, options: ClearOptions): Promise<ExitCode> {
  const { tasks, downstream, upstream, failed, newest, dryRun, yes } = options;
  const api = await context.api();
  const runId = await resolveRun(api, written);
  const version = newest ? "newest" : "run";
  const chosen = tasks.length === 0 ? {} : { tasks: [...tasks] };
  const body = { ...chosen, downstream, upstream, failedOnly: failed, version } as const;
  if (dryRun || !yes) {
    const plan = await api.call(clearTasks, { params: { runId }, body: { ...body, dryRun: true } });
    if (dryRun) {
      await context.show({
        data: plan.tasks,
        rows: plan.tasks,
        columns: [{ title: "TASK", cell: id => id }],
        name: id => id,
        empty: "No task would be cleared.",
      });
      return EXIT.ok;
    }
    if (plan.count > 0) await confirm(context, `Clear ${plan.count} ${plan.count === 1 ? "task" : "tasks"} of ${runId}?`);
  }
  const reply = await api.call(clearTasks, { params: { runId }, body });
  if (reply.act === undefined) {
    context.io.say(`${runId}: there was nothing to clear`);
    return EXIT.ok;
  }
  context.io.say(`${runId}: ${reply.count} ${reply.count === 1 ? "task runs" : "tasks run"} again`);
  return finishRun(context, api, runId, options, reply.act.id);
}
