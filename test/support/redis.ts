import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { openRedis, type Redis, type RedisRole } from "#state/redis.ts";
import { freePort } from "../../services/cli/redis/redis-server.ts";
import { until } from "./until.ts";

/** A redis-server of the tests' own. */
export interface RedisServer {
  url: string;
  /** SIGKILL: nothing is written that was not written before. */
  kill(): Promise<void>;
  /** Starts it again on the same port and, with `aof`, with the same data. */
  restart(): Promise<void>;
  /** Kills it and removes its data. */
  stop(): Promise<void>;
}

/** A corner of a shared Redis for one test. */
export interface TestRedis {
  url: string;
  /** Fresh: `{t-<random>}`. */
  prefix: string;
  /** A connection of the test's own. */
  redis: Redis;
  /** Another one. */
  open(role?: RedisRole): Redis;
  /** Removes every key of the prefix and closes the connections. */
  close(): Promise<void>;
}

/** A prefix on the Redis that all tests of this process share: a private server if one is installed, else REDIS_URL. */
export async function testRedis(): Promise<TestRedis> {
  shared ??= findServer() === undefined && process.env.REDIS_URL ? Promise.resolve({ url: process.env.REDIS_URL }) : startRedis();
  const { url } = await shared;
  const prefix = `{t-${randomBytes(6).toString("hex")}}`;
  const connections: Redis[] = [];
  const open = (role: RedisRole = "client"): Redis => {
    const connection = openRedis(url, { role, name: "test" });
    connections.push(connection);
    return connection;
  };
  const redis = open();
  return {
    url,
    prefix,
    redis,
    open,
    async close() {
      for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 })) {
        if (keys.length > 0) await redis.unlink(...(keys as string[]));
      }
      for (const connection of connections) connection.disconnect();
    },
  };
}

let shared: Promise<{ url: string }> | undefined;

/** Starts a redis-server on a free port. It ends with this process at the latest. `aof`: what was acknowledged survives `kill`. */
export async function startRedis({ aof = false } = {}): Promise<RedisServer> {
  const program = findServer();
  if (program === undefined) throw new Error("the tests need redis-server or valkey-server on the PATH");
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), "windlass-redis-"));
  let child: ChildProcess;

  const start = async (): Promise<void> => {
    const persistence = aof ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"];
    child = spawn(program, ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", dir, "--save", "", ...persistence], {
      stdio: "ignore",
    });
    // The server must not keep the test process alive.
    child.unref();
    await until(() => answers(port), { what: "the answer of redis-server" });
  };
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  const leave = (): void => {
    child.kill("SIGKILL");
    rmSync(dir, { recursive: true, force: true });
  };

  await start();
  process.once("exit", leave);
  process.once("SIGTERM", exitOnSignal);
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    restart: start,
    async stop() {
      await kill();
      process.off("exit", leave);
      process.off("SIGTERM", exitOnSignal);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A signal would end the process without its exit event, and leave the server behind. Whoever else listens decides for himself. */
function exitOnSignal(): void {
  if (process.listenerCount("SIGTERM") === 0) process.exit(143);
}

function findServer(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap(folder => [join(folder, "redis-server"), join(folder, "valkey-server")]).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether the server has loaded its data and answers commands. */
function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => socket.write("PING\r\n"));
    socket.on("data", data => {
      socket.destroy();
      resolve(data.toString().startsWith("+PONG"));
    });
    socket.on("error", () => resolve(false));
  });
}
