import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { labelValue } from "#core/ids.ts";
import { isRunFinal, type Run } from "#core/run.ts";
import { readConfig } from "#runtime/config.ts";
import { createLogger } from "#runtime/logger.ts";
import { DashboardConfig } from "../../../services/dashboard/config.ts";
import { type Dashboard, startDashboard } from "../../../services/dashboard/dashboard.ts";
import { openHookServer, type ReceivedHook } from "../../support/hook-server.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

const DAGS = join(import.meta.dirname, "../../../dags");

/** Functions run with this machine's node and this checkout's program; a resource is looked at often. */
const WORKER = {
  WINDLASS_RESOURCE_EVERY_MS: "200",
  WINDLASS_FN_IMAGE: "node:24",
  WINDLASS_FN_ENTRY: join(DAGS, "../services/cli/run-fn.ts"),
};

/** What a person does with an example, and what comes of it: task states by id, without the mapped tasks' instances. */
interface Example {
  /** What the cluster has to know first. */
  prepare?: () => Promise<unknown>;
  conf?: (hook: string) => object;
  /** While the run is under way. */
  meanwhile?: (run: string) => Promise<void>;
  state: Run["state"];
  tasks: Readonly<Record<string, string>>;
  /** @param hooks what was posted to the test's server */
  afterwards?: (run: Run, hooks: readonly ReceivedHook[]) => Promise<void>;
}

