import { listWorkers } from "../../../dashboard/routes/list-workers.ts";
import { allPages, collect } from "../../client/all-pages.ts";
import { defineCommand } from "../../frame/command.ts";
import { shortInstant } from "../../output/short-instant.ts";

export const list = defineCommand({
  name: "list",
  summary: "List the workers that are alive.",
  args: {},
  options: {},
  async run(_input, context) {
    const api = await context.api();
    const rows = await collect(allPages(api, listWorkers), page => page.workers);
    await context.show({
      data: rows,
      rows,
      columns: [
        { title: "WORKER", cell: row => row.id },
        { title: "STATE", cell: row => row.state, colour: row => (row.state === "draining" ? "yellow" : undefined) },
        { title: "HELD", cell: row => `${row.held}/${row.concurrency}` },
        { title: "QUEUES", cell: row => row.queues.map(({ name }) => name).join(",") },
        { title: "STARTED", cell: row => shortInstant(row.startedAt) },
        { title: "HOST", cell: row => row.host, wide: true },
        { title: "HEARTBEAT", cell: row => shortInstant(row.heartbeatAt), wide: true },
      ],
      name: row => row.id,
      empty: "No worker is alive: nothing that is queued will start.",
    });
  },
});
