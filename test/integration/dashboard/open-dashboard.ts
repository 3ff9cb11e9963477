import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem } from "#contract/problem.ts";
import { DagSpec, type DagSpecInput } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { openFileLogStore } from "#logstore/file-log-store.ts";
import type { LogStore } from "#logstore/log-store.ts";
import { readConfig } from "#runtime/config.ts";
import { createLogger } from "#runtime/logger.ts";
import { openState, type State } from "#state/state.ts";
import { DashboardConfig } from "../../../services/dashboard/config.ts";
import { startDashboard } from "../../../services/dashboard/dashboard.ts";
import { type TestRedis, testRedis } from "../../support/redis.ts";

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows its route's reply and reads a few fields of it
  body: any;
}

/** A dashboard on a free port, with its own corner of Redis and its own log folder. */
export interface OpenDashboard {
  url: string;
  redis: TestRedis;
  state: State;
  logs: LogStore;
  logsDir: string;
  /** Sends JSON when there is a body; parses what comes back as JSON. */
  ask(path: string, options?: { method?: string; body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  publish(spec: DagSpecInput): Promise<DagSpec>;
  close(): Promise<void>;
}

export async function openDashboard(
  env: Record<string, string> = {},
  { onLog }: { onLog?: (line: string) => void } = {},
): Promise<OpenDashboard> {
  const redis = await testRedis();
  const dir = mkdtempSync(join(tmpdir(), "windlass-dashboard-"));
  const config = readConfig(DashboardConfig, {
    REDIS_URL: redis.url,
    WINDLASS_PREFIX: redis.prefix,
    WINDLASS_PORT: "0",
    WINDLASS_LOGS_DIR: dir,
    ...env,
  });
  const log = createLogger("test", onLog === undefined ? { level: "silent" } : { write: onLog });
  const dashboard = await startDashboard(config, { log });
  const state = openState(redis.redis, redis.prefix);
  return {
    url: dashboard.url,
    redis,
    state,
    logs: openFileLogStore({ dir }),
    logsDir: dir,

    async ask(path, { method = "GET", body, headers = {} } = {}) {
      const json = body === undefined ? {} : { body: JSON.stringify(body) };
      const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
      const response = await fetch(`${dashboard.url}${path}`, {
        method,
        headers: { ...type, ...headers },
        ...json,
        redirect: "manual",
      });
      const text = await response.text();
      const isJson = /[/+]json/.test(response.headers.get("content-type") ?? "");
      return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
    },

    async publish(input) {
      const spec = DagSpec.parse(input);
      const { id, tags, timezone, schedule, owner } = spec;
      const row = {
        id,
        version: contentHash(spec),
        file: `${id}.ts`,
        publishedAt: 1_800_000_000_000,
        tags,
        timezone,
        taskCount: spec.tasks.length,
      };
      await state.dags.publishDag(
        { ...row, ...(schedule === undefined ? {} : { schedule }), ...(owner === undefined ? {} : { owner }) },
        spec,
      );
      return spec;
    },

    async close() {
      await dashboard.close();
      await redis.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** Code, status and the pointers of a problem: what callers may rely on. */
export const essence = ({ status, body }: Answer): [number, string, ...string[]] => {
  const problem = body as Problem;
  return [status, problem.code, ...(problem.errors ?? []).map(error => `${error.in}${error.pointer.slice(1)}`)];
};
