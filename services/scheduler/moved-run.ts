import type { PendingAct } from "#core/act.ts";
import { canMoveTo } from "#core/can-move-to.ts";
import type { Graph } from "#core/graph.ts";
import type { Run } from "#core/run.ts";

/**
 * The run as its pending acts want it: on the version that the last of them names, if it can go on there. The acts ask
 * for no other version any more.
 */
export async function movedRun(stored: Run, graphOf: (version: string) => Promise<Graph | undefined>): Promise<Run> {
  const acts = [...(stored.acts?.values() ?? [])];
  const wanted = acts.map(versionOf).findLast(version => version !== undefined);
  if (wanted === undefined) return stored;
  const fits = wanted === stored.version || (await canMove(stored, wanted, graphOf));
  const version = fits ? wanted : stored.version;
  return { ...stored, version, acts: new Map(acts.map(pending => [pending.id, withVersion(pending, version)])) };
}

async function canMove(stored: Run, version: string, graphOf: (version: string) => Promise<Graph | undefined>): Promise<boolean> {
  const [from, to] = [await graphOf(stored.version), await graphOf(version)];
  return from !== undefined && to !== undefined && canMoveTo(from.spec, to.spec, stored).length === 0;
}

const versionOf = ({ act }: PendingAct): string | undefined => (act.type === "clear" ? act.version : undefined);

/** An act that goes on later must not move the run once more. */
function withVersion(pending: PendingAct, version: string): PendingAct {
  const { act } = pending;
  return act.type === "clear" && act.version !== undefined ? { ...pending, act: { ...act, version } } : pending;
}
