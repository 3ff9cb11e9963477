import type { EventEmitter } from "node:events";

export interface ShutdownOptions {
  /** How long `stop` may take before the process ends with code 1. Default 55 s, below Kubernetes' usual 60. */
  deadlineMs?: number;
  /** Told what happens: the signal, a missed deadline, an error of `stop`. */
  log?: { info(fields: object, message: string): void; error(fields: object, message: string): void };
  /** Where signals come from and how the process ends; for tests. */
  process?: Pick<EventEmitter, "on" | "off"> & { exit(code: number): void };
}

const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;
type Signal = keyof typeof NUMBERS;

/**
 * First SIGTERM or SIGINT: `stop`, then exit 0 (1 when it throws or misses the deadline). Second signal: exit at once with
 * 128 + its number. Returns a function that takes the handlers off again.
 */
export function onShutdown(stop: (signal: Signal) => Promise<void>, options: ShutdownOptions = {}): () => void {
  const { deadlineMs = 55_000, log, process: host = process } = options;
  let stopping = false;

  const receive = (signal: Signal): void => {
    if (stopping) {
      host.exit(128 + NUMBERS[signal]);
      return;
    }
    stopping = true;
    log?.info({ event: "process.stopping", signal, deadlineMs }, "stopping");
    const deadline = setTimeout(() => {
      log?.error({ event: "process.deadlineMissed", deadlineMs }, "did not stop in time");
      host.exit(1);
    }, deadlineMs);
    deadline.unref();
    stop(signal).then(
      () => {
        clearTimeout(deadline);
        host.exit(0);
      },
      (err: unknown) => {
        clearTimeout(deadline);
        log?.error({ event: "process.stopFailed", err }, "did not stop cleanly");
        host.exit(1);
      },
    );
  };

  for (const signal of Object.keys(NUMBERS)) host.on(signal, receive);
  return () => {
    for (const signal of Object.keys(NUMBERS)) host.off(signal, receive);
  };
}
