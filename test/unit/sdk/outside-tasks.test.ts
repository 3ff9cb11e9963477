import assert from "node:assert/strict";
import { asset, type DagBuilder, type DagOptions, notify, run, z } from "windlass";
import { dagOf, fieldsOf, mistakesOf } from "../../support/dag-of.ts";

describe("tasks that look outside", () => {
  const kinds: readonly (readonly [
    what: string,
    write: (d: DagBuilder) => unknown,
    fields: Readonly<Record<string, unknown>>,
  ])[] = [
    [
      "trigger",
      d => d.trigger("x", { dag: "other", conf: { day: run.ds, deep: [{ n: 1 }] }, wait: true }),
      { operator: "trigger", dag: "other", conf: { day: "{{ run.ds }}", deep: [{ n: 1 }] }, wait: true },
    ],
    [
      "wait.until an instant",
      d => d.wait.until("x", { at: new Date(Date.UTC(2026, 0, 31)), softFail: true }),
      { operator: "wait", for: { kind: "time", until: "2026-01-31T00:00:00.000Z" }, softFail: true },
    ],
    [
      "wait.until a reference",
      d => d.wait.until("x", { at: run.logicalDate.pipe("addHours", 2) }),
      { operator: "wait", for: { kind: "time", until: "{{ run.logicalDate | addHours(2) }}" } },
    ],
    [
      "wait.until for a while",
      d => d.wait.until("x", { after: "10m" }),
      { operator: "wait", for: { kind: "time", afterMs: 600_000 } },
    ],
    [
      "wait.http",
      d =>
        d.wait.http("x", {
          url: `https://api.example/jobs/${run.ds}`,
          headers: { accept: "application/json" },
          expect: { path: "status.phase", equals: "Ready" },
          okStatus: [200, 202],
          account: "jobs",
          requestTimeout: "5s",
          every: "1m",
          timeout: "2h",
        }),
      {
        operator: "wait",
        for: {
          kind: "http",
          request: {
            url: "https://api.example/jobs/{{ run.ds }}",
            headers: { accept: "application/json" },
            okStatus: [200, 202],
            account: "jobs",
            timeoutMs: 5_000,
          },
          body: { path: "status.phase", equals: "Ready" },
        },
        everyMs: 60_000,
        timeoutMs: 7_200_000,
      },
    ],
    [
      "wait.run",
      d => d.wait.run("x", { dag: "other", task: "load", offset: "1d", states: ["success", "skipped"] }),
      {
        operator: "wait",
        for: { kind: "run", dag: "other", task: "load", offsetMs: 86_400_000, states: ["success", "skipped"] },
      },
    ],
    [
      "wait.run of later",
      d => d.wait.run("x", { dag: "other", offset: "-1h" }),
      { operator: "wait", for: { kind: "run", dag: "other", offsetMs: -3_600_000 } },
    ],
    [
      "wait.asset",
      d => d.wait.asset("x", { asset: asset("s3://lake/orders") }),
      { operator: "wait", for: { kind: "asset", asset: "s3://lake/orders" } },
    ],
    [
      "approval",
      d => d.approval("x", { question: `Publish ${run.ds}?`, options: ["later"], timeout: "1d", onTimeout: "skip" }),
      { operator: "approval", question: "Publish {{ run.ds }}?", options: ["later"], timeoutMs: 86_400_000, onTimeout: "skip" },
    ],
    [
      "http",
      d =>
        d.http("x", { url: "https://api.example", method: "POST", body: { day: run.ds }, result: z.object({ id: z.string() }) }),
      {
        operator: "http",
        request: { url: "https://api.example", method: "POST", body: { day: "{{ run.ds }}" } },
        result: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
      },
    ],
    [
      "resource",
      d =>
        d.resource("x", {
          manifest: { apiVersion: "sparkoperator.k8s.io/v1beta2", kind: "SparkApplication", spec: { arguments: [run.ds] } },
          success: { path: "status.applicationState.state", in: ["COMPLETED"] },
          failure: { path: "status.applicationState.state", in: ["FAILED"] },
          onFinish: "keep",
        }),
      {
        operator: "resource",
        resource: {
          manifest: {
            apiVersion: "sparkoperator.k8s.io/v1beta2",
            kind: "SparkApplication",
            spec: { arguments: ["{{ run.ds }}"] },
          },
          success: { path: "status.applicationState.state", in: ["COMPLETED"] },
          failure: { path: "status.applicationState.state", in: ["FAILED"] },
          onFinish: "keep",
        },
      },
    ],
  ];
  for (const [what, write, fields] of kinds) {
    it(`${what}: what is written is what the spec says`, () =>
      assert.deepEqual(fieldsOf(dagOf(write), "x"), { triggerRule: "all_success", ...fields }));
  }

  it("take retries, slots and notices like any other, but no pod's defaults", () => {
    const spec = dagOf(
      d =>
        d.resource("x", {
          manifest: { apiVersion: "v1", kind: "X" },
          success: { path: "a", in: [1] },
          failure: { path: "a", in: [2] },
          pool: "spark",
        }),
      {
        defaultArgs: { retries: 2, onFinish: "deleteSucceeded", env: { A: "1" }, queue: "own", onFailure: notify.slack() },
      },
    );
    assert.equal(spec.tasks[0]?.retry.retries, 2);
    const { resource, notices, ...rest } = fieldsOf(spec, "x");
    assert.deepEqual(rest, { operator: "resource", triggerRule: "all_success", pool: "spark", queue: "own" });
    assert.ok(!("onFinish" in (resource as object)));
    assert.deepEqual(notices, { onFailure: [{ kind: "slack" }] });
  });

  it("have typed results", () => {
    const paths: string[] = [];
    dagOf(d => {
      const ask = d.approval("ask", { question: "?", options: ["later"] });
      const made = d.http("made", { url: "https://api.example", result: z.object({ id: z.string() }) });
      const next = d.noop("next");
      d.branch("b", { on: ask.output, cases: { approve: next, later: [] } });
      // @ts-expect-error: a rejected task has failed
      d.branch("c", { on: ask.output, cases: { reject: next } });
      // @ts-expect-error: no such field
      assert.throws(() => made.output.name, /tasks\.made\.output has no 'name'/);
      paths.push(String(ask.output), String(made.output.id), String(d.trigger("t", { dag: "o" }).output.runId));
    });
    assert.deepEqual(paths, ["{{ tasks.ask.output }}", "{{ tasks.made.output.id }}", "{{ tasks.t.output.runId }}"]);
  });

  const wrong: readonly (readonly [what: string, write: (d: DagBuilder) => unknown, message: RegExp])[] = [
    ["a wait for no time", d => d.wait.until("x", {}), /task 'x': a wait for a time needs either at or after/],
    ["a wait for two times", d => d.wait.until("x", { at: "2026-01-01", after: "1m" }), /needs either at or after/],
    [
      "a look too often",
      d => d.wait.asset("x", { asset: "a", every: "10ms" }),
      /option every: the shortest time between two looks is 1s/,
    ],
    ["a bad offset", d => d.wait.run("x", { dag: "o", offset: "soon" }), /option offset: "soon" is not a duration/],
    ["a wait for its own run", d => d.wait.run("x", { dag: "example" }), /waits for the run that it is part of/],
    ["a bad name of a DAG", d => d.trigger("x", { dag: "a b" }), /option dag: expected text that matches/],
    [
      "onTimeout without a timeout",
      d => d.approval("x", { question: "?", onTimeout: "skip" }),
      /option onTimeout needs a timeout/,
    ],
    [
      "an answer that there is anyway",
      d => d.approval("x", { question: "?", options: ["reject"] }),
      /'reject' is always an answer/,
    ],
    // @ts-expect-error: nothing is asked
    ["an approval without a question", d => d.approval("x", {}), /option question: expected string, got nothing/],
    [
      "a misspelt option",
      // @ts-expect-error: no such option
      d => d.http("x", { uri: "https://api.example", url: "x" }),
      /unknown option 'uri'; did you mean 'url'\?/,
    ],
    [
      "a secret in a header",
      d => d.http("x", { url: "https://api.example", headers: { Authorization: "Bearer abc" } }),
      /headers\.Authorization looks like a secret, its name says that it is one: name the workers' credentials with account/,
    ],
    [
      "a password in an address",
      d => d.http("x", { url: "https://me:secret@api.example" }),
      /url looks like a secret, its value looks like a URL with a password: name the workers' credentials with account/,
    ],
    [
      "a resource that is none",
      // @ts-expect-error: no kind
      d => d.resource("x", { manifest: { apiVersion: "v1" }, success: { path: "a", in: [1] }, failure: { path: "a", in: [2] } }),
      /option manifest\.kind: expected string, got nothing/,
    ],
    // @ts-expect-error: an image belongs to a pod
    ["an option of a pod", d => d.noop("x", { image: "i" }), /unknown option 'image'/],
  ];
  for (const [what, write, message] of wrong) {
    it(`refuse ${what}`, () => {
      const mistakes = mistakesOf(write);
      assert.equal(mistakes.length, 1, mistakes.join("; "));
      assert.match(mistakes[0]!, message);
    });
  }
});

