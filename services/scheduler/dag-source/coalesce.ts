/**
 * Makes a slow action that may be asked for at any time run one at a time, and once more when it was asked for meanwhile. The promise is that
 * of a run which started after the call. `action` must not reject.
 */
export function coalesce(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const run = (): Promise<void> => {
    next = undefined;
    running = action().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (running === undefined) return run();
    next ??= running.then(run);
    return next;
  };
}