describe("the examples in dags/", () => {
  let dashboard: Dashboard;
  const shared = sharedFleet(async fleet => {
    await Promise.all([fleet.scheduler({ WINDLASS_DAGS_DIR: DAGS }), fleet.worker(WORKER)]);
    const { host, port } = fleet.redis.options;
    const config = readConfig(DashboardConfig, {
      REDIS_URL: `redis://${host}:${port}`,
      WINDLASS_PREFIX: fleet.prefix,
      WINDLASS_PORT: "0",
      WINDLASS_LOGS_DIR: fleet.logsDir,
    });
    dashboard = await startDashboard(config, { log: createLogger("test", { level: "silent" }) });
  });
  after(() => dashboard.close());

  async function post(path: string, body: object): Promise<Record<string, unknown>> {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${dashboard.url}/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    const reply = (await response.json()) as Record<string, unknown>;
    assert.ok(response.ok, `${path}: ${response.status} ${JSON.stringify(reply)}`);
    return reply;
  }

  const published = (dagId: string) =>
    until(async () => await shared.fleet.state.dags.getDag(dagId), { deadlineMs: 20_000, what: `DAG ${dagId}` });

  const output = async (run: Run, task: string) => (await shared.fleet.state.runs.outputs(run.id)).get(task);
  /** A try ends before its log is read to its end. */
  const log = (run: Run, task: string) =>
    until(() => shared.fleet.logText({ runId: run.id, taskId: task, try: 1 }), {
      deadlineMs: 10_000,
      what: `the log of ${task}`,
    });

  const SPARK = "/apis/sparkoperator.k8s.io/v1beta2/namespaces/default/sparkapplications";

  interface SparkJob {
    metadata: { name: string; labels: Readonly<Record<string, string>> };
    spec: { mainClass: string };
  }

  async function cluster(path: string, method = "GET", body?: object, type = "application/json"): Promise<unknown> {
    const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": type } };
    const response = await fetch(`${shared.cluster.url}${path}`, { method, ...init });
    assert.ok(response.ok, `${method} ${path}: ${response.status}`);
    return response.json();
  }

  const defineSpark = () =>
    cluster("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "POST", {
      metadata: { name: "sparkapplications.sparkoperator.k8s.io" },
      spec: {
        group: "sparkoperator.k8s.io",
        scope: "Namespaced",
        names: { plural: "sparkapplications", kind: "SparkApplication" },
        versions: [{ name: "v1beta2", served: true, storage: true, subresources: { status: {} } }],
      },
    });

  async function sparkJobOf(run: string): Promise<SparkJob | undefined> {
    const { items } = (await cluster(SPARK)) as { items: SparkJob[] };
    return items.find(({ metadata }) => metadata.labels["windlass.dev/run"] === labelValue(run));
  }

  const setSparkState = (name: string, state: string) =>
    cluster(`${SPARK}/${name}/status`, "PATCH", { status: { applicationState: { state } } }, "application/merge-patch+json");

  const EXAMPLES: Readonly<Record<string, Example>> = {
    kubernetes_sample: {
      // Its retry is ten seconds away; a person does not wait for it.
      async meanwhile(run) {
        await shared.fleet.taskIn(run, "failing-task", "up_for_retry");
        await post(`runs/${encodeURIComponent(run)}/tasks/failing-task/retry`, {});
      },
      state: "failed",
      tasks: { run_this_first: "success", "passing-task": "success", "failing-task": "failed" },
    },
    etl: {
      conf: () => ({ region: "us" }),
      state: "success",
      tasks: { extract: "success", "load.clean": "success", "load.report": "success" },
      async afterwards(run) {
        assert.deepEqual(await output(run, "load.clean@1"), { name: "users-us", rows: 4 });
        const day = new Date(run.createdAt).toISOString().slice(0, 10);
        const tables = '[{"name":"orders-us","rows":2},{"name":"users-us","rows":4}]';
        assert.equal(await log(run, "load.report"), `${day}: ${tables}\n`);
      },
    },
    branch: {
      state: "success",
      tasks: {
        measure: "success",
        "by-size": "success",
        "big.split": "success",
        "big.merge": "success",
        small: "skipped",
        both: "success",
        check: "failed",
        "by-code": "success",
        fine: "skipped",
        repair: "success",
      },
    },
    approval: {
      async meanwhile(run) {
        await shared.fleet.taskIn(run, "ask", "deferred");
        await post(`runs/${encodeURIComponent(run)}/tasks/ask/approval`, { answer: "later" });
      },
      state: "success",
      tasks: { prepare: "success", ask: "success", decide: "success", publish: "skipped", "leave-it": "success" },
    },
    notices: {
      conf: hook => ({ hook }),
      state: "success",
      tasks: { shaky: "success", quiet: "success" },
      async afterwards(run, hooks) {
        await until(() => hooks.length >= 3, { deadlineMs: 15_000, what: "three notices" });
        const told = hooks.map(({ body }) => JSON.parse(body) as { moment: string; runId: string; taskId?: string });
        assert.deepEqual(told.map(({ moment, taskId }) => [moment, taskId]).toSorted(), [
          ["onRetry", "shaky"],
          ["onSuccess", undefined],
          ["onSuccess", "shaky"],
        ]);
        assert.ok(told.every(({ runId }) => runId === run.id));
      },
    },
    functions: {
      state: "success",
      tasks: { list: "success", count: "success", sum: "success" },
      async afterwards(run) {
        assert.deepEqual(await output(run, "sum"), { total: 16 });
      },
    },
    setup_teardown: {
      state: "failed",
      tasks: { create: "success", work: "failed", drop: "success" },
    },
    spark_pi: {
      prepare: defineSpark,
      // The embedded cluster knows a kind whose definition it was given, and has no operator: the test says what one would.
      async meanwhile(run) {
        const job = await until(() => sparkJobOf(run), { deadlineMs: 20_000, what: "the SparkApplication" });
        assert.equal(job.spec.mainClass, "org.apache.spark.examples.SparkPi");
        for (const state of ["RUNNING", "COMPLETED"]) await setSparkState(job.metadata.name, state);
      },
      state: "success",
      tasks: { pi: "success" },
      async afterwards(run) {
        assert.equal(run.tasks.get("pi")?.outcome?.message, "status.applicationState.state is COMPLETED");
        await until(async () => (await sparkJobOf(run.id)) === undefined, { what: "the end of the SparkApplication" });
      },
    },
  };

  for (const [dagId, { conf, prepare, meanwhile, state, tasks, afterwards }] of Object.entries(EXAMPLES)) {
    it(`${dagId} runs to its end`, async () => {
      const server = await openHookServer();
      await using _server = { [Symbol.asyncDispose]: async () => server.close() };
      await published(dagId);
      await prepare?.();
      const { id } = (await post(`dags/${dagId}/runs`, { conf: conf?.(server.url) ?? {} })) as { id: string };
      await meanwhile?.(id);
      const run = await shared.fleet.ended(id, 40_000);
      const states = Object.fromEntries([...run.tasks].map(([task, record]) => [task, record.state]));
      assert.deepEqual([run.state, withoutInstances(states)], [state, tasks]);
      await afterwards?.(run, server.hooks);
    }).timeout(60_000);
  }

  it("daily_totals makes up three days, one after the other", async () => {
    await published("daily_totals");
    const { runs } = shared.fleet.state;
    const ended = async () => {
      const list = await runs.listRuns({ dagId: "daily_totals", limit: 10 });
      return list.length === 3 && list.every(run => isRunFinal(run.state)) ? list : undefined;
    };
    const days = await until(ended, { deadlineMs: 30_000, what: "three runs" });
    const logs = await Promise.all(days.map(async ({ id }) => log((await runs.getRun(id))!, "total")));
    assert.deepEqual(logs.toSorted(), ["totals of 2026-01-01\n", "totals of 2026-01-02\n", "totals of 2026-01-03\n"]);
    assert.ok(days.every(run => run.state === "success" && run.trigger.kind === "schedule"));
    const spans = days.toSorted((a, b) => a.logicalAt! - b.logicalAt!);
    for (const [index, run] of spans.slice(1).entries()) assert.ok(run.startedAt! >= spans[index]!.endedAt!, "never two at once");
  }).timeout(60_000);

  it("all have a test here", () => {
    const files = globSync("*.ts", { cwd: DAGS }).map(file => basename(file, ".ts"));
    assert.deepEqual(files.toSorted(), [...Object.keys(EXAMPLES), "daily_totals"].toSorted());
  });
});

const withoutInstances = (states: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(states).filter(([task]) => !task.includes("@")));
