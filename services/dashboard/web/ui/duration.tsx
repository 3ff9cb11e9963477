import { useNow } from "../live/clock.ts";
import { formatDuration } from "./format-duration.ts";
import { toMs } from "./instant.tsx";

/** A span of milliseconds. */
export function Duration({ ms }: { ms: number | undefined }) {
  return <span className="number nowrap">{ms === undefined ? "–" : formatDuration(ms)}</span>;
}

/** How long something took, or takes so far. */
export function Took({ from, until }: { from: string | number | undefined; until: string | number | undefined }) {
  if (from === undefined) return <span className="quiet">–</span>;
  return until === undefined ? <Running from={toMs(from)} /> : <Duration ms={toMs(until) - toMs(from)} />;
}

function Running({ from }: { from: number }) {
  return <Duration ms={useNow() - from} />;
}
