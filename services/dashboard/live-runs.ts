import { type Graph, indexDag } from "#core/graph.ts";
import type { Run } from "#core/run.ts";
import type { Ports } from "./ports.ts";

/** Runs read at once. */
const BATCH = 200;

/** All runs that have not ended, with the versions they execute, in the order of their creation. Costly: for what a person asks. */
export async function readLiveRuns({
  live,
  runs,
  dags,
}: Pick<Ports, "live" | "runs" | "dags">): Promise<{ run: Run; graph: Graph }[]> {
  const ids = await live.liveRuns();
  const graphs = new Map<string, Promise<Graph | undefined>>();
  const graphOf = (version: string): Promise<Graph | undefined> => {
    const graph = graphs.get(version) ?? dags.getSpec(version).then(spec => spec && indexDag(spec));
    graphs.set(version, graph);
    return graph;
  };
  const found: { run: Run; graph: Graph }[] = [];
  for (let i = 0; i < ids.length; i += BATCH) {
    const batch = await Promise.all(ids.slice(i, i + BATCH).map(id => runs.getRun(id)));
    for (const run of batch) {
      const graph = run && (await graphOf(run.version));
      if (run && graph) found.push({ run, graph });
    }
  }
  return found.sort((a, b) => a.run.createdAt - b.run.createdAt);
}
