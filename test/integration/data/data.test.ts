import assert from "node:assert/strict";
import { dag, run, variables, z } from "windlass";
import type { DagSpec } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { podName, runId } from "#core/ids.ts";
import type { RunHeader } from "#core/run.ts";
import { taskOf } from "#core/run.ts";
import type { Fleet } from "../../support/fleet.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

const image = "busybox:1.36";
const sh = (script: string) => ({ image, command: ["sh", "-c", script, "sh"] });
const LOGICAL_AT = Date.parse("2026-01-31T06:30:00Z");

let ordinal = 0;

async function startRun(fleet: Fleet, spec: DagSpec, more: Partial<RunHeader> = {}): Promise<string> {
  const version = contentHash(spec);
  await fleet.state.dags.putSpec(version, spec);
  const id = runId(spec.id, `data-${++ordinal}`);
  const header: RunHeader = {
    id,
    dagId: spec.id,
    version,
    trigger: { kind: "manual", by: "ada" },
    conf: {},
    createdAt: Date.now(),
  };
  await fleet.state.runs.createRun({ ...header, ...more });
  return id;
}

/** What the task's first try wrote; the store has it soon after the end. */
const written = (fleet: Fleet, run: string, taskId: string): Promise<string> =>
  until(async () => (await fleet.logText({ runId: run, taskId, try: 1, infra: 0 })) || undefined, {
    deadlineMs: 10_000,
    what: `the log of ${taskId}`,
  });

const renderedOf = async (fleet: Fleet, id: string, taskId: string) =>
  (await fleet.state.runs.listTries(id)).filter(one => one.taskId === taskId).map(({ rendered }) => rendered);

describe("data between tasks", () => {
  const shared = sharedFleet(async fleet => {
    await fleet.scheduler();
    await fleet.worker({ WINDLASS_VAR_FROM_ENV: '{"a":[1,2]}' });
  });

  it("reaches args, env, labels, resources and the override of the next task", async () => {
    const { fleet } = shared;
    await fleet.state.variables.putVariable("bucket", "lake", { at: 1, by: "ada" });
    const Out = z.object({ rows: z.int(), table: z.string(), memory: z.string() });
    const spec = dag("data", { params: z.object({ country: z.string().default("DE") }), owner: "team a" }, (d, { params }) => {
      const extract = d.pod("extract", {
        ...sh(`echo '{"rows":42,"table":"orders, new","memory":"48Mi"}' > $WINDLASS_RESULT_PATH`),
        result: Out,
      });
      d.pod("load", {
        ...sh('echo "$1|$2|$ROWS|$WHO|$ENVVAR"'),
        args: [`s3://${variables.bucket}/${run.ds}/${extract.output.table}`, params.country.pipe("lower")],
        env: { ROWS: extract.output.rows, WHO: `${run.trigger.by}`, ENVVAR: variables["from.env"] },
        labels: { table: extract.output.table, rows: extract.output.rows, owner: "{{ dag.owner }}" },
        resources: { limits: { memory: extract.output.memory } },
        podOverride: { spec: { terminationGracePeriodSeconds: extract.output.rows } },
        // The pod stays, to be looked at.
        onFinish: "keep",
      });
    });
    const id = await startRun(fleet, spec, { conf: { country: "FR" }, logicalAt: LOGICAL_AT });
    const ended = await fleet.ended(id);
    assert.equal(ended.state, "success", JSON.stringify([...ended.tasks]));
    const key = { runId: id, taskId: "load", try: 1, infra: 0 };
    assert.equal(await written(fleet, id, "load"), 's3://lake/2026-01-31/orders, new|fr|42|ada|{"a":[1,2]}\n');

    const pod = (await fleet.kube.getPod(fleet.namespace, podName({ ...key, dagId: "data" })))!;
    const { labels = {} } = pod.metadata;
    assert.equal(labels.rows, "42");
    assert.match(labels.table ?? "", /^orders_new-[a-z0-9]+$/, "what is no label value becomes one");
    assert.match(labels.owner ?? "", /^team_a-[a-z0-9]+$/);
    assert.deepEqual(pod.spec.containers[0]?.resources?.limits, { memory: "48Mi" });
    const [rendered] = await renderedOf(fleet, id, "load");
    assert.equal(rendered?.["pod.args.0"], "s3://lake/2026-01-31/orders, new");
    assert.equal(rendered?.["pod.podOverride.spec.terminationGracePeriodSeconds"], "42");
    assert.deepEqual(await renderedOf(fleet, id, "extract"), [undefined], "a task without texts has nothing to show");
  });

  it("names what is missing when a try cannot be rendered", async () => {
    const { fleet } = shared;
    const spec = dag("missing", {}, d => {
      d.pod("load", { ...sh("true"), args: [`${variables.nowhere}`], retries: 2, retryDelay: 0 });
    });
    const id = await startRun(fleet, spec);
    const ended = await fleet.ended(id);
    const { outcome, try: tries } = taskOf(ended, "load");
    assert.equal(ended.state, "failed");
    assert.equal(tries, 1, "a mistake in the configuration uses up no tries");
    assert.deepEqual(
      { code: outcome?.code, blame: outcome?.blame, evidence: outcome?.evidence },
      { code: "TemplateError", blame: "config", evidence: "{{ variables.nowhere }}" },
    );
    assert.match(outcome?.message ?? "", /variables has no 'nowhere'/);
  });

  it("tells a retry of today's variable and of its own number", async () => {
    const { fleet } = shared;
    const { variables: store } = fleet.state;
    await store.putVariable("mode", "first", { at: 1, by: "ada" });
    const spec = dag("retries", {}, d => {
      d.pod("load", {
        ...sh('echo "$1 $2"; [ "$1" = second ]'),
        args: [variables.mode, "{{ task.try }}"],
        retries: 1,
        retryDelay: 300,
      });
    });
    const id = await startRun(fleet, spec);
    await fleet.taskIn(id, "load", "up_for_retry");
    await store.putVariable("mode", "second", { at: 2, by: "ada" });
    assert.equal((await fleet.ended(id)).state, "success");
    assert.deepEqual(await renderedOf(fleet, id, "load"), [
      { "pod.args.0": "first", "pod.args.1": "1" },
      { "pod.args.0": "second", "pod.args.1": "2" },
    ]);
  });

  it("gives each instance its item, and the next task the list of results", async () => {
    const { fleet } = shared;
    const spec = dag("mapped", {}, d => {
      const list = d.pod("list", {
        ...sh(`echo '{"files":[{"name":"a","n":1},{"name":"b","n":2}]}' > $WINDLASS_RESULT_PATH`),
        result: z.object({ files: z.array(z.object({ name: z.string(), n: z.int() })) }),
      });
      const each = d.map("each", list.output.files, (file, index) => ({
        ...sh('echo "\\"$1-$2-$3\\"" > $WINDLASS_RESULT_PATH'),
        args: [file.name, file.n, `${index}`],
        result: z.string(),
      }));
      d.pod("reduce", { ...sh('echo "$1"'), args: [each.output.pipe("join", "+"), `${each.output}`] });
    });
    const id = await startRun(fleet, spec);
    const ended = await fleet.ended(id);
    assert.equal(ended.state, "success", JSON.stringify([...ended.tasks]));
    assert.equal(await written(fleet, id, "reduce"), "a-1-0+b-2-1\n");
  });
});
