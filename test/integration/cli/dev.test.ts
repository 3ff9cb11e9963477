import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "../../support/until.ts";

const WINDLASS = join(import.meta.dirname, "../../../services/cli/windlass.mjs");
/** Takes long to read: whoever is told that all is ready must find it all the same. */
const DAG = `import { dag } from "windlass";
for (const end = Date.now() + 2_500; Date.now() < end; );
export default dag("hello", {}, d => {
  d.pod("say", { image: "busybox:1.36", command: ["sh", "-c", "echo hello"] });
});
`;

interface Banner {
  url: string;
  kubeconfig: string;
}

describe("windlass dev", function () {
  this.timeout(60_000);
  let dir: string;
  let env: Record<string, string>;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "windlass-dev-"));
    mkdirSync(join(dir, "dags"));
    mkdirSync(join(dir, "bin"));
    writeFileSync(join(dir, "dags/hello.ts"), DAG);
    // As npm links it.
    symlinkSync(WINDLASS, join(dir, "bin/windlass"));
    chmodSync(WINDLASS, 0o755);
    env = { PATH: `${join(dir, "bin")}:${join(process.execPath, "..")}:${process.env.PATH}`, HOME: dir };
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("runs everything, tells programs where, and ends when it is asked to", async () => {
    const dev: ChildProcess = spawn("windlass", ["dev", "--port", "0", "-o", "json"], { cwd: dir, env });
    const exited = once(dev, "exit");
    try {
      let out = "";
      dev.stdout!.setEncoding("utf8").on("data", (text: string) => {
        out += text;
      });
      await until(() => out.endsWith("}\n") || dev.exitCode !== null, { deadlineMs: 30_000, what: "the banner" });
      const { url, kubeconfig } = JSON.parse(out) as Banner;
      assert.equal(kubeconfig, join(dir, ".windlass/kubeconfig"));

      const windlass = (line: string) =>
        promisify(execFile)("windlass", line.split(" "), { cwd: dir, env: { ...env, WINDLASS_URL: url } });
      // Ready means that the DAG files were read.
      assert.equal((await windlass("dags list -o name")).stdout, "hello\n");
      assert.equal((await windlass("dags trigger hello --log")).stdout, "say | hello\n");

      // What bash asks when somebody presses Tab.
      const script = `source <(windlass completion bash)
        COMP_LINE="windlass dags trigger h"; COMP_POINT=\${#COMP_LINE}; _windlass; echo "\${COMPREPLY[*]}"`;
      const tab = await promisify(execFile)("bash", ["-c", script], { env: { ...env, WINDLASS_URL: url } });
      assert.equal(tab.stdout, "hello\n");
    } finally {
      dev.kill("SIGTERM");
    }
    assert.deepEqual(await exited, [0, null]);
  });
});

describe("windlass scheduler, worker, dashboard", () => {
  for (const [service, setting] of [
    ["scheduler", "WINDLASS_LEASE_MS"],
    ["worker", "WINDLASS_CONCURRENCY"],
    ["dashboard", "WINDLASS_PORT"],
  ]) {
    it(`${service} reads its settings, and says with 2 what is wrong with them`, async () => {
      const child = spawn(process.execPath, [WINDLASS, service!], { env: { PATH: process.env.PATH, [setting!]: "x" } });
      let err = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        err += text;
      });
      assert.deepEqual(await once(child, "close"), [2, null]);
      assert.match(err, new RegExp(`WL_CONFIG: .*\\n +${setting}: `));
    });
  }
});
