import assert from "node:assert/strict";
import type { RunHeader, TaskRun } from "#core/run.ts";
import { NOT_STARTED } from "#core/run.ts";
import { TaskSpec, type TaskSpecInput } from "#core/task-spec.ts";
import type { ScopeQuery, ScopeStore } from "#state/scope-store.ts";
import { type RenderDeps, renderTry } from "../../../services/worker/render-try.ts";
import { variableEnv, variableFallback } from "../../../services/worker/variable-fallback.ts";

const header: RunHeader = {
  id: "etl~1",
  dagId: "etl",
  version: "v",
  trigger: { kind: "manual", by: "ada" },
  conf: { n: 1 },
  createdAt: Date.parse("2026-01-31T06:30:00Z"),
};

/** A record that remembers what it was asked for. */
function scene() {
  const asked: (ScopeQuery | string)[] = [];
  const records = new Map<string, TaskRun>([
    [
      "a",
      {
        ...NOT_STARTED,
        state: "failed",
        outcome: { result: "failed", code: "ExitCode", blame: "user", message: "", exitCode: 3 },
      },
    ],
    ["many", { ...NOT_STARTED, state: "success", count: 3 }],
  ]);
  const outputs = new Map<string, number>([["a", 7]]).set("many@0", 10).set("many@2", 12);
  const scopes: ScopeStore = {
    async readScope(_, query) {
      asked.push(query);
      const pick = <T>(from: ReadonlyMap<string, T>, names: readonly string[]) =>
        new Map([...from].filter(([name]) => names.includes(name)));
      return {
        header,
        variables: pick(new Map([["set", "here"]]), query.variables),
        records: pick(records, query.records),
        outputs: pick(outputs, query.outputs),
      };
    },
    async instanceOutputs(_, taskId, count) {
      asked.push(`${taskId} × ${count}`);
      return Array.from({ length: count }, (_, i) => outputs.get(`${taskId}@${i}`) ?? null);
    },
  };
  const deps: RenderDeps = { scopes, fallback: name => (name === "env" ? "from env" : undefined) };
  return { asked, deps };
}

async function render(args: string[], { map, taskId = "t" }: { map?: TaskSpecInput["map"]; taskId?: string } = {}) {
  const { asked, deps } = scene();
  const task = TaskSpec.parse({ id: taskId.split("@")[0], operator: "pod", pod: { image: "img", args }, map });
  const dag = { id: "etl", tags: ["x"] };
  const made = await renderTry(
    { runId: "etl~1", taskId, try: 2 },
    { task: { ...task, id: taskId }, podDefaults: undefined, dag },
    deps,
  );
  if ("failure" in made) return { asked, failure: made.failure };
  return { asked, task: made.task, args: made.task.operator === "pod" ? made.task.pod.args : undefined, rendered: made.rendered };
}

describe("renderTry", () => {
  it("asks nobody when there is nothing to render", async () => {
    const { asked, args, rendered } = await render(["a"]);
    assert.deepEqual([asked, args, rendered], [[], ["a"], undefined]);
  });

  it("asks once, and for what is named only", async () => {
    const { asked, args } = await render([
      "{{ variables.set }} {{ variables.env }} {{ tasks.a.exitCode }} {{ tasks.a.state }} {{ params.n }}",
    ]);
    assert.deepEqual(args, ["here from env 3 failed 1"]);
    assert.deepEqual(asked, [{ variables: ["set", "env"], records: ["a"], outputs: [] }]);
  });

  it("knows the run, the DAG and the try itself", async () => {
    const { args } = await render([
      "{{ run.ds }} {{ run.trigger.by }} {{ dag.tags }} {{ task.id }} {{ task.try }} {{ run.interval.end }}",
    ]);
    assert.deepEqual(args, ['2026-01-31 ada ["x"] t 2 2026-01-31T06:30:00Z']);
  });

  it("gives the results of a mapped task in their order, with null for none", async () => {
    const { asked, args } = await render(["{{ tasks.many.outputs }}"]);
    assert.deepEqual(args, ["[10,null,12]"]);
    assert.deepEqual(asked[1], "many × 3");
  });

  it("asks for one instance's result where a map goes over the results of another", async () => {
    const { asked, args } = await render(["{{ item }} {{ index }} {{ task.index }}"], {
      map: { over: "{{ tasks.many.outputs }}" },
      taskId: "t@2",
    });
    assert.deepEqual(args, ["12 2 2"]);
    assert.deepEqual(asked, [{ variables: [], records: ["many"], outputs: ["many@2"] }]);
  });

  it("fails the try as a matter of the configuration", async () => {
    const { failure } = await render(["{{ tasks.b.output }}"]);
    assert.deepEqual([failure?.code, failure?.blame, failure?.evidence], ["TemplateError", "config", "{{ tasks.b.output }}"]);
  });
});

describe("variableFallback", () => {
  it("reads WINDLASS_VAR_<NAME>, as JSON or as text", () => {
    const env: Record<string, string> = {
      WINDLASS_VAR_S3_BUCKET: "lake",
      WINDLASS_VAR_LIMITS: '{"rows":[1]}',
      WINDLASS_VAR_N: "5",
    };
    const read = (name: string) => env[name];
    assert.equal(variableEnv("s3.bucket"), "WINDLASS_VAR_S3_BUCKET");
    assert.deepEqual(
      ["s3.bucket", "limits", "n", "none"].map(name => variableFallback(name, read)),
      ["lake", { rows: [1] }, 5, undefined],
    );
  });
});
