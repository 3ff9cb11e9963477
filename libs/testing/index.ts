/** What a test of a DAG imports: `import { testDag } from "windlass/testing"`. Works with every test runner. */

import type { DagSpec } from "#core/dag-spec.ts";
import { isDag } from "#sdk/dag.ts";
import { DagTest } from "./dag-test.ts";
import { loadDag } from "./load-dag.ts";

export type { DagTest, RunOptions, TickTest, When } from "./dag-test.ts";
export type { Output, RunTest } from "./run-test.ts";
export type { TaskView } from "./task-view.ts";
export type { Failure } from "./try-ending.ts";

/**
 * Takes a DAG under test.
 *
 *     const etl = await testDag("dags/etl.ts");
 *     const run = etl.run({ params: { region: "us" } });
 *     run.succeeds("extract", [{ name: "orders", rows: 3 }]).expectReady("load.clean@0");
 *
 * @param dag a file below the working directory, a URL such as `import.meta.resolve("../dags/etl.ts")`, or what dag() returned
 * @param options `dag`: which one, of a file with several
 * @throws whatever is wrong with the file, as its author would see it
 */
export async function testDag(dag: string | URL | DagSpec, options: { dag?: string } = {}): Promise<DagTest> {
  return new DagTest(isDag(dag) ? dag : await loadDag(dag as string | URL, options.dag));
}
