import "../../services/worker/small-heap.ts";

import { readConfig } from "#runtime/config.ts";
import { onShutdown } from "#runtime/signals.ts";
import { WorkerConfig } from "../../services/worker/config.ts";
import { startWorker } from "../../services/worker/worker.ts";

// The worker as it is, with a clock fine enough for hops of less than a millisecond.
const worker = await startWorker(readConfig(WorkerConfig), { now: () => performance.timeOrigin + performance.now() });
onShutdown(() => worker.close());
