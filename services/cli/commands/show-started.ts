import type { StartRunReply } from "#contract/run.ts";
import type { ApiClient } from "../client/api-client.ts";
import type { Context } from "../frame/context.ts";

/** The new run: its id as data, where to look as talk. While it is followed, standard output is the picture's or the logs'. */
export async function showStarted(
  context: Context,
  api: ApiClient,
  started: StartRunReply,
  { watch = false, log = false }: { watch?: boolean; log?: boolean },
): Promise<void> {
  const { io } = context;
  io.say(`${started.replayed ? "Was started before" : "Started"}: ${started.id}   ${api.url}${started.links.ui}`);
  if (watch || log) return;
  const columns = [{ title: "RUN", cell: (row: StartRunReply) => row.id }];
  const lines = context.format === "table" ? { lines: [started.id] } : {};
  await context.show({ data: started, rows: [started], columns, name: row => row.id, ...lines });
}
