import "./small-heap.ts";

import { readConfig } from "#runtime/config.ts";
import { createLogger } from "#runtime/logger.ts";
import { runMain } from "#runtime/run-main.ts";
import { onShutdown } from "#runtime/signals.ts";
import { WorkerConfig } from "./config.ts";
import { startWorker } from "./worker.ts";

await runMain(async () => {
  const config = readConfig(WorkerConfig);
  const log = createLogger("worker", { level: config.WINDLASS_LOG_LEVEL });
  const worker = await startWorker(config, { log });
  log.info({ event: "worker.started", health: worker.url });
  onShutdown(() => worker.close(), { log });
});