describe("notices", () => {
  const mail = { kind: "email", to: ["a@example.org"] };

  it("are told as one or several", () => {
    const hook = notify.webhook("https://hooks.example/x", { secret: "hooks" });
    const spec = dagOf(d =>
      d.noop("x", {
        onSuccess: hook,
        onRetry: [notify.slack({ channel: "#a", text: `${run.id}` }), hook],
        onSkipped: notify.email({ to: "a@example.org", cc: ["b@example.org"] }),
      }),
    );
    assert.deepEqual(fieldsOf(spec, "x").notices, {
      onSuccess: [{ kind: "webhook", url: "https://hooks.example/x", secret: "hooks" }],
      onRetry: [
        { kind: "slack", channel: "#a", text: "{{ run.id }}" },
        { kind: "webhook", url: "https://hooks.example/x", secret: "hooks" },
      ],
      onSkipped: [{ kind: "email", to: ["a@example.org"], cc: ["b@example.org"] }],
    });
  });

  const mails: readonly (readonly [what: string, args: NonNullable<DagOptions["defaultArgs"]>, notices: unknown])[] = [
    ["both by default", { email: "a@example.org" }, { onFailure: [mail], onRetry: [mail] }],
    ["failures only", { email: ["a@example.org"], emailOnRetry: false }, { onFailure: [mail] }],
    ["none, as Airflow's examples have it", { email: "a@example.org", emailOnFailure: false, emailOnRetry: false }, undefined],
    [
      "beside others",
      { email: "a@example.org", emailOnRetry: false, onFailure: notify.slack() },
      { onFailure: [{ kind: "slack" }, mail] },
    ],
    ["nobody without an address", { emailOnFailure: true }, undefined],
  ];
  for (const [what, defaultArgs, notices] of mails) {
    it(`by the option email: ${what}`, () =>
      assert.deepEqual(
        fieldsOf(
          dagOf(d => d.pod("x", { image: "i" }), { defaultArgs }),
          "x",
        ).notices,
        notices,
      ));
  }

  it("of a DAG, and its deadlines", () => {
    const spec = dagOf(d => d.noop("x"), {
      timezone: "Europe/Berlin",
      onSuccess: notify.slack(),
      onDeadline: [notify.slack({ account: "oncall" })],
      deadlines: [
        { from: "logical", after: "2h", notify: notify.slack() },
        { from: "queued", after: 60_000, notify: [notify.slack()] },
        { from: "2026-07-01", after: "-30m", notify: notify.slack() },
      ],
    });
    assert.deepEqual(spec.notices, { onSuccess: [{ kind: "slack" }], onDeadline: [{ kind: "slack", account: "oncall" }] });
    assert.deepEqual(
      spec.deadlines?.map(({ from, afterMs }) => [from, afterMs]),
      [
        ["logical", 7_200_000],
        ["queued", 60_000],
        [Date.parse("2026-06-30T22:00:00Z"), -1_800_000],
      ],
    );
  });

  const wrong: readonly (readonly [what: string, options: DagOptions, message: RegExp])[] = [
    [
      "what is no notice",
      { onFailure: "a@example.org" as unknown as [] },
      /option onFailure: expected notify\.email\(…\), notify\.webhook\(…\), notify\.slack\(…\), or a list/,
    ],
    [
      "a bad date",
      { deadlines: [{ from: "2026-02-30", after: 1, notify: notify.slack() }] },
      /option deadlines\.0\.from: '2026-02-30' is no date/,
    ],
    ["an address that is none", { defaultArgs: { email: "a" } }, /option defaultArgs\.email: expected a length of at least 3/],
    [
      "a key in a header",
      { onFailure: notify.webhook("https://a", { headers: { "x-api-key": "abc" } }) },
      /onFailure\.headers\.x-api-key looks like/,
    ],
    ["a URL that is none", { onFailure: notify.webhook("hooks.example") }, /onFailure/],
  ];
  for (const [what, options, message] of wrong) {
    it(`refuse ${what}`, () => {
      const mistakes = mistakesOf(d => d.noop("x"), options);
      assert.equal(mistakes.length, 1, mistakes.join("; "));
      assert.match(mistakes[0]!, message);
    });
  }
});

