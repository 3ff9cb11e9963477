import { readConfig } from "#runtime/config.ts";
import { createLogger } from "#runtime/logger.ts";
import { runMain } from "#runtime/run-main.ts";
import { onShutdown } from "#runtime/signals.ts";
import { SchedulerConfig } from "./config.ts";
import { startScheduler } from "./scheduler.ts";

await runMain(async () => {
  const config = readConfig(SchedulerConfig);
  const log = createLogger("scheduler", { level: config.WINDLASS_LOG_LEVEL });
  const scheduler = await startScheduler(config, log);
  log.info({ event: "scheduler.started", health: scheduler.url });
  onShutdown(() => scheduler.close(), { log });
});
