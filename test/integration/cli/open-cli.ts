import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "#runtime/config.ts";
import { createLogger } from "#runtime/logger.ts";
import { DashboardConfig } from "../../../services/dashboard/config.ts";
import { startDashboard } from "../../../services/dashboard/dashboard.ts";
import type { Fleet } from "../../support/fleet.ts";

const WINDLASS = join(import.meta.dirname, "../../../services/cli/windlass.mjs");

export interface CliResult {
  code: number | null;
  out: string;
  err: string;
}

interface CliOptions {
  env?: Record<string, string>;
  stdin?: string;
  /** Sent when standard error has a line that matches. */
  interruptAt?: RegExp;
}

/** A dashboard over a fleet, and the command line as a process of its own, as people have it. */
export interface OpenCli {
  url: string;
  /** What a person's home is: profiles lie in it. */
  home: string;
  windlass(words: readonly string[], options?: CliOptions): Promise<CliResult>;
  close(): Promise<void>;
}

export async function openCli(fleet: Fleet, redisUrl: string, settings: Record<string, string> = {}): Promise<OpenCli> {
  const config = readConfig(DashboardConfig, {
    REDIS_URL: redisUrl,
    WINDLASS_PREFIX: fleet.prefix,
    WINDLASS_PORT: "0",
    WINDLASS_LOGS_DIR: fleet.logsDir,
    ...settings,
  });
  const dashboard = await startDashboard(config, { log: createLogger("test", { level: "silent" }) });
  const home = mkdtempSync(join(tmpdir(), "windlass-home-"));
  return {
    url: dashboard.url,
    home,
    async windlass(words, { env = {}, stdin = "", interruptAt } = {}) {
      const child = spawn(process.execPath, [WINDLASS, ...words], {
        cwd: home,
        env: { PATH: process.env.PATH ?? "", HOME: home, WINDLASS_URL: dashboard.url, ...env },
      });
      let [out, err] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        out += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        err += text;
        if (interruptAt?.test(err)) child.kill("SIGINT");
      });
      child.stdin.end(stdin);
      const [code] = (await once(child, "close")) as [number | null];
      return { code, out, err };
    },
    async close() {
      await dashboard.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
