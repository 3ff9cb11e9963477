import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { initCommand } from "../../../services/cli/commands/init.ts";
import { runCommand } from "../../support/run-command.ts";
import { type Installation, openUserProject, type UserProject } from "../../support/user-project.ts";

interface Workflow {
  jobs: Record<
    string,
    { needs?: string | string[]; steps: { name?: string; uses?: string; run?: string; env?: Record<string, string> }[] }
  >;
}

/** Steps that need the network, and what else they would do. */
const NEEDS_NETWORK = /^npm ci$/;

for (const how of ["file:", "npm pack"] satisfies Installation[]) {
  describe(`a project by windlass init, Windlass installed by ${how}`, function () {
    this.timeout(120_000);
    let project: UserProject;
    before(async () => {
      project = await openUserProject(how);
    });
    after(() => project.remove());

    it("passes its own test", async () => {
      const { exitCode, output } = await project.sh("npm test");
      assert.equal(exitCode, 0, output);
      assert.match(output, /pass 3/);
      assert.doesNotMatch(output, /ExperimentalWarning/);
    });

    it("has a test that can fail", async () => {
      const file = join(project.dir, "dags/hello.ts");
      const text = readFileSync(file, "utf8");
      writeFileSync(file, text.replace("retries: 2", "retries: 1"));
      const { exitCode, output } = await project.sh("npm test");
      writeFileSync(file, text);
      assert.equal(exitCode, 1);
      assert.match(output, /expected {"count":"up_for_retry","greet":"none"}/);
    });

    it("passes every step of its workflow's test that needs no network", async () => {
      const workflow = parse(readFileSync(join(project.dir, ".github/workflows/dags.yml"), "utf8")) as Workflow;
      const steps = workflow.jobs.test!.steps.flatMap(({ run }) => (run === undefined || NEEDS_NETWORK.test(run) ? [] : [run]));
      assert.equal(steps.length, 4);
      for (const step of steps) {
        const { exitCode, output } = await project.sh(step);
        assert.equal(exitCode, 0, `${step}\n${output}`);
      }
    });
  });
}

describe("windlass init", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "windlass-init-"));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("writes the project and says what comes next", async () => {
    const to = join(dir, "My Pipelines");
    const { exitCode, out } = await runCommand(initCommand, ["init", to]);
    assert.equal(exitCode, 0);
    for (const file of [".github/workflows/dags.yml", ".gitignore", "docker-compose.yml", "dags/hello.ts", "test/hello.test.ts"])
      assert.ok(out.includes(`  ${file}\n`), `${file} in\n${out}`);
    const { name, dependencies } = JSON.parse(readFileSync(join(to, "package.json"), "utf8")) as Record<string, unknown>;
    assert.equal(name, "my-pipelines");
    assert.match((dependencies as { windlass: string }).windlass, /^\^\d/);
  });

  it("overwrites nothing", async () => {
    writeFileSync(join(dir, "mine.txt"), "mine");
    const { exitCode, said } = await runCommand(initCommand, ["init", dir]);
    assert.equal(exitCode, 2);
    assert.match(said[0] ?? "", /is not empty: .*mine\.txt/);
  });

  it("has a compose file and a workflow that are YAML, with the services and jobs in the right order", async () => {
    const to = join(dir, "order");
    await runCommand(initCommand, ["init", to]);
    const compose = parse(readFileSync(join(to, "docker-compose.yml"), "utf8"), { merge: true }) as {
      services: Record<string, { command?: unknown }>;
    };
    assert.deepEqual(Object.keys(compose.services), ["redis", "cluster", "scheduler", "worker", "dashboard"]);
    for (const name of ["scheduler", "worker", "dashboard"]) assert.deepEqual(compose.services[name]!.command, [name]);
    const { jobs } = parse(readFileSync(join(to, ".github/workflows/dags.yml"), "utf8")) as Workflow;
    assert.deepEqual(
      Object.entries(jobs).map(([name, { needs }]) => [name, needs]),
      [
        ["test", undefined],
        ["image", "test"],
        ["deploy", ["test", "image"]],
      ],
    );
  });

  it("the workflow writes a new image tag where the DAGs name their image", async () => {
    const project = await openUserProject("file:");
    try {
      const { jobs } = parse(readFileSync(join(project.dir, ".github/workflows/dags.yml"), "utf8")) as Workflow;
      const step = jobs.deploy!.steps.find(({ name }) => name === "Write the new image into the DAGs");
      const { exitCode } = await project.sh(step!.run!, { NEW_IMAGE: "registry.example/etl:abc123" });
      assert.equal(exitCode, 0);
      const { output } = await project.sh("npx windlass dags validate dags && cat dags/lib/image.ts");
      assert.match(output, /^export const image = "registry\.example\/etl:abc123";$/m);
    } finally {
      project.remove();
    }
  });
});
