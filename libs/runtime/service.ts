/** A part of a process that runs until it is stopped. Both may be called twice; the second call changes nothing. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one after the other. When one fails, those before it are stopped again and its error is thrown. */
export async function startAll(services: readonly Service[]): Promise<void> {
  const started: Service[] = [];
  for (const service of services) {
    try {
      await service.start();
      started.push(service);
    } catch (error) {
      const left = await stopEach(started);
      throw left.length === 0
        ? error
        : new AggregateError([error, ...left], `'${service.name}' did not start, nor did the others stop`);
    }
  }
}

/** Stops in reverse order. All are tried; what failed is thrown together afterwards. */
export async function stopAll(services: readonly Service[]): Promise<void> {
  const failures = await stopEach(services);
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${services.length} services did not stop cleanly`);
}

async function stopEach(services: readonly Service[]): Promise<Error[]> {
  const failures: Error[] = [];
  for (const service of [...services].reverse()) {
    try {
      await service.stop();
    } catch (cause) {
      failures.push(new Error(`'${service.name}' did not stop`, { cause }));
    }
  }
  return failures;
}
