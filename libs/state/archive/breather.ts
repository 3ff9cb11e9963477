import { setImmediate } from "node:timers/promises";

/** Longer than this nobody has to wait for a process that archives: the leader's next hop least of all. */
const SLICE_MS = 10;

/** Lets other work of the process go on. Call it often: it does so only when some milliseconds have passed. */
export type Breathe = () => Promise<unknown> | undefined;

export function breather(): Breathe {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return undefined;
    return setImmediate().then(() => {
      since = performance.now();
    });
  };
}
