import type { PoolReply } from "#contract/pool.ts";
import { listPools } from "../../../dashboard/routes/list-pools.ts";
import { allPages, collect } from "../../client/all-pages.ts";
import { defineCommand } from "../../frame/command.ts";
import type { Context } from "../../frame/context.ts";

export const list = defineCommand({
  name: "list",
  summary: "List the pools and who uses their slots.",
  args: {},
  options: {},
  async run(_input, context) {
    const api = await context.api();
    await showPools(await collect(allPages(api, listPools), page => page.pools), context);
  },
});

export async function showPools(pools: readonly PoolReply[], context: Context): Promise<void> {
  await context.show({
    data: pools,
    rows: pools,
    columns: [
      { title: "POOL", cell: pool => pool.name },
      { title: "SLOTS", cell: pool => pool.slots ?? "no limit" },
      { title: "OPEN", cell: pool => pool.open },
      { title: "RUNNING", cell: pool => pool.running },
      { title: "QUEUED", cell: pool => pool.queued },
      { title: "DEFERRED", cell: pool => pool.deferred },
      { title: "WAITING", cell: pool => pool.waiting },
      { title: "DESCRIPTION", cell: pool => pool.description, wide: true },
    ],
    name: pool => pool.name,
    empty: "There are no pools.",
  });
}
