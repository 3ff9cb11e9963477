import { readConfig } from "#runtime/config.ts";
import { createLogger } from "#runtime/logger.ts";
import { runMain } from "#runtime/run-main.ts";
import { onShutdown } from "#runtime/signals.ts";
import { DashboardConfig } from "./config.ts";
import { startDashboard } from "./dashboard.ts";

await runMain(async () => {
  const config = readConfig(DashboardConfig);
  const log = createLogger("dashboard", { level: config.WINDLASS_LOG_LEVEL });
  const dashboard = await startDashboard(config, { log });
  log.info({ event: "dashboard.started", url: dashboard.url }, "listening");
  onShutdown(() => dashboard.close(), { log });
});
