import { WindlassError } from "#core/errors.ts";
import { startContainerRedis } from "./container-redis.ts";
import { installRedis } from "./install-redis.ts";
import { findServerProgram, type OwnRedis, startServerProgram } from "./redis-server.ts";

/**
 * A Redis for local work: REDIS_URL, else a server program on PATH started by us, else a container engine, else installed by the
 * package manager. Never a server that merely happens to listen somewhere.
 * @throws WL_REDIS_AWAY with the one line to type when none of these works
 */
export async function findRedis(dataDir: string, say: (line: string) => void): Promise<OwnRedis> {
  const given = process.env.REDIS_URL;
  if (given)
    return { url: given, description: `${given.replace(/\/\/[^@/]*@/, "//…@")}   from REDIS_URL`, close: async () => undefined };
  const found = findServerProgram();
  if (found) return startServerProgram(found, dataDir);
  const contained = await startContainerRedis();
  if (contained) return contained;
  const typed = installRedis(say);
  const installed = findServerProgram();
  if (typed === undefined && installed) return startServerProgram(installed, dataDir);
  throw new WindlassError(
    "WL_REDIS_AWAY",
    `Redis was not found and could not be installed. Type: ${typed ?? "export REDIS_URL=redis://host:6379"}`,
  );
}
