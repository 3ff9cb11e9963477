import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createConnection, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A Redis that belongs to this process. */
export interface OwnRedis {
  url: string;
  /** For the banner: which server, and where its data is. */
  description: string;
  close(): Promise<void>;
}

const START_DEADLINE_MS = 10_000;

/** The first server program of this name that PATH holds. */
export function findServerProgram(path = process.env.PATH ?? ""): string | undefined {
  for (const name of ["redis-server", "valkey-server"]) {
    for (const folder of path.split(delimiter)) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not in this folder
      }
    }
  }
  return undefined;
}

/** Starts the program on a free loopback port with its data in `dir`: append-only file, no eviction. */
export async function startServerProgram(program: string, dir: string): Promise<OwnRedis> {
  mkdirSync(dir, { recursive: true });
  const pidFile = join(dir, "redis.pid");
  await endLeftOver(pidFile);
  const port = await freePort();
  const settings = [
    "--port",
    port,
    "--bind",
    "127.0.0.1",
    "--dir",
    dir,
    "--save",
    "",
    "--appendonly",
    "yes",
    "--appendfsync",
    "everysec",
  ];
  settings.push("--maxmemory-policy", "noeviction", "--hash-max-listpack-value", "1024", "--logfile", join(dir, "redis.log"));
  // A process group of its own: Ctrl-C reaches us first, and we stop it last.
  const child = spawn(program, settings.map(String), { stdio: "ignore", detached: true });
  await answering(child, port, program, join(dir, "redis.log"));
  writeFileSync(pidFile, String(child.pid));
  return {
    url: `redis://127.0.0.1:${port}`,
    description: `127.0.0.1:${port}   ${program.split("/").at(-1)}, started by us, data in ${dir}`,
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      rmSync(pidFile, { force: true });
    },
  };
}

/** A server that outlived a killed predecessor would hold the data folder. */
async function endLeftOver(pidFile: string): Promise<void> {
  let pid: number;
  try {
    pid = Number(readFileSync(pidFile, "utf8"));
    if (!/redis|valkey/.test(readFileSync(`/proc/${pid}/comm`, "utf8"))) return;
    process.kill(pid, "SIGTERM");
  } catch {
    return; // no file, no such process, or no /proc: nothing of ours is left
  }
  for (let i = 0; i < 100 && isAlive(pid); i++) await sleep(50);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function answering(child: ChildProcess, port: number, program: string, logFile: string): Promise<void> {
  const failed = once(child, "error").then(([error]) => Promise.reject(error));
  const started = (async () => {
    for (const began = performance.now(); performance.now() - began < START_DEADLINE_MS; await sleep(5)) {
      if (child.exitCode !== null) throw new Error(`${program} ended with code ${child.exitCode} at its start; see ${logFile}`);
      if (await ping(port)) return;
    }
    throw new Error(`${program} did not answer on port ${port} within ${START_DEADLINE_MS / 1_000} s; see ${logFile}`);
  })();
  failed.catch(() => undefined); // raced below; a late error must not be unhandled
  await Promise.race([started, failed]);
}

function ping(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once("data", data => {
      socket.destroy();
      resolve(data.toString().startsWith("+PONG"));
    });
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
  });
}

/** A port of the loopback interface that was free a moment ago: `wanted` or any. 0 when `wanted` is taken. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<number>();
  server.once("error", () => resolve(0));
  server.listen(wanted, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  const port = await promise;
  if (port !== 0) await new Promise(closed => server.close(closed));
  return port;
}
