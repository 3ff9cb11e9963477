import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testDagCommand } from "../../../services/cli/commands/dags/test.ts";
import { type CommandResult, runCommand } from "../../support/run-command.ts";

const DAGS = join(import.meta.dirname, "../../../dags");

describe("windlass dags test", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "windlass-dags-test-test-"));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  const test = (file: string, ...options: string[]): Promise<CommandResult> =>
    runCommand([testDagCommand], ["dags", "test", file, ...options]);

  /** A file with one DAG whose callback has this body. */
  function dagFile(name: string, body: string, options = "{}"): string {
    const file = join(dir, `${name}.ts`);
    writeFileSync(
      file,
      `import { asset, dag, run, z } from "windlass";\nexport default dag("${name}", ${options}, (d, { params }) => {\n${body}\n});\n`,
    );
    return file;
  }
  const rows = ({ out }: CommandResult): string[] => out.split("\n").map(line => line.replace(/^[ │├└─]*/u, ""));

  it("runs pods with typed results and parameters", async () => {
    const result = await test(join(DAGS, "etl.ts"), "-p", "region=us");
    assert.equal(result.exitCode, 0, result.said.join("\n"));
    assert.ok(rows(result).includes("✔ load.report  success  try 1 of 3"), result.out);
  });

  it("tells how a task failed, and the end of its log", async () => {
    const file = dagFile(
      "fails",
      `const a = d.pod("a", { image: "busybox:1.36", retries: 1, retryDelay: "1h", command: ["sh", "-c", "echo try $WINDLASS_TRY; exit 3"] });
       a.before(d.pod("b", { image: "busybox:1.36" }));`,
    );
    const result = await test(file, "--fast-retries");
    assert.equal(result.exitCode, 1);
    const shown = rows(result);
    assert.ok(shown.includes("✘ a  failed  try 2 of 2  ExitCode (exit 3)"), result.out);
    assert.ok(shown.includes("⊘ b  upstream_failed"), result.out);
    assert.ok(shown.includes("| try 2"), "the log of the last try");
    assert.ok(!shown.includes("| try 1"), "and not that of the first");
    assert.equal(result.said.filter(line => line.startsWith("↻ a")).length, 1);
  });

  it("maps, branches and skips as the scheduler does", async () => {
    const file = dagFile(
      "shapes",
      `const list = d.pod("list", { image: "busybox:1.36", command: ["sh", "-c", "printf '[1,2,3]' > $WINDLASS_RESULT_PATH"], result: z.array(z.int()) });
       const m = d.map("m", list.output, n => ({ image: "busybox:1.36", command: ["sh", "-c"], args: [\`[ \${n} -lt 3 ]\`] }), { maxActive: 2, maxFailures: 1 });
       d.chain(list, m, d.branch("way", { on: params.way, cases: { left: d.empty("left"), right: d.empty("right") } }));`,
      '{ params: z.object({ way: z.enum(["left", "right"]) }) }',
    );
    const result = await test(file, "-p", "way=left", "-o", "json");
    const { tasks, state } = JSON.parse(result.out) as { state: string; tasks: { id: string; state: string }[] };
    assert.deepEqual(Object.fromEntries(tasks.map(task => [task.id, task.state])), {
      list: "success",
      m: "success",
      way: "success",
      left: "success",
      right: "skipped",
    });
    assert.deepEqual([state, result.exitCode], ["success", 0]);
  });

  it("calls functions", async () => {
    const result = await test(join(DAGS, "functions.ts"), "-o", "json");
    const { tasks } = JSON.parse(result.out) as { tasks: { id: string; output?: unknown }[] };
    assert.deepEqual(tasks.find(({ id }) => id === "sum")?.output, { total: 16 });
  });

  it("does not run what is mocked, and says so", async () => {
    const file = dagFile(
      "mocked",
      `const a = d.pod("a", { image: "registry.example/etl:1.4", result: z.object({ rows: z.int() }) });
       d.pod("b", { image: "busybox:1.36", command: ["sh", "-c"], args: [\`[ \${a.output.rows} = 7 ]\`] });`,
    );
    const mocked = await test(file, "--mock", 'a={"rows":7}');
    assert.equal(mocked.exitCode, 0, mocked.out);
    assert.ok(mocked.said.includes("· a  not run (--mock)"));
    const wrong = await test(file, "--mock", 'a={"rows":"many"}');
    assert.match(wrong.out, /ResultInvalid/);
    const unknown = await test(file, "--mock", "c");
    assert.deepEqual([unknown.exitCode, unknown.said[0]], [2, "error: --mock: there is no task 'c' but a, b"]);
  });

  it("knows images that are like others", async () => {
    const file = dagFile("images", `d.pod("a", { image: "registry.example/etl:1.4", command: ["true"] });`);
    assert.equal((await test(file)).exitCode, 1);
    assert.equal((await test(file, "--image", "registry.example/etl=busybox")).exitCode, 0);
  });

  it("stands in for people, other DAGs and the time, and says so", async () => {
    const file = dagFile(
      "outside",
      `const ask = d.approval("ask", { question: "Go on?", options: ["maybe"] });
       d.chain(ask, d.wait.until("later", { after: "9h" }), d.trigger("other", { dag: "other", wait: true }));
       ask.before(d.branch("way", { on: ask.output, cases: { maybe: d.empty("maybe") } }));`,
    );
    const result = await test(file, "--answer", "ask=maybe");
    assert.equal(result.exitCode, 0, result.out);
    assert.deepEqual(
      result.said.filter(line => line.startsWith("·")),
      [
        "· ask  asks a person: answered maybe",
        "· later  a wait for a time: taken for over",
        "· other  starts a run of other: not started",
      ],
    );
    assert.equal((await test(file, "--answer", "ask=reject")).exitCode, 1);
  });

  it("stands for a date, with variables", async () => {
    const file = dagFile(
      "texts",
      `d.pod("a", { image: "busybox:1.36", command: ["sh", "-c"], args: [\`[ \${run.ds}/{{ variables.bucket }} = 2026-01-31/lake ]\`] });`,
    );
    assert.equal((await test(file, "--logical-date", "2026-01-31", "--var", "bucket=lake")).exitCode, 0);
    const missing = await test(file);
    assert.match(missing.out, /TemplateError.*bucket/);
  });

  it("refuses what the scheduler would refuse", async () => {
    const broken = join(dir, "broken.ts");
    writeFileSync(
      broken,
      `import { dag } from "windlass";\n\nexport default dag("broken", {}, d => void d.pod("a", { imag: "x" }));\n`,
    );
    const result = await test(broken);
    assert.equal(result.exitCode, 1);
    assert.match(result.said[0] ?? "", /broken\.ts:3: .*imag/);
    const noParam = await test(join(DAGS, "etl.ts"), "-p", "region=mars");
    assert.equal(noParam.exitCode, 2);
    assert.match(noParam.said[0] ?? "", /params\.region/);
    assert.equal((await test(join(dir, "nowhere.ts"))).exitCode, 1);
  });

  it("cancels the run when somebody has had enough", async () => {
    const file = dagFile(
      "long",
      `d.chain(d.pod("a", { image: "busybox:1.36", command: ["sleep", "600"] }), d.pod("b", { image: "busybox:1.36" }));`,
    );
    const abort = new AbortController();
    const running = runCommand([testDagCommand], ["dags", "test", file], {
      signal: abort.signal,
      onSay: line => {
        if (line.includes("a  running")) abort.abort();
      },
    });
    const result = await running;
    assert.equal(result.exitCode, 130);
    assert.deepEqual(rows(result).slice(1, 3), ["■ a  cancelled  try 1 of 1  Cancelled", "■ b  cancelled"]);
  });
});
