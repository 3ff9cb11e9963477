import { installRedis } from "./install-redis.ts";
import { findServerProgram } from "./redis-server.ts";

// The tests need a Redis program of their own: several are started, killed and restarted.
if (findServerProgram() === undefined) {
  const typed = installRedis(line => console.error(line));
  if (typed !== undefined || findServerProgram() === undefined) {
    console.error(`The tests need redis-server on PATH. Type: ${typed ?? "see your package manager"}`);
    process.exitCode = 1;
  }
}
