import type { QueueReply } from "#contract/queue.ts";
import { formatDuration } from "#core/duration.ts";
import { listQueues } from "../../../dashboard/routes/list-queues.ts";
import { allPages, collect } from "../../client/all-pages.ts";
import { defineCommand } from "../../frame/command.ts";
import type { Context } from "../../frame/context.ts";

export const list = defineCommand({
  name: "list",
  summary: "List the queues: what waits, how long, and who takes from them.",
  args: {},
  options: {},
  async run(_input, context) {
    const api = await context.api();
    await showQueues(await collect(allPages(api, listQueues), page => page.queues), context);
  },
});

export async function showQueues(queues: readonly QueueReply[], context: Context): Promise<void> {
  await context.show({
    data: queues,
    rows: queues,
    columns: [
      { title: "QUEUE", cell: queue => queue.name },
      {
        title: "STATE",
        cell: queue => (queue.paused ? "paused" : "active"),
        colour: queue => (queue.paused ? "yellow" : undefined),
      },
      { title: "WAITING", cell: queue => queue.waiting },
      { title: "ACTIVE", cell: queue => queue.active },
      { title: "DELAYED", cell: queue => queue.delayed },
      { title: "OLDEST WAITS", cell: queue => (queue.waiting === 0 ? undefined : formatDuration(queue.oldestWaitMs)) },
      { title: "WORKERS", cell: queue => queue.workers.count, colour: queue => (queue.workers.count === 0 ? "red" : undefined) },
      { title: "SLOTS", cell: queue => `${queue.workers.held}/${queue.workers.slots}` },
    ],
    name: queue => queue.name,
    empty: "No queue was ever used.",
  });
}
