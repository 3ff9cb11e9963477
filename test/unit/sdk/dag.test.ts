import assert from "node:assert/strict";
import { type DagBuilder, type DagOptions, dag, plain, secret } from "windlass";
import { type DagSpec, DagSpec as DagSpecSchema } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { isDag } from "#sdk/dag.ts";
import { DagError } from "#sdk/problem.ts";
import sample from "../../../dags/kubernetes_sample.ts";

/** Edges as "up>down", sorted. */
const edges = (spec: DagSpec): string[] => spec.tasks.flatMap(task => task.upstream.map(up => `${up}>${task.id}`)).toSorted();
const build = (callback: (d: DagBuilder) => void, options: DagOptions = {}): DagSpec => dag("example", options, callback);
const taskOf = (spec: DagSpec, id: string) => spec.tasks.find(task => task.id === id);

describe("dag()", () => {
  it("returns plain, frozen data that the core's schema takes as it is", () => {
    assert.deepEqual(DagSpecSchema.parse(JSON.parse(JSON.stringify(sample))), sample);
    assert.ok(isDag(sample));
    assert.ok(Object.isFrozen(sample) && Object.isFrozen(sample.tasks) && Object.isFrozen(sample.tasks[0]?.upstream));
    assert.ok(!isDag({ ...sample }), "a changed copy was not checked");
  });

  it("ships the classic example", () => {
    assert.equal(sample.id, "kubernetes_sample");
    assert.equal(sample.schedule, undefined);
    assert.deepEqual(edges(sample), ["run_this_first>failing-task", "run_this_first>passing-task"]);
    const pods = sample.tasks.flatMap(task =>
      task.operator === "pod" ? [{ id: task.id, ...task.pod, retries: task.retry.retries, delayMs: task.retry.delayMs }] : [],
    );
    const python = {
      command: ["python", "-c"],
      args: ["print('hello world')"],
      labels: { foo: "bar" },
      retries: 1,
      delayMs: 10_000,
    };
    assert.deepEqual(pods, [
      { id: "passing-task", image: "python:3.11-slim", ...python },
      { id: "failing-task", image: "debian:12-slim", ...python },
    ]);
  });

  it("fills in the documented defaults", () => {
    const spec = build(d => void d.pod("a", { image: "img" }));
    const { source, ...task } = spec.tasks[0]!;
    assert.ok(source?.file.endsWith("dag.test.ts"));
    assert.deepEqual(task, {
      id: "a",
      operator: "pod",
      pod: { image: "img" },
      upstream: [],
      triggerRule: "all_success",
      retry: { retries: 0, delayMs: 300_000, backoff: "fixed", maxDelayMs: 86_400_000, jitter: 0 },
    });
    assert.deepEqual(
      { ...spec, tasks: [] },
      { id: "example", tags: [], timezone: "UTC", catchup: false, maxActiveRuns: 16, tasks: [] },
    );
  });

  it("takes every option of a pod", () => {
    const pod = {
      image: "img",
      command: ["c"],
      args: ["a"],
      labels: { l: "1" },
      annotations: { a: "2" },
      resources: { requests: { cpu: "250m" }, limits: { memory: "1Gi" } },
      namespace: "jobs",
      name: "readable",
      nodeSelector: { disk: "ssd" },
      tolerations: [{ key: "gpu", operator: "Exists" as const, effect: "NoSchedule" as const }],
      serviceAccount: "runner",
      terminationGracePeriodSeconds: 5,
    };
    const env = {
      LITERAL: "x",
      DB_PASSWORD: secret("task-db", "password"),
      OPTIONAL: secret("s", "k", { optional: true }),
      PAGE_TOKEN: plain("start"),
    };
    const spec = build(d => {
      d.pod("a", {
        ...pod,
        env,
        retries: 3,
        retryDelay: "1m30s",
        backoff: { type: "exponential", max: "1h", jitter: 0.5 },
        timeout: 5_000,
        triggerRule: "all_done",
      });
    });
    const { source: _, ...task } = spec.tasks[0]!;
    assert.deepEqual(task, {
      id: "a",
      operator: "pod",
      pod: {
        ...pod,
        env: {
          LITERAL: "x",
          DB_PASSWORD: { secret: "task-db", key: "password" },
          OPTIONAL: { secret: "s", key: "k", optional: true },
          PAGE_TOKEN: "start",
        },
      },
      upstream: [],
      triggerRule: "all_done",
      retry: { retries: 3, delayMs: 90_000, backoff: "exponential", maxDelayMs: 3_600_000, jitter: 0.5 },
      timeoutMs: 5_000,
    });
  });

  it("takes every option of a DAG", () => {
    const spec = build(d => void d.empty("a"), {
      schedule: ["0 6 * * *", "@hourly"],
      timezone: "Europe/Berlin",
      startDate: "2026-07-01",
      endDate: new Date("2027-01-01T00:00:00Z"),
      catchup: true,
      maxActiveRuns: 2,
      tags: ["x"],
      owner: "me",
      description: "words",
    });
    assert.deepEqual(
      { ...spec, tasks: [] },
      {
        id: "example",
        schedule: { cron: ["0 6 * * *", "0 * * * *"] },
        timezone: "Europe/Berlin",
        startAt: Date.parse("2026-06-30T22:00:00Z"),
        endAt: Date.parse("2027-01-01T00:00:00Z"),
        catchup: true,
        maxActiveRuns: 2,
        tags: ["x"],
        owner: "me",
        description: "words",
        tasks: [],
      },
    );
  });

  const schedules: readonly (readonly [DagOptions["schedule"], unknown])[] = [
    ["*/5 * * * *", { cron: ["*/5 * * * *"] }],
    ["  0 0 * * *  ", { cron: ["0 0 * * *"] }],
    ["30 * * * * *", { cron: ["30 * * * * *"] }],
    ["@hourly", { cron: ["0 * * * *"] }],
    ["@daily", { cron: ["0 0 * * *"] }],
    ["@weekly", { cron: ["0 0 * * 0"] }],
    ["@monthly", { cron: ["0 0 1 * *"] }],
    ["@quarterly", { cron: ["0 0 1 */3 *"] }],
    ["@yearly", { cron: ["0 0 1 1 *"] }],
    [{ every: "10m" }, { everyMs: 600_000 }],
    [{ every: 90_000 }, { everyMs: 90_000 }],
    [undefined, undefined],
  ];
  for (const [written, schedule] of schedules) {
    it(`reads the schedule ${JSON.stringify(written)}`, () => {
      assert.deepEqual(build(d => void d.empty("a"), { schedule: written }).schedule, schedule);
    });
  }

  it("lets a task's own arguments win over defaultArgs, maps key by key", () => {
    const spec = build(
      d => {
        d.pod("own", {
          image: "img",
          retries: 0,
          labels: { b: "own" },
          env: { X: "own" },
          resources: { limits: { cpu: "2" } },
          namespace: undefined,
        });
        d.noop("noop");
        d.empty("empty");
      },
      {
        defaultArgs: {
          retries: 2,
          retryDelay: "1s",
          backoff: "exponential",
          timeout: "1h",
          namespace: "jobs",
          triggerRule: "all_done",
          labels: { a: "all", b: "all" },
          env: { X: "all", Y: "all" },
          resources: { requests: { cpu: "1" }, limits: { cpu: "1", memory: "1Gi" } },
        },
      },
    );
    const own = taskOf(spec, "own");
    assert.deepEqual(own?.operator === "pod" && own.pod, {
      image: "img",
      namespace: "jobs",
      labels: { a: "all", b: "own" },
      env: { X: "own", Y: "all" },
      resources: { requests: { cpu: "1" }, limits: { cpu: "2", memory: "1Gi" } },
    });
    assert.deepEqual([own?.retry.retries, own?.retry.delayMs, own?.timeoutMs], [0, 1_000, 3_600_000]);
    assert.deepEqual([taskOf(spec, "noop")?.retry.retries, taskOf(spec, "noop")?.timeoutMs], [2, 3_600_000]);
    assert.deepEqual([taskOf(spec, "empty")?.retry.retries, taskOf(spec, "empty")?.triggerRule], [0, "all_done"]);
  });

  it("gives the same version for the same DAG", () => {
    const version = () => contentHash(build(d => d.chain(d.empty("a"), d.pod("b", { image: "img" }))));
    assert.equal(version(), version());
  });

  const joins: readonly (readonly [name: string, draw: (d: DagBuilder) => void, edges: string[]])[] = [
    ["before", d => d.empty("a").before(d.empty("b"), d.empty("c")), ["a>b", "a>c"]],
    ["after", d => d.empty("a").after(d.empty("b"), d.empty("c")), ["b>a", "c>a"]],
    ["setDownstream with a list", d => d.empty("a").setDownstream([d.empty("b"), d.empty("c")]), ["a>b", "a>c"]],
    ["setUpstream with a list", d => d.empty("a").setUpstream([d.empty("b"), [d.empty("c")]]), ["b>a", "c>a"]],
    [
      "what before returned",
      d => d.empty("a").before(d.empty("b"), d.empty("c")).before(d.empty("d")),
      ["a>b", "a>c", "b>d", "c>d"],
    ],
    ["what after returned", d => d.empty("a").after(d.empty("b")).after(d.empty("c")), ["b>a", "c>b"]],
    ["a set as argument", d => d.empty("z").after(d.empty("a").before(d.empty("b"), d.empty("c"))), ["a>b", "a>c", "b>z", "c>z"]],
    ["nothing", d => d.empty("a").before(), []],
    [
      "the same edge twice",
      d => {
        const [a, b] = [d.empty("a"), d.empty("b")];
        a.before(b);
        b.after(a);
      },
      ["a>b"],
    ],
    ["chain", d => d.chain(d.empty("a"), [d.empty("b"), d.empty("c")], d.empty("d")), ["a>b", "a>c", "b>d", "c>d"]],
    ["chain of two lists", d => d.chain([d.empty("a"), d.empty("b")], [d.empty("x"), d.empty("y")]), ["a>x", "b>y"]],
    ["chain of one", d => d.chain(d.empty("a")), []],
  ];
  for (const [name, draw, expected] of joins) {
    it(`draws edges: ${name}`, () => assert.deepEqual(edges(build(draw)), expected));
  }

  it("has no handle that JavaScript would take for a promise", async () => {
    let handle: unknown;
    build(d => {
      handle = d.empty("a");
      assert.ok(!("then" in d.empty("b").before()));
    });
    assert.ok(!("then" in (handle as object)));
    assert.equal(await handle, handle);
  });

  it("builds a chain of 10,000 tasks", () => {
    const spec = build(({ noop, chain }) => chain(...Array.from({ length: 10_000 }, (_, index) => noop(`t${index}`))));
    assert.equal(edges(spec).length, 9_999);
  });
});

