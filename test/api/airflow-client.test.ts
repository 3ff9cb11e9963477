import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { readConfig } from "#runtime/config.ts";
import { createLogger } from "#runtime/logger.ts";
import { DashboardConfig } from "../../services/dashboard/config.ts";
import { startDashboard } from "../../services/dashboard/dashboard.ts";
import { sharedFleet } from "../support/shared-fleet.ts";
import { until } from "../support/until.ts";

const run = promisify(execFile);

const CLIENT = "apache-airflow-client==3.3.2";
const TOKEN = "0123456789abcdef";
const RUN = "manual__2026-01-31T06:00:00+00:00";

const DAG = `
import { dag, text, z } from "windlass";

const sh = (script: string) => ({ image: "busybox:1.36", command: ["sh", "-c"], args: [script] });

export default dag("shop", { tags: ["demo"], params: z.object({ country: z.string().default("DE") }) }, (d, { params }) => {
  const list = d.pod("list", {
    ...sh("echo from $COUNTRY; echo second line; echo '{\\"rows\\": 3}' > $WINDLASS_RESULT_PATH"),
    env: { COUNTRY: text\`\${params.country}\` },
    result: z.object({ rows: z.int() }),
  });
  const load = d.map("load", [1, 2], () => sh("echo"));
  const check = d.pod("check", { ...sh("exit 3"), retries: 1, retryDelay: "0s" });
  list.before(load).before(check);
});
`;

describe("the real apache-airflow-client", function () {
  this.timeout(180_000);
  const shared = sharedFleet(fleet => Promise.all([fleet.scheduler(), fleet.worker()]));
  const stack = new AsyncDisposableStack();
  // biome-ignore lint/suspicious/noExplicitAny: what the script prints, step by step
  let said: any;

  before(async () => {
    const { fleet } = shared;
    writeFileSync(join(fleet.dagsDir, "shop.ts"), DAG);
    const [dashboard, python] = await Promise.all([openDashboard(), installClient()]);
    await until(() => fleet.state.dags.getDag("shop"), { deadlineMs: 20_000, what: "the DAG" });
    const script = join(import.meta.dirname, "airflow_script.py");
    const { stdout } = await run(python, [script, dashboard, "anybody", TOKEN], { timeout: 120_000 });
    said = JSON.parse(stdout);
  });
  after(() => stack.disposeAsync());

  async function openDashboard(): Promise<string> {
    const { fleet } = shared;
    const config = readConfig(DashboardConfig, {
      REDIS_URL: `redis://${fleet.redis.options.host}:${fleet.redis.options.port}`,
      WINDLASS_PREFIX: fleet.prefix,
      WINDLASS_LOGS_DIR: fleet.logsDir,
      WINDLASS_PORT: "0",
      WINDLASS_TOKEN: TOKEN,
    });
    const dashboard = await startDashboard(config, { log: createLogger("test", { level: "silent" }) });
    stack.defer(() => dashboard.close());
    return dashboard.url;
  }

  /** A virtual environment of the test's own. */
  async function installClient(): Promise<string> {
    const dir = mkdtempSync(join(tmpdir(), "windlass-airflow-"));
    stack.defer(() => rmSync(dir, { recursive: true, force: true }));
    await run("python3", ["-m", "venv", dir]);
    const python = join(dir, "bin", "python");
    await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", CLIENT], { timeout: 120_000 });
    return python;
  }

  const ENDED = [
    4,
    [
      ["list", -1, "success", 1],
      ["load", 0, "success", 1],
      ["load", 1, "success", 1],
      ["check", -1, "failed", 2],
    ],
  ];

  const STEPS: readonly [what: string, step: string, expected: unknown][] = [
    ["reads the version", "version", "3.3.2"],
    ["sees that a scheduler leads", "scheduler", "healthy"],
    ["lists DAGs by tag", "dags", [1, ["shop"], false]],
    ["reads a DAG's parameters", "details", "DE"],
    ["triggers a run with conf, date and note", "triggered", [RUN, { country: "FR" }, "manual", "by a script"]],
    ["is told that the run exists", "again", [409, true]],
    ["is told what is wrong with conf", "wrong conf", [400, true]],
    ["polls a run until it has ended", "ended", "failed"],
    ["lists its task instances", "instances", ENDED],
    ["lists runs by state", "listed", [RUN]],
    ["lists the runs of all DAGs", "everywhere", [RUN]],
    ["lists the instances of a mapped task", "mapped", [0, 1]],
    [
      "lists the tries of a task",
      "tries",
      [
        [1, "up_for_retry"],
        [2, "failed"],
      ],
    ],
    ["reads a log as JSON", "log", ["from FR", "second line"]],
    ["is told that a log has ended", "token", null],
    ["reads a log line by line", "lines", ["from FR", "second line"]],
    ["reads a result", "result", { rows: 3 }],
    ["asks what a clear would do", "would clear", [1, "failed"]],
    ["clears a task and polls again", "after clear", ["failed", ["check", -1, "failed", 4]]],
    ["clears a run", "cleared", [RUN, "failed", ["list", -1, "success", 2]]],
    ["marks a run", "marked", ["success", "fine"]],
    ["pauses and unpauses a DAG", "paused", [true, false]],
    ["is told that a DAG is unknown", "unknown", [404, true]],
    ["is told what Windlass does not have", "absent", [501, true]],
  ];
  for (const [what, step, expected] of STEPS) it(what, () => assert.deepEqual(said[step], expected));
});
