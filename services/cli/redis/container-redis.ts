import { spawnSync } from "node:child_process";
import { freePort, type OwnRedis } from "./redis-server.ts";

const IMAGE = "redis:7-bookworm";

/** Runs Redis in docker or podman when an engine answers and has, or gets, the image. Undefined when none does. */
export async function startContainerRedis(): Promise<OwnRedis | undefined> {
  for (const engine of ["docker", "podman"]) {
    if (spawnSync(engine, ["info"], { stdio: "ignore", timeout: 5_000 }).status !== 0) continue;
    const port = await freePort();
    const started = spawnSync(
      engine,
      [
        "run",
        "--rm",
        "-d",
        "-p",
        `127.0.0.1:${port}:6379`,
        IMAGE,
        "redis-server",
        "--appendonly",
        "yes",
        "--maxmemory-policy",
        "noeviction",
      ],
      { encoding: "utf8", timeout: 120_000 },
    );
    if (started.status !== 0) continue;
    const id = started.stdout.trim();
    return {
      url: `redis://127.0.0.1:${port}`,
      description: `127.0.0.1:${port}   ${IMAGE} in ${engine}, started by us, data ends with it`,
      async close() {
        spawnSync(engine, ["stop", "-t", "5", id], { stdio: "ignore" });
      },
    };
  }
  return undefined;
}