describe("what neither compiles nor runs", () => {
  const table: readonly (readonly [name: string, write: (d: DagBuilder) => void])[] = [
    // @ts-expect-error: image is missing
    ["a pod without image", d => d.pod("a", {})],
    // @ts-expect-error: no such option
    ["an unknown option", d => d.pod("a", { image: "img", imagee: "img" })],
    // @ts-expect-error: retries is a number
    ["an option of the wrong type", d => d.pod("a", { image: "img", retries: "3" })],
    // @ts-expect-error: environment variables are text
    ["a number in env", d => d.pod("a", { image: "img", env: { COUNT: 5 } })],
    // @ts-expect-error: no such rule
    ["an unknown rule", d => d.empty("a", { triggerRule: "all" })],
    // @ts-expect-error: an empty task has no tries
    ["retries of an empty task", d => d.empty("a", { retries: 1 })],
    // @ts-expect-error: a handle, not an id
    ["an edge to an id", d => d.empty("a").before("b")],
    // @ts-expect-error: no such option of a DAG
    ["a task's option at the DAG", d => build(() => d.empty("a"), { retries: 1 })],
    // @ts-expect-error: an image belongs to a task
    ["a default image", d => build(() => d.empty("a"), { defaultArgs: { image: "img" } })],
  ];
  for (const [name, write] of table) it(name, () => assert.throws(() => build(write), DagError));
});
