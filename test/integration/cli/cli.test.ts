import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RunDetailReply } from "#contract/run.ts";
import { freePort } from "../../../services/cli/redis/redis-server.ts";
import { hashPassword } from "../../../services/dashboard/auth/password-hash.ts";
import { type SharedFleet, sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";
import { type CliResult, type OpenCli, openCli } from "./open-cli.ts";

/** Two tasks, one behind the other; the second fails as often as the run's parameters say. */
const ETL = `import { dag, z } from "windlass";
export default dag("etl", { tags: ["example"], params: z.object({ code: z.number().default(0), word: z.string().default("hello") }) }, d => {
  const shell = (script) => ({ image: "busybox:1.36", command: ["sh", "-c", script], terminationGracePeriodSeconds: 1 });
  const first = d.pod("first", shell("echo one; echo {{ params.word }}"));
  const second = d.pod("second", shell("echo two; exit {{ params.code }}"));
  first.before(second);
});
`;
const SLOW = `import { dag } from "windlass";
export default dag("slow", { schedule: "@daily", startDate: "2026-01-01" }, d => {
  d.pod("wait", { image: "busybox:1.36", command: ["sh", "-c", "echo up; sleep 600"], terminationGracePeriodSeconds: 1 });
});
`;

describe("the command line on a running stack", function () {
  this.timeout(60_000);
  let cli: OpenCli;
  const shared: SharedFleet = sharedFleet(async fleet => {
    writeFileSync(join(fleet.dagsDir, "etl.ts"), ETL);
    writeFileSync(join(fleet.dagsDir, "slow.ts"), SLOW);
    await Promise.all([fleet.scheduler(), fleet.worker()]);
    await until(async () => (await fleet.state.dags.listDags()).length === 2, { deadlineMs: 30_000, what: "both DAGs" });
    await fleet.state.dags.setPaused("slow", true);
  });
  before(async () => {
    cli = await openCli(shared.fleet, shared.redisUrl);
  });
  after(() => cli?.close());

  const windlass = (line: string, options: Parameters<OpenCli["windlass"]>[1] = {}) => cli.windlass(line.split(" "), options);
  /** Asserts the exit code, with all that was said when it is another one. */
  const ends = async (code: number, line: string, options: Parameters<OpenCli["windlass"]>[1] = {}): Promise<CliResult> => {
    const result = await windlass(line, options);
    assert.equal(result.code, code, `windlass ${line}\n${result.out}\n${result.err}`);
    return result;
  };
  const json = async <T>(line: string): Promise<T> => JSON.parse((await ends(0, `${line} -o json`)).out) as T;

  it("lists DAGs for people and for programs", async () => {
    assert.match((await ends(0, "dags list")).out, /^DAG +SCHEDULE +STATE .*\netl +- +active .*\nslow +0 0 \* \* \* +paused/);
    assert.equal((await ends(0, "dags list -o name")).out, "etl\nslow\n");
    assert.equal((await ends(0, "dags list --tag example -o name")).out, "etl\n");
    assert.deepEqual(
      (await json<{ id: string }[]>("dags list")).map(({ id }) => id),
      ["etl", "slow"],
    );
    const shown = await ends(0, "dags show etl");
    assert.match(shown.out, /└─ first {2}busybox:1\.36\n {3}└─ second {2}busybox:1\.36\n$/);
    assert.match((await ends(0, "dags show etl --graph dot")).out, /"first" -> "second";/);
    assert.equal((await ends(0, "dags next slow -n 2 -o name")).out.split("\n").length, 3);
  });

  it("starts a run and waits for it: 0 when it succeeded, its id alone on standard output", async () => {
    const { out, err } = await ends(0, "dags trigger etl -p word=hi --wait");
    assert.match(out, /^etl~manual-\S+\n$/);
    assert.match(err, /Started: etl~manual-\S+ {3}http:.*\n.*success\n$/);
    assert.match((await ends(0, "runs logs @latest")).out, /^first \| one\nfirst \| hi\nsecond \| two\n$/);
    assert.equal((await ends(0, "tasks logs etl@latest first --grep h")).out, "hi\n");
    assert.equal((await ends(0, "tasks logs etl@latest first --tail 1 -f")).out, "hi\n");
    assert.match((await ends(0, "tasks logs @latest first --timestamps")).out, /^20\S+Z one\n/);
    assert.match((await ends(0, "tasks logs @latest first --list")).out, /^TRY .*\n1 +0 +main +\d+ +yes\n$/);
  });

  it("says with 1 that a run failed, and writes its logs while they come", async () => {
    const { out } = await ends(1, "dags trigger etl -p code=7 --log");
    assert.match(out, /^first \| one\nfirst \| hello\nsecond \| two\nsecond \| - windlass: ExitCode/);
    assert.match((await ends(0, "runs get @latest")).out, /└─ ✔ first .*\n {3}└─ ✘ second {2}failed .*ExitCode \(exit 7\)/);
    assert.match((await ends(0, "tasks list @latest")).out, /second +failed +1\/1 +\S+ +ExitCode \(exit 7\)/);
    assert.match((await ends(0, "tasks why @latest second")).out, /ended +it has ended \(failed\)/);
    assert.match(
      (await ends(0, "tasks pod @latest second")).out,
      /^Pod +etl-second-1-.*\n(?:.*\n)*kubectl describe pod etl-second-1-/,
    );
    assert.equal((await ends(1, "runs watch @latest")).out.split("\n").at(-2)?.includes("✘ second"), true);
    assert.equal((await ends(1, "runs wait @latest")).out, "");
    assert.equal((await ends(0, "runs list --state failed --since -1h -o name")).out.trim().split("\n").length, 1);
  });

  it("repeats what failed, and only that", async () => {
    assert.equal((await ends(0, "runs clear @latest --failed --dry-run")).out, "TASK\nsecond\n");
    await ends(1, "runs retry @latest --wait");
    const run = await json<RunDetailReply>("runs get @latest");
    assert.deepEqual(
      run.tasks.map(({ id, try: tries }) => [id, tries]),
      [
        ["first", 1],
        ["second", 2],
      ],
    );
    await ends(0, "tasks mark @latest second success -y --wait");
    assert.match(
      (await ends(2, "tasks clear @latest second")).err,
      /Clear 1 task of etl~\S+ Nobody is there to say yes\n {2}Say yes, or add --yes/,
    );
    await ends(1, "tasks clear @latest second -y --wait");
    await ends(0, "runs rerun @latest -p code=0 --wait");
    assert.equal((await json<{ trigger: { kind: string } }[]>("runs list -n 1"))[0]?.trigger.kind, "rerun");
  });

  it("only says what it would send with --dry-run", async () => {
    const before = (await json<unknown[]>("runs list")).length;
    const { out } = await ends(0, "dags trigger etl -p code=3 --dry-run");
    assert.match(out, /^POST http:\S+\/api\/v1\/dags\/etl\/runs\n\{\n {2}"conf": \{\n {4}"code": 3/);
    assert.equal((await json<unknown[]>("runs list")).length, before);
  });

  it("starts one run under one key, and refuses a second one of an id with 6", async () => {
    const first = await ends(0, "dags trigger etl --idempotency-key k-1");
    assert.equal((await ends(0, "dags trigger etl --idempotency-key k-1")).out, first.out);
    await ends(0, "dags trigger etl --run-id mine");
    assert.match((await ends(6, "dags trigger etl --run-id mine")).err, /exists already\n {2}Look at it/);
  });

  it("cancels, and stops waiting after a while with 124", async () => {
    const { out } = await ends(0, "dags trigger slow");
    const runId = out.trim();
    assert.match((await ends(124, `runs wait ${runId} --timeout 1s`)).err, /has not ended within 1s\n {2}Wait longer/);
    await ends(0, `runs cancel ${runId} -y --wait`);
    assert.equal((await json<RunDetailReply>(`runs get ${runId}`)).state, "cancelled");
    assert.match((await ends(0, `runs cancel ${runId} -y`)).err, /had ended before/);
  });

  it("runs a program in a pod and exits with its code", async () => {
    const words = ["run", "-e", "NAME=ann", "busybox:1.36", "--", "sh", "-c", 'echo "hello $NAME"; echo -n "no end"; exit 42'];
    const { code, out, err } = await cli.windlass(words);
    assert.deepEqual([code, out], [42, "hello ann\nno end\n"], err);
    assert.match(err, /windlass: ExitCode: the program exited with 42/);
    const quiet = await ends(0, "run -q busybox:1.36 echo -n hi");
    assert.deepEqual([quiet.out, quiet.err], ["hi\n", ""]);
    assert.match((await windlass("run busybox:1.36 no-such-program")).err, /error: adhoc~\S+ failed: .*could not be started/);
  });

  it("cancels the pod at Ctrl-C, with 130", async () => {
    const { code, err } = await windlass("run busybox:1.36 sleep 600", { interruptAt: /Started/ });
    assert.equal(code, 130, err);
    const [, runId] = /cancelling (\S+)/.exec(err)!;
    assert.equal((await shared.fleet.ended(runId!)).state, "cancelled");
  });

  it("backfills what it has shown before", async () => {
    const range = "--from 2026-01-02 --to 2026-01-03";
    assert.match(
      (await ends(0, `dags backfill slow ${range} --dry-run`)).out,
      /^LOGICAL DATE +ACTION .*\n2026-01-02T00:00:00Z +create/,
    );
    assert.match((await ends(2, `dags backfill slow ${range}`)).err, /2 of 2 ticks of slow will be run/);
    const { out } = await ends(0, `dags backfill slow ${range} -y -o name`);
    const id = out.trim();
    await ends(0, `backfills pause ${id}`);
    assert.equal((await json<{ state: string }[]>(`backfills get ${id}`))[0]?.state, "paused");
    await ends(0, `backfills cancel ${id} -y`);
    assert.match((await ends(6, `backfills resume ${id}`)).err, /cancelled/);
    assert.match((await ends(0, "backfills list --dag slow")).out, new RegExp(`${id} +cancelled`));
  });

  it("shows and changes what the installation is made of", async () => {
    await ends(0, "variables set limits -", { stdin: '{"rows":[1,2]}' });
    await ends(0, "variables set limits 5");
    assert.equal((await ends(0, "variables get limits")).out, "5\n");
    assert.match((await ends(0, "variables get limits --history")).out, /2 .*5\n1 .*\{"rows":\[1,2\]\}/);
    await ends(0, "variables remove limits -y");
    await ends(3, "variables get limits");
    assert.match((await ends(0, "pools set warehouse 8")).out, /warehouse +8 +8/);
    assert.match((await ends(0, "pools list -o name")).out, /warehouse/);
    await ends(0, "pools remove warehouse -y");
    assert.match((await ends(0, "queues list")).out, /pods +active/);
    assert.match((await ends(0, "queues pause pods")).out, /pods +paused/);
    assert.match((await ends(0, "queues resume pods")).out, /pods +active/);
    assert.match((await ends(0, "workers list")).out, /running +\d+\/500 +pods/);
    assert.match((await ends(0, "dags pause etl")).err, /etl is paused/);
    assert.match((await ends(0, "dags unpause etl")).err, /etl is active/);
    assert.match((await ends(0, "audit -n 3 --what PATCH")).out, /PATCH \/api\/v1\/dags\/:dagId +\/api\/v1\/dags\/etl +200/);
    assert.match((await ends(0, "import-errors")).err, /Every DAG file was loaded/);
  });

  it("tells what differs between versions, and what a file would change", async () => {
    const before = await json<{ version: string }[]>("dags versions etl");
    const changed = join(cli.home, "dags/etl.ts");
    mkdirSync(join(cli.home, "dags"));
    writeFileSync(changed, ETL.replace("echo one", "echo ONE"));
    const env = {
      KUBECONFIG: shared.fleet.file("plan-kubeconfig", shared.cluster.kubeconfig),
      WINDLASS_NAMESPACE: shared.fleet.namespace,
    };
    const plan = await ends(0, `dags plan ${changed}`, { env });
    assert.match(
      plan.out,
      /~ first {2}changed\n.*command\[2\]: .*ONE.*\(task\)\n {4}✔ the cluster would take it\n {2}second {2}same/,
    );
    assert.match((await ends(0, `tasks render ${changed} first`, { env })).out, /image: busybox:1\.36 # task\n/);
    assert.match((await ends(0, "tasks render etl first")).out, /image: busybox:1\.36 # task\n/);
    writeFileSync(join(shared.fleet.dagsDir, "etl.ts"), ETL.replace("echo one", "echo ONE"));
    await until(async () => (await shared.fleet.state.dags.listVersions("etl")).length > before.length, {
      what: "the new version",
    });
    assert.match((await ends(0, "dags diff etl")).out, /- {3}\/pod\/command.*echo one.*\n\+ {3}\/pod\/command.*echo ONE/);
  });

  it("says what is not there with 3, and what cannot be understood with 2", async () => {
    assert.match(
      (await ends(3, "runs get nothing")).err,
      /^error: there is no run 'nothing'\n {2}List the runs: windlass runs list\n$/,
    );
    await ends(3, "dags show nothing");
    await ends(3, "runs get nothing@latest");
    await ends(3, "tasks logs @latest nothing");
    assert.match((await ends(2, "runs list --since yesterday")).err, /'yesterday' is no time/);
    assert.match((await ends(2, "dags trigger etl -p code=no")).err, /code/);
    assert.match((await ends(2, "dags trigger etl -p oops")).err, /'oops' is no name=value/);
  });

  it("says with 5 that nobody answers", async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const { err } = await ends(5, "dags list", { env: { WINDLASS_URL: nowhere } });
    assert.equal(err.split("\n")[0], `error: ${nowhere} does not answer: ECONNREFUSED`);
    assert.match(err, /\n {2}Start Windlass \(windlass dev\)/);
  });

  it("completes the ids that the server knows", async () => {
    const complete = async (...words: string[]) => (await cli.windlass(["__complete", "--", ...words])).out.trim().split("\n");
    assert.deepEqual(await complete("dags", "trigger", ""), ["etl", "slow"]);
    assert.deepEqual(await complete("tasks", "logs", "etl@latest", "s"), ["second"]);
    assert.ok((await complete("runs", "get", "@")).includes("@latest"));
    const line = await cli.windlass(["__complete", "--line", "windlass runs get etl@l"]);
    assert.equal(line.out, "latest\n");
    const away = await cli.windlass(["__complete", "--", "dags", "trigger", ""], {
      env: { WINDLASS_URL: `http://127.0.0.1:${await freePort()}` },
    });
    assert.deepEqual([away.code, away.out, away.err], [0, "", ""]);
  });

  it("ends quietly when nobody reads on", async () => {
    const main = join(import.meta.dirname, "../../../services/cli/windlass.mjs");
    const env = { PATH: process.env.PATH, HOME: cli.home, WINDLASS_URL: cli.url };
    const shell = promisify(execFile)("sh", ["-c", `'${process.execPath}' '${main}' dags list -o json | head -1`], { env });
    assert.deepEqual({ ...(await shell) }, { stdout: "[\n", stderr: "" });
  });
});

describe("the command line and a server with passwords", () => {
  let cli: OpenCli;
  const shared: SharedFleet = sharedFleet(async () => undefined);
  before(async () => {
    cli = await openCli(shared.fleet, shared.redisUrl, { WINDLASS_AUTH: "password" });
    const passwordHash = await hashPassword("correct horse battery");
    await shared.fleet.state.users.putUser({ name: "ann", passwordHash, grants: [{ role: "operator" }], createdAt: 1 });
  });
  after(() => cli?.close());

  it("stores a token that was made with name and password, and neither of them", async () => {
    const login = (password: string) =>
      cli.windlass(["login", cli.url, "--user", "ann", "--token-stdin", "--expires-in", "1h"], { stdin: `${password}\n` });
    assert.equal((await login("wrong")).code, 4);
    const { code, err } = await login("correct horse battery");
    assert.equal(code, 0, err);
    assert.match(err, /^You are .*ann.* \(operator\) on http:/);
    const here = { env: { WINDLASS_URL: "" } };
    assert.equal((await cli.windlass(["pools", "set", "small", "3"], here)).code, 0);
    assert.equal((await cli.windlass(["audit"], here)).code, 4);
    assert.ok(!readFileSync(join(cli.home, ".config/windlass/profiles.json"), "utf8").includes("horse"));
  });
});

describe("the command line and a server with a login", () => {
  const TOKEN = "a-token-of-the-installation";
  let cli: OpenCli;
  const shared: SharedFleet = sharedFleet(async () => undefined);
  before(async () => {
    cli = await openCli(shared.fleet, shared.redisUrl, { WINDLASS_TOKEN: TOKEN });
  });
  after(() => cli?.close());

  it("logs in once, under a name, and is known from then on", async () => {
    const here = { env: { WINDLASS_URL: "" } };
    assert.equal((await cli.windlass(["dags", "list"])).code, 4);
    const wrong = await cli.windlass(["login", cli.url, "--token-stdin"], { stdin: "wrong\n" });
    assert.equal(wrong.code, 4);
    assert.equal((await cli.windlass(["login", cli.url, "--as", "test", "--token-stdin"], { stdin: `${TOKEN}\n` })).code, 0);
    assert.equal((await cli.windlass(["dags", "list"], here)).code, 0);
    assert.match((await cli.windlass(["login", "--list"])).out, /test +http:\S+ +stored +yes/);

    const { out: token } = await cli.windlass(["tokens", "create", "ci", "--role", "viewer", "--expires-in", "1h"], here);
    const asCi = { env: { WINDLASS_TOKEN: token.trim() } };
    assert.equal((await cli.windlass(["dags", "list"], asCi)).code, 0);
    const refused = await cli.windlass(["variables", "set", "a", "1"], asCi);
    assert.equal(refused.code, 4, refused.err);
    const { out: id } = await cli.windlass(["tokens", "list", "-o", "name"], here);
    assert.equal((await cli.windlass(["tokens", "revoke", id.trim(), "-y"], here)).code, 0);
    assert.equal((await cli.windlass(["dags", "list"], asCi)).code, 4);

    assert.equal((await cli.windlass(["login", "--remove", "test"])).code, 0);
    assert.equal((await cli.windlass(["dags", "list", "--profile", "test"], here)).code, 2);
  });
});
