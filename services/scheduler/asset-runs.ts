import type { AssetExpression } from "#core/asset.ts";
import { assetsOf, updatesThatAsk } from "#core/asset-update.ts";
import type { Schedule } from "#core/dag-spec.ts";
import { runId } from "#core/ids.ts";
import type { RunHeader } from "#core/run.ts";
import type { Logger } from "#runtime/logger.ts";
import type { AssetStore } from "#state/asset-store.ts";
import type { DagRow, DagStore } from "#state/dag-store.ts";
import { confOf } from "./conf-of.ts";

export interface AssetRunsDeps {
  dags: Pick<DagStore, "listDags" | "getSpec">;
  assets: Pick<AssetStore, "count" | "since" | "seen" | "claimRun" | "claimedRuns" | "settleRun">;
  createRun(header: RunHeader): Promise<unknown>;
  /** The leader's. */
  token: string;
  now(): number;
  log: Logger;
}

/**
 * Starts a run of every DAG whose assets were updated since the last one they asked for. What is decided is written down first, with the
 * updates that it takes up, and carried out then: by this leader or by the next.
 */
export class AssetRuns {
  readonly #deps: AssetRunsDeps;

  constructor(deps: AssetRunsDeps) {
    this.#deps = deps;
  }

  async pass(): Promise<void> {
    const { dags, assets } = this.#deps;
    const waiting = (await dags.listDags()).flatMap(row => {
      const expression = expressionOf(row.schedule);
      return expression === undefined ? [] : [{ row, expression }];
    });
    if (waiting.length === 0) return;
    for (const [dagId, header] of await assets.claimedRuns()) await this.#create(dagId, header);
    // Every update with a number up to this one can be read from now on.
    const count = await assets.count();
    const seen = await assets.seen();
    for (const { row, expression } of waiting) {
      const from = seen.get(row.id);
      if (from === undefined) await this.#passOver(row.id, count);
      else if (from < count && !row.paused) await this.#look(row, expression, from, count);
    }
  }

  /** A DAG that is new waits for what comes from now on. */
  async #passOver(dagId: string, count: number): Promise<void> {
    const { assets, token } = this.#deps;
    await assets.claimRun({ token, dagId, from: undefined, to: count });
  }

  async #look(row: DagRow, expression: AssetExpression, from: number, count: number): Promise<void> {
    const { dags, assets, token, now, log } = this.#deps;
    const { id: dagId, version } = row;
    const since = await assets.since(assetsOf(expression), from);
    for (const [asset, updates] of since) {
      since.set(
        asset,
        updates.filter(({ number }) => number <= count),
      );
    }
    const asking = updatesThatAsk(expression, since);
    const spec = asking && (await dags.getSpec(version));
    const at = now();
    if (spec === undefined || at < (spec.startAt ?? at) || at > (spec.endAt ?? at)) return;
    const header: RunHeader = {
      id: runId(dagId, `asset-${count}`),
      dagId,
      version,
      trigger: { kind: "asset", assets: asking! },
      conf: confOf(spec),
      createdAt: at,
    };
    if (!(await assets.claimRun({ token, dagId, from, to: count, header }))) return;
    log.info({ event: "assets.asked", dagId, runId: header.id, updates: asking!.length });
    await this.#create(dagId, header);
  }

  async #create(dagId: string, header: RunHeader): Promise<void> {
    await this.#deps.createRun(header);
    await this.#deps.assets.settleRun(dagId);
  }
}

const expressionOf = (schedule: Schedule | undefined): AssetExpression | undefined =>
  schedule !== undefined && "assets" in schedule ? schedule.assets : undefined;