describe("limits and rules", () => {
  it("of a DAG are what the spec says", () => {
    const { maxActiveTasks, maxActiveTasksPerRun, weightRule, runTimeoutMs, strict } = dagOf(d => d.noop("x"), {
      maxActiveTasks: 8,
      maxActiveTasksPerRun: 4,
      weightRule: "downstream",
      runTimeout: "6h",
      strict: true,
    });
    assert.deepEqual(
      [maxActiveTasks, maxActiveTasksPerRun, weightRule, runTimeoutMs, strict],
      [8, 4, "downstream", 21_600_000, true],
    );
  });

  it("of a task, too", () => {
    const options = {
      dependsOnPast: true,
      waitForDownstream: true,
      pool: "etl",
      poolSlots: 2,
      priority: 10,
      maxActive: 1,
      queue: "gpu",
    };
    const spec = dagOf(d =>
      d.pod("x", { image: "i", ...options, cluster: "west", outlets: [asset("s3://a"), "s3://b"], triggerRule: "one_done" }),
    );
    assert.deepEqual(fieldsOf(spec, "x"), {
      operator: "pod",
      pod: { image: "i" },
      ...options,
      cluster: "west",
      outlets: ["s3://a", "s3://b"],
      triggerRule: "one_done",
    });
  });

  it("that mean nothing to a task without a worker stay out of it", () => {
    const spec = dagOf(d => d.empty("x", { dependsOnPast: true }), {
      defaultArgs: { pool: "etl", retries: 3, timeout: "1h", cluster: "west" },
    });
    assert.deepEqual(fieldsOf(spec, "x"), { operator: "empty", triggerRule: "all_success", dependsOnPast: true });
  });
});
