import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { DagSpec } from "#core/dag-spec.ts";
import type { DagStore } from "#state/dag-store.ts";
import type { Layout, Shape } from "./elk-graph.ts";
import { rankLayout } from "./rank-layout.ts";

/** Drawings of DAGs, made once per version. */
export interface Layouts {
  /** From the record, or made now; two who ask at once wait for one thread. */
  of(version: string, spec: DagSpec): Promise<Layout>;
}

export interface LayoutsOptions {
  dags: Pick<DagStore, "getLayout" | "putLayout">;
  /** A drawing that failed, or took too long: the simple one was taken instead. */
  onFailure(version: string, error: unknown): void;
  /** Default 15 s. */
  withinMs?: number;
}

/** Laying out grows with the square of the size: 1,000 tasks take about a second, 5,000 half a minute. */
const MAX_TASKS = 2_500;
const MAX_EDGES = 10_000;

export function openLayouts({ dags, onFailure, withinMs = 15_000 }: LayoutsOptions): Layouts {
  const underWay = new Map<string, Promise<Layout>>();
  // One thread at a time: it takes a core.
  let last: Promise<unknown> = Promise.resolve();

  const make = async (version: string, spec: DagSpec): Promise<Layout> => {
    const stored = await dags.getLayout(version);
    if (stored !== undefined) return JSON.parse(stored) as Layout;
    const layout = isTooLarge(spec) ? rankLayout(spec) : await inTurn(() => drawn(version, spec));
    await dags.putLayout(version, JSON.stringify(layout));
    return layout;
  };

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  }

  async function drawn(version: string, spec: DagSpec): Promise<Layout> {
    try {
      return await layOut(spec, withinMs);
    } catch (error) {
      onFailure(version, error);
      return rankLayout(spec);
    }
  }

  return {
    of(version, spec) {
      const known = underWay.get(version);
      if (known !== undefined) return known;
      const layout = make(version, spec).finally(() => underWay.delete(version));
      underWay.set(version, layout);
      return layout;
    },
  };
}

const isTooLarge = ({ tasks }: DagSpec): boolean =>
  tasks.length > MAX_TASKS || tasks.reduce((count, { upstream }) => count + upstream.length, 0) > MAX_EDGES;

/** In a thread of its own: the event loop goes on answering. */
async function layOut({ tasks }: Shape, withinMs: number): Promise<Layout> {
  const shape = { tasks: tasks.map(({ id, upstream }) => ({ id, upstream })) };
  const thread = new Worker(new URL("layout-thread.ts", import.meta.url), {
    workerData: shape,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  try {
    const [layout] = await once(thread, "message", { signal: AbortSignal.timeout(withinMs) });
    return layout as Layout;
  } finally {
    await thread.terminate();
  }
}
