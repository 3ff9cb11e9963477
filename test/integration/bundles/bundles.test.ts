import assert from "node:assert/strict";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { readConfig } from "#runtime/config.ts";
import { createLogger } from "#runtime/logger.ts";
import { dags } from "../../../services/cli/commands/dags/index.ts";
import { SchedulerConfig } from "../../../services/scheduler/config.ts";
import { type SchedulerHandle, startScheduler } from "../../../services/scheduler/scheduler.ts";
import { runCommand } from "../../support/run-command.ts";
import { until } from "../../support/until.ts";
import { openUserProject } from "../../support/user-project.ts";
import { type OpenDashboard, openDashboard } from "../dashboard/open-dashboard.ts";

const dagText = (id: string, image = "busybox:1.36"): string =>
  `import { dag } from "windlass";\nexport default dag("${id}", {}, d => void d.pod("only", { image: "${image}" }));\n`;

describe("bundles", () => {
  let server: OpenDashboard;
  let dir: string;
  const schedulers: SchedulerHandle[] = [];

  async function scheduler(name: string): Promise<SchedulerHandle> {
    const config = readConfig(SchedulerConfig, {
      REDIS_URL: server.redis.url,
      WINDLASS_PREFIX: server.redis.prefix,
      WINDLASS_DAGS_DIR: join(dir, "dags"),
      WINDLASS_BUNDLES_DIR: join(dir, `bundles-${name}`),
      WINDLASS_LEASE_MS: "500",
      WINDLASS_HEALTH_PORT: "0",
    });
    const handle = await startScheduler(config, createLogger("test", { level: "silent" }));
    schedulers.push(handle);
    await until(async () => (await server.state.leader.leading()) !== undefined, { deadlineMs: 15_000, what: "a leader" });
    return handle;
  }

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "windlass-bundles-"));
    mkdirSync(join(dir, "dags"));
    server = await openDashboard();
  });
  afterEach(async () => {
    await Promise.all(schedulers.splice(0).map(one => one.close()));
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const put = (name: string, files: Record<string, string>, query = "") =>
    server.ask(`/api/v1/bundles/${name}${query}`, { method: "PUT", body: { files } });
  const dagIds = async (): Promise<string[]> => (await server.state.dags.listDags()).map(({ id }) => id);
  const imageOf = async (id: string): Promise<string | undefined> => {
    const row = await server.state.dags.getDag(id);
    const task = row && (await server.state.dags.getSpec(row.version))?.tasks[0];
    return task?.operator === "pod" ? task.pod.image : undefined;
  };

  it("go live beside the DAG folder, and their runs can be started", async () => {
    writeFileSync(join(dir, "dags/own.ts"), dagText("own"));
    await scheduler("a");
    await until(async () => (await dagIds()).includes("own"), { deadlineMs: 15_000, what: "the folder's DAG" });
    const helper = 'export const image = "helped:1";\n';
    const sent = `import { dag } from "windlass";\nimport { image } from "./lib/image.ts";\nexport default dag("sent", {}, d => void d.pod("a", { image }));\n`;
    const { status, body } = await put("team", { "sent.ts": sent, "lib/image.ts": helper });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual([body.status, body.dags, body.active], ["live", ["sent"], body.version]);
    assert.deepEqual(await dagIds(), ["own", "sent"]);
    assert.equal(await imageOf("sent"), "helped:1");
    assert.equal((await server.state.dags.getDag("sent"))!.file, "bundle:team/sent.ts");
    assert.equal((await server.ask("/api/v1/dags/sent/runs", { method: "POST", body: {} })).status, 201);
  });

  it("that hold a mistake are refused as a whole, with file and line, and what was live stays", async () => {
    await scheduler("a");
    await put("team", { "one.ts": dagText("one", "v:1") });
    const refused = await put("team", { "one.ts": dagText("one", "v:2"), "two.ts": `${dagText("two")}\nexport const x = y;\n` });
    assert.equal(refused.status, 422);
    assert.equal(refused.body.code, "WL_BUNDLE_REFUSED");
    assert.equal(refused.body.errors[0].pointer, "#/files/two.ts");
    assert.match(refused.body.errors[0].detail, /line 4: .*y is not defined/);
    assert.equal(await imageOf("one"), "v:1");
    assert.deepEqual((await server.ask("/api/v1/bundles/team")).body.status, "refused");
  });

  it("may not define what is defined elsewhere, nor nothing at all", async () => {
    writeFileSync(join(dir, "dags/own.ts"), dagText("own"));
    await scheduler("a");
    await until(async () => (await dagIds()).includes("own"), { deadlineMs: 15_000, what: "the folder's DAG" });
    const taken = await put("team", { "mine.ts": dagText("own") });
    assert.match(taken.body.errors[0].detail, /'own' is already defined in own\.ts/);
    const twice = await put("team", { "a.ts": dagText("x"), "b.ts": dagText("x") });
    assert.match(twice.body.errors[0].detail, /'x' is already defined in a\.ts/);
    assert.match((await put("team", { "a.ts": "export {};\n" })).body.errors[0].detail, /no file exports a DAG/);
    assert.deepEqual(await dagIds(), ["own"]);
  });

  it("are only looked at when that is asked for", async () => {
    await scheduler("a");
    const { status, body } = await put("team", { "one.ts": dagText("one") }, "?dryRun=true");
    assert.deepEqual([status, body.status, body.active, body.dags], [200, "good", undefined, ["one"]]);
    assert.deepEqual(await dagIds(), []);
  });

  it("are rolled back by version", async () => {
    await scheduler("a");
    const first = (await put("team", { "one.ts": dagText("one", "v:1") })).body.version;
    const second = (await put("team", { "one.ts": dagText("one", "v:2"), "two.ts": dagText("two") })).body.version;
    assert.deepEqual([await imageOf("one"), await dagIds()], ["v:2", ["one", "two"]]);
    const back = await server.ask("/api/v1/bundles/team", { method: "PATCH", body: { version: first } });
    assert.deepEqual([back.status, back.body.active], [200, first]);
    assert.deepEqual([await imageOf("one"), await dagIds()], ["v:1", ["one"]]);
    const versions = back.body.versions as { version: string; active: boolean }[];
    assert.deepEqual(
      versions.map(({ version, active }) => [version, active]).sort(),
      [
        [first, true],
        [second, false],
      ].sort(),
    );
    const unknown = await server.ask("/api/v1/bundles/team", { method: "PATCH", body: { version: "feedfeedfeedfeed" } });
    assert.deepEqual([unknown.status, unknown.body.code], [404, "WL_VERSION_UNKNOWN"]);
  });

  it("go with their DAGs", async () => {
    await scheduler("a");
    await put("team", { "one.ts": dagText("one") });
    assert.equal((await server.ask("/api/v1/bundles/team", { method: "DELETE" })).status, 200);
    await until(async () => (await dagIds()).length === 0, { what: "the removal" });
    assert.equal((await server.state.dags.getRemovedDag("one"))?.id, "one");
    assert.equal((await server.ask("/api/v1/bundles/team", { method: "DELETE" })).status, 404);
    await until(() => globSync("*/team", { cwd: join(dir, "bundles-a") }).length === 0, { what: "the folder's end" });
  });

  it("are there under the next leader, from its own disk", async () => {
    const leader = await scheduler("a");
    const { version } = (await put("team", { "one.ts": dagText("one", "v:1") })).body;
    await scheduler("b");
    await until(() => globSync(`*/team/${version}/one.ts`, { cwd: join(dir, "bundles-b") }).length === 1, {
      deadlineMs: 15_000,
      what: "the standby's copy",
    });
    await leader.close();
    schedulers.splice(schedulers.indexOf(leader), 1);
    // While nobody leads yet, the answer is that somebody will look.
    await put("team", { "one.ts": dagText("one", "v:2") });
    const status = async () => (await server.ask("/api/v1/bundles/team")).body.status;
    await until(async () => (await status()) === "live", { deadlineMs: 15_000, what: "the next leader's yes" });
    assert.equal(await imageOf("one"), "v:2");
  });

  it("that were sent while no scheduler ran wait for one", async () => {
    const early = await put("team", { "one.ts": dagText("one") });
    assert.deepEqual([early.status, early.body.status], [202, "checking"]);
    await scheduler("a");
    const status = async () => (await server.ask("/api/v1/bundles/team")).body.status as string;
    await until(async () => (await status()) === "live", { deadlineMs: 15_000, what: "the scheduler's verdict" });
    assert.deepEqual(await dagIds(), ["one"]);
  });

  it("have paths that stay below their folder", async () => {
    for (const path of ["../x.ts", "/tmp/x.ts", ".git/x.ts"]) {
      const { status, body } = await put("team", { [path]: dagText("x") });
      assert.deepEqual([status, body.code], [422, "WL_INPUT"], path);
    }
    assert.equal((await put("No%20Name", { "x.ts": dagText("x") })).status, 422);
  });

  describe("windlass dags deploy", () => {
    const deploy = (...args: string[]) => runCommand(dags, ["dags", "deploy", ...args, "--url", server.url, "--name", "team"]);

    it("sends a folder, shows the versions, and makes one live again", async () => {
      await scheduler("a");
      const folder = join(dir, "project/dags");
      mkdirSync(join(folder, "lib"), { recursive: true });
      writeFileSync(join(folder, "one.ts"), dagText("one", "v:1"));
      writeFileSync(join(folder, "one.test.ts"), "not sent");
      writeFileSync(join(folder, "lib/notes.yaml"), "a: 1\n");
      const first = await deploy(folder, "-m", "first");
      assert.equal(first.exitCode, 0, first.said.join("\n"));
      assert.match(first.out, /^team [0-9a-f]{16} is live: one\n$/);
      const version = first.out.split(" ")[1]!;
      assert.deepEqual(Object.keys((await server.state.bundles.files("team", version))!).sort(), ["lib/notes.yaml", "one.ts"]);
      writeFileSync(join(folder, "one.ts"), dagText("one", "v:2"));
      await deploy(folder);
      const listed = await deploy("--list", "-o", "json");
      assert.equal((JSON.parse(listed.out) as unknown[]).length, 2);
      assert.match((await deploy("--to", version)).out, /is live: one/);
      assert.equal(await imageOf("one"), "v:1");
    });

    it("exits with 2 and the mistakes when a file has one, and changes nothing with --dry-run", async () => {
      await scheduler("a");
      const folder = join(dir, "broken");
      mkdirSync(folder);
      writeFileSync(
        join(folder, "one.ts"),
        `import { dag } from "windlass";\nexport default dag("one", {}, d => void d.pod("a", {}));\n`,
      );
      const refused = await deploy(folder);
      assert.notEqual(refused.exitCode, 0);
      assert.match(refused.said.join("\n"), /one\.ts: line 2: .*image/);
      writeFileSync(join(folder, "one.ts"), dagText("one"));
      assert.match((await deploy(folder, "--dry-run")).out, /is good; nothing was changed/);
      assert.deepEqual(await dagIds(), []);
      assert.equal((await deploy(join(dir, "nowhere"))).exitCode, 2);
    });

    it("is the last step of the workflow that windlass init writes", async () => {
      await scheduler("a");
      const project = await openUserProject("file:");
      try {
        const text = readFileSync(join(project.dir, ".github/workflows/dags.yml"), "utf8");
        const { jobs } = parse(text) as { jobs: { deploy: { steps: { name?: string; run?: string }[] } } };
        const step = jobs.deploy.steps.find(({ name }) => name === "Deploy")!;
        const { exitCode, output } = await project.sh(step.run!, {
          WINDLASS_URL: server.url,
          WINDLASS_TOKEN: "",
          GITHUB_SHA: "abc123",
        });
        assert.equal(exitCode, 0, output);
        assert.match(output, /^pipelines [0-9a-f]{16} is live: hello$/m);
        const [version] = (await server.state.bundles.get("pipelines"))!.versions;
        assert.equal(version!.message, "abc123");
        assert.ok(existsSync(join(project.dir, "dags/hello.ts")));
      } finally {
        project.remove();
      }
    });
  });
});
