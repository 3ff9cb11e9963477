import type { PoolReply } from "#contract/pool.ts";
import type { PoolUse } from "#core/pool-use.ts";
import { links } from "../links.ts";

export const poolReply = ({ slots, includeDeferred = false, ...use }: PoolUse): PoolReply => ({
  ...use,
  ...(use.open === undefined ? {} : { slots }),
  includeDeferred,
  links: { self: links.pool(use.name) },
});
