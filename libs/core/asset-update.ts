import type { AssetExpression } from "./asset.ts";
import type { JsonValue } from "./result.ts";

/** One update of an asset: by a task that has succeeded, or told from outside. */
export interface AssetUpdate {
  asset: string;
  /** Names the update: the same one twice is one. */
  id: string;
  /** Counts the installation's updates; the order in which they came. */
  number: number;
  at: number;
  runId?: string;
  taskId?: string;
  /** Who told it, if no task. */
  by?: string;
  /** What was told along. */
  extra?: JsonValue;
}

/** Every asset that the expression names, once. */
export function assetsOf(expression: AssetExpression): string[] {
  if (typeof expression === "string") return [expression];
  const parts = "all" in expression ? expression.all : expression.any;
  return [...new Set(parts.flatMap(assetsOf))];
}

/** Whether the expression holds when these assets were updated. */
export function holds(expression: AssetExpression, isUpdated: (asset: string) => boolean): boolean {
  if (typeof expression === "string") return isUpdated(expression);
  return "all" in expression
    ? expression.all.every(part => holds(part, isUpdated))
    : expression.any.some(part => holds(part, isUpdated));
}

/** How many updates of one asset a run is told of. */
const MOST_PER_ASSET = 20;

/**
 * The updates that ask for a run of a DAG which waits for `expression`; undefined: not yet. All updates so far count as heard of then,
 * so that several of one asset make one run.
 * @param since by asset, those behind the DAG's last run, oldest first
 */
export function updatesThatAsk(
  expression: AssetExpression,
  since: ReadonlyMap<string, readonly AssetUpdate[]>,
): AssetUpdate[] | undefined {
  if (!holds(expression, asset => (since.get(asset)?.length ?? 0) > 0)) return undefined;
  const told = assetsOf(expression).flatMap(asset => since.get(asset)?.slice(-MOST_PER_ASSET) ?? []);
  return told.sort((a, b) => a.number - b.number);
}
