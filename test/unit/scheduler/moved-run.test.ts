import assert from "node:assert/strict";
import type { Act, PendingAct } from "#core/act.ts";
import { DagSpec } from "#core/dag-spec.ts";
import { type Graph, indexDag } from "#core/graph.ts";
import type { Run } from "#core/run.ts";
import { movedRun } from "../../../services/scheduler/moved-run.ts";
import { runOf, taskIn } from "./leader-scene.ts";

const graphOf = (...ids: string[]): Graph =>
  indexDag(DagSpec.parse({ id: "etl", tasks: ids.map(id => ({ id, operator: "noop" })) }));
const GRAPHS = new Map([
  ["v1", graphOf("load")],
  ["v2", graphOf("load", "save")],
  ["v3", graphOf("save")],
]);
const clear = (version?: string): Act => ({ type: "clear", tasks: ["load"], ...(version === undefined ? {} : { version }) });
const pending = (...acts: Act[]): ReadonlyMap<string, PendingAct> =>
  new Map(acts.map((act, i) => [`a${i}`, { id: `a${i}`, at: i, by: "ann", act }]));
const run = (...acts: Act[]): Run => ({ ...runOf("etl~1", "failed", 1, { load: taskIn("failed") }), acts: pending(...acts) });

const ROWS: readonly [string, Act[], version: string, Act[]][] = [
  [
    "no act that names a version",
    [clear(), { type: "markRun", state: "failed" }],
    "v1",
    [clear(), { type: "markRun", state: "failed" }],
  ],
  ["the version that it has", [clear("v1")], "v1", [clear("v1")]],
  ["a version that fits", [clear("v2")], "v2", [clear("v2")]],
  ["two versions: the last one counts", [clear("v3"), clear("v2")], "v2", [clear("v2"), clear("v2")]],
  ["a version without a task that has begun", [clear("v3")], "v1", [clear("v1")]],
  ["a version that is gone", [clear("v9")], "v1", [clear("v1")]],
];

describe("movedRun", () => {
  for (const [what, acts, version, left] of ROWS) {
    it(what, async () => {
      const moved = await movedRun(run(...acts), async wanted => GRAPHS.get(wanted));
      assert.deepEqual([moved.version, moved.acts], [version, pending(...left)]);
    });
  }

  it("a run that nobody wants anything of", async () => {
    const quiet = runOf("etl~1", "running", 1);
    assert.equal(await movedRun(quiet, async () => undefined), quiet);
  });
});
