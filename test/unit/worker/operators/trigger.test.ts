import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import type { RunHeader, RunState } from "#core/run.ts";
import { type TriggerDeps, triggeredRunId, triggerOperator } from "../../../../services/worker/operators/trigger.ts";
import { CALM, NOW, tryRunOf } from "./try-run.ts";

const params = {
  type: "object",
  properties: { n: { type: "number", default: 7 } },
  required: ["n"],
  additionalProperties: false,
};
const CHILD = DagSpec.parse({ id: "child", params, tasks: [{ id: "a", operator: "noop" }] });

interface Scene {
  known?: RunState;
  dag?: boolean;
  more?: object;
  begunAt?: number;
}

async function play({ known, dag = true, more = {}, begunAt = NOW }: Scene) {
  const created: RunHeader[] = [];
  const deps = {
    dags: { getDag: async () => (dag ? { id: "child", version: "v" } : undefined), getSpec: async () => CHILD },
    runs: {
      getSummary: async () => known && { state: known },
      createRun: async (header: RunHeader) => {
        created.push(header);
        return { result: "created" };
      },
    },
    now: () => NOW,
  } as unknown as TriggerDeps;
  const tryRun = tryRunOf({ operator: "trigger", dag: "child", ...more }, { begunAt });
  return { end: await triggerOperator(deps)(tryRun, CALM), created, id: triggeredRunId("child", tryRun) };
}

describe("a trigger", () => {
  it("creates the run under a computed name, with defaults in its parameters and its parent noted", async () => {
    const { end, created, id } = await play({});
    assert.match(id, /^child~t-[a-z2-7]{16}$/);
    assert.deepEqual(created, [
      {
        id,
        dagId: "child",
        version: "v",
        trigger: { kind: "trigger", by: "run etl~1", parent: { runId: "etl~1", taskId: "ask" } },
        conf: { n: 7 },
        createdAt: NOW,
      },
    ]);
    assert.ok(end.type === "ended");
    assert.deepEqual([end.outcome.result, end.output], ["success", { runId: id }]);
  });

  it("names another run for another try, another task and another parent", () => {
    const task = { operator: "trigger", dag: "child" };
    const names = [
      tryRunOf(task),
      tryRunOf(task, { try: 2 }),
      tryRunOf({ ...task, id: "b" }),
      tryRunOf(task, { runId: "etl~2" }),
    ];
    assert.equal(new Set(names.map(one => triggeredRunId("child", one))).size, 4);
  });

  const table: readonly (readonly [what: string, scene: Scene, end: string, created: number])[] = [
    ["carried out once more creates nothing", { known: "running" }, "success Completed", 0],
    ["of a DAG that is not there", { dag: false }, "failed TriggerUnknownDag", 0],
    ["with parameters the DAG does not take", { more: { conf: { n: "x" } } }, "failed TriggerRefused", 0],
    ["that waits, just started", { more: { wait: true } }, "deferred AwaitingRun", 1],
    ["that waits for a run under way", { known: "running", more: { wait: true } }, "deferred AwaitingRun", 0],
    ["that waits, success", { known: "success", more: { wait: true } }, "success Completed", 0],
    ["that waits, failed", { known: "failed", more: { wait: true } }, "failed TriggeredRunFailed", 0],
    ["that waits, cancelled", { known: "cancelled", more: { wait: true } }, "failed TriggeredRunFailed", 0],
    ["that waits too long", { known: "running", more: { wait: true, timeoutMs: 5 }, begunAt: NOW - 5 }, "failed WaitTimeout", 0],
  ];
  for (const [what, scene, expected, created] of table) {
    it(`${what}: ${expected}`, async () => {
      const played = await play(scene);
      const { end } = played;
      const said =
        end.type === "ended"
          ? `${end.outcome.result} ${end.outcome.code}`
          : end.type === "deferred"
            ? `deferred ${end.code}`
            : end.type;
      assert.deepEqual([said, played.created.length], [expected, created]);
    });
  }

  it("says which run failed, and where it is", async () => {
    const { end, id } = await play({ known: "failed", more: { wait: true } });
    assert.ok(end.type === "ended");
    assert.equal(end.outcome.message, `the started run ${id} ended as failed`);
    assert.equal(end.outcome.evidence, `/runs/${encodeURIComponent(id)}`);
  });
});
