import type { ActReply } from "#contract/act.ts";
import type { Act } from "#core/act.ts";
import type { JsonReply } from "./http/route.ts";
import { links } from "./links.ts";
import type { Ports } from "./ports.ts";
import { unknownRun } from "./routes/unknown.ts";

/** Asks the leader for the act. 202: it will be done within moments. @throws ApiError when the run is gone */
export async function requestAct(
  runId: string,
  act: Act,
  by: string,
  { acts, now, chance }: Pick<Ports, "acts" | "now" | "chance">,
): Promise<JsonReply<ActReply>> {
  const at = now();
  const id = `${at}-${chance()}`;
  if ((await acts.request(runId, { id, at, by, act })) === "unknown") throw unknownRun(runId);
  const tasks = act.type === "markRun" ? [] : act.tasks;
  return { status: 202, body: { ...actReply(runId, tasks), act: { id, type: act.type } } };
}

/** What is done to whom, without the act. */
export const actReply = (runId: string, tasks: readonly string[]): ActReply => ({
  id: runId,
  tasks: [...tasks],
  count: tasks.length,
  links: { run: links.run(runId), history: links.history(runId) },
});
