import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cursorOf } from "../../services/dashboard/http/cursor.ts";
import type { OpenDashboard } from "../integration/dashboard/open-dashboard.ts";
import { seededDashboard } from "../support/seeded-dashboard.ts";

const run = promisify(execFile);

const SCHEMATHESIS = "schemathesis==4.32.5";
const TOKEN = "0123456789abcdef0123";

/** Requests with one key are one, and an edit is refused when it is late: what a tool makes up cannot fit. They have tests of their own. */
const OWN_TESTS = ["Idempotency-Key", "If-Match"];

/** What only the server can make, and what would make it wait. The rest is made up. */
const CONFIG = `
[parameters]
"query.wait" = "5ms"
"query.cursor" = "${cursorOf("0")}"

# Too long is refused, too.
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429", "431"]

[[operations]]
include-path = "/api/v1/runs"
parameters = { "query.cursor" = "${cursorOf({ at: 1, id: "sample~1" })}" }

[[operations]]
include-path = "/api/v1/audit"
parameters = { "query.cursor" = "${cursorOf("1-1")}" }

[[operations]]
include-path-regex = "/logs$"
parameters = { "query.follow" = "false", "query.format" = "text", "query.since" = "10m" }

# Fields of pods, secrets, dates of a schedule, a token's life, a new user's password and the options of an approval have rules that JSON
# Schema cannot say: 422 is an answer to what fits it.
[[operations]]
include-path-regex = "^/api/v1/(runs|dags/{dagId}/runs|backfills|tokens|variables/{name}|users/{user}|runs/{runId}/tasks/{taskId}/approval)$"
include-method = ["POST", "PUT"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "422", "429"]

# Their bodies may name tasks that the run does not have.
[[operations]]
include-path-regex = "^/api/v1/runs/{runId}(/clear)?$"
checks.ensure_resource_availability.enabled = false

# The pool "default" is there, also when nobody has set it up: removing it gives it its usual size.
[[operations]]
include-path = "/api/v1/pools/{pool}"
checks.use_after_free.enabled = false
`;

describe("schemathesis on the OpenAPI of a dashboard", function () {
  this.timeout(600_000);
  const dir = mkdtempSync(join(tmpdir(), "windlass-schemathesis-"));
  let dashboard: OpenDashboard;
  let limits: NodeJS.Timeout;
  /** What the server itself says of its defects. */
  const defects: string[] = [];

  before(async () => {
    const onLog = (line: string) => line.includes('"http.failed"') && defects.push(line);
    dashboard = await seededDashboard({ WINDLASS_TOKEN: TOKEN, WINDLASS_WRITES_PER_MINUTE: "0" }, { onLog });
    // How often wrong credentials may be tried is not what is asked here; the tool tries them on every route.
    limits = setInterval(async () => {
      const keys = await dashboard.redis.redis.keys(`${dashboard.redis.prefix}:rate:*`);
      if (keys.length > 0) await dashboard.redis.redis.del(...keys);
    }, 50);
    await run("python3", ["-m", "venv", join(dir, "venv")]);
    const python = join(dir, "venv/bin/python");
    await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", SCHEMATHESIS], { timeout: 240_000 });
  });
  after(async () => {
    clearInterval(limits);
    await dashboard?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** @returns what it said, when it found something */
  async function check(phases: string, ...more: string[]): Promise<string | undefined> {
    const { body } = await dashboard.ask("/api/openapi.json", { headers: { authorization: `Bearer ${TOKEN}` } });
    for (const path of Object.values<Record<string, { parameters?: { name: string }[] }>>(body.paths))
      for (const operation of Object.values(path))
        operation.parameters &&= operation.parameters.filter(({ name }) => !OWN_TESTS.includes(name));
    // A stream without an end.
    delete body.paths["/api/v1/events"];
    writeFileSync(join(dir, "openapi.json"), JSON.stringify(body));
    writeFileSync(join(dir, "schemathesis.toml"), CONFIG);
    const tool = join(dir, "venv/bin/schemathesis");
    const asked = [
      "--checks",
      "all",
      "--phases",
      phases,
      "--seed",
      "1",
      "--workers",
      "2",
      "--request-timeout",
      "10",
      "--no-color",
    ];
    const args = [...asked, "-H", `Authorization: Bearer ${TOKEN}`, "--url", dashboard.url, "--continue-on-failure", ...more];
    try {
      await run(tool, ["--config-file", "schemathesis.toml", "run", "openapi.json", ...args], {
        cwd: dir,
        timeout: 400_000,
        maxBuffer: 64 * 1024 * 1024,
        env: { PATH: process.env.PATH, HOME: dir },
      });
      return undefined;
    } catch (error) {
      return String((error as { stdout?: string }).stdout ?? error);
    }
  }

  it("installs", () => assert.ok(existsSync(join(dir, "venv/bin/schemathesis"))));

  it("finds nothing at the edges of every schema", async () => {
    const found = await check("coverage");
    if (found !== undefined) assert.fail([found, ...defects].join("\n"));
  });

  it("finds nothing by chance, nor in chains of operations", async () => {
    const found = await check("fuzzing,stateful", "--max-examples", "10", "--max-time", "120");
    if (found !== undefined) assert.fail([found, ...defects].join("\n"));
  });
});
