import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type { StartRunReply } from "#contract/run.ts";
import { readConfig } from "#runtime/config.ts";
import { createLogger } from "#runtime/logger.ts";
import { ensureWeb } from "../../services/cli/build-web.ts";
import { DashboardConfig } from "../../services/dashboard/config.ts";
import { type Dashboard, startDashboard } from "../../services/dashboard/dashboard.ts";
import { openEmbeddedCluster } from "../support/embedded-cluster.ts";
import { type Fleet, openFleet } from "../support/fleet.ts";
import { testRedis } from "../support/redis.ts";
import { until } from "../support/until.ts";

const ROOT = join(import.meta.dirname, "../..");
/** Where the pictures go: SCREENS_DIR, else beside what `npm run dev` keeps. */
const SCREENS = process.env.SCREENS_DIR ?? join(ROOT, ".windlass/screens");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

export type Theme = "light" | "dark";

/** A whole Windlass with a browser in front of it. */
export interface Stage {
  url: string;
  fleet: Fleet;
  /** A tab of its own; closed with the stage. What goes wrong in its console fails `close`. */
  open(path: string, options?: { theme?: Theme; width?: number; height?: number }): Promise<Page>;
  /** Writes a picture. */
  shot(page: Page, name: string): Promise<void>;
  /** Starts a run over the API. @returns its id */
  trigger(dagId: string, conf?: Record<string, unknown>): Promise<string>;
  /** Addresses outside this machine that a page has asked for. */
  foreign: string[];
  /** What pages have written as errors. */
  complaints: string[];
  /** Ends the dashboard and starts another one in its place. */
  restartDashboard(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param dags files that are put into the DAG folder, by their paths in this repository
 * @param options `idle`: without scheduler and worker, so that records stay as a test writes them
 */
export async function openStage(dags: readonly string[] = [], { idle = false }: { idle?: boolean } = {}): Promise<Stage> {
  if (!existsSync(CHROMIUM))
    throw new Error(`there is no ${CHROMIUM}: install Debian's package chromium, or set CHROMIUM to a browser`);
  await ensureWeb(console.log);
  mkdirSync(SCREENS, { recursive: true });
  const stack = new AsyncDisposableStack();
  const cluster = stack.adopt(await openEmbeddedCluster(), opened => opened.close());
  const redis = stack.adopt(await testRedis(), opened => opened.close());
  const fleet = stack.adopt(
    await openFleet({ redisUrl: redis.url, prefix: redis.prefix, kubeconfig: cluster.kubeconfig, namespace: cluster.namespace }),
    opened => opened.close(),
  );
  for (const path of dags) copyFileSync(join(ROOT, path), join(fleet.dagsDir, basename(path)));
  let port = "0";
  const start = async (): Promise<Dashboard> => {
    const config = readConfig(DashboardConfig, {
      REDIS_URL: redis.url,
      WINDLASS_PREFIX: redis.prefix,
      WINDLASS_PORT: port,
      WINDLASS_LOGS_DIR: fleet.logsDir,
    });
    return startDashboard(config, { log: createLogger("dashboard", { level: "warn" }) });
  };
  let dashboard = await start();
  port = new URL(dashboard.url).port;
  stack.defer(() => dashboard.close());
  if (!idle) await Promise.all([fleet.scheduler(), fleet.worker()]);
  const profile = mkdtempSync(join(tmpdir(), "windlass-chromium-"));
  stack.defer(() => rmSync(profile, { recursive: true, force: true }));
  const browser: Browser = stack.adopt(
    await chromium.launch({
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", `--crash-dumps-dir=${profile}`],
    }),
    opened => opened.close(),
  );
  const foreign: string[] = [];
  const complaints: string[] = [];
  const { url } = dashboard;
  const names = dags.map(path => basename(path, ".ts"));
  await until(
    async () => {
      const known = new Set((await fleet.state.dags.listDags()).map(({ id }) => id));
      return names.every(name => known.has(name));
    },
    { deadlineMs: 15_000, what: `the DAGs ${names.join(", ")}` },
  );

  return {
    url,
    fleet,
    foreign,
    complaints,

    async open(path, { theme = "light", width = 1_440, height = 900 } = {}) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce" });
      context.setDefaultTimeout(60_000);
      const page = await context.newPage();
      page.on("request", request => {
        const asked = request.url();
        if (!asked.startsWith(url) && !/^(data|blob):/.test(asked)) foreign.push(asked);
      });
      page.on("pageerror", error => complaints.push(`${page.url()}: ${error.message}`));
      page.on("console", message => {
        // What the server refuses is the page's to show, and is looked at by the tests that provoke it.
        const isAnswer = message.text().startsWith("Failed to load resource");
        if (message.type() === "error" && !isAnswer) complaints.push(`${page.url()}: ${message.text()}`);
      });
      await page.goto(`${url}${path}`);
      return page;
    },

    async shot(page, name) {
      await page.screenshot({ path: join(SCREENS, `${name}.png`) });
    },

    async trigger(dagId, conf = {}) {
      const response = await fetch(`${url}/api/v1/dags/${dagId}/runs`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ conf }),
      });
      if (!response.ok) throw new Error(`the run was not started: ${response.status} ${await response.text()}`);
      return ((await response.json()) as StartRunReply).id;
    },

    async restartDashboard() {
      await dashboard.close();
      dashboard = await start();
    },

    close: () => stack.disposeAsync(),
  };
}
