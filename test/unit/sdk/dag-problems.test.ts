import assert from "node:assert/strict";
import { type DagBuilder, dag, type TaskHandle } from "windlass";
import { ERRORS, type ErrorCode } from "#core/errors.ts";
import { DagError } from "#sdk/problem.ts";
import { readSpec } from "#sdk/spec-problems.ts";

/** Calls dag() as JavaScript can: with anything. */
const anyDag = dag as (id: unknown, options: unknown, build: unknown) => unknown;

function errorOf(act: () => unknown): DagError {
  try {
    act();
  } catch (error) {
    if (error instanceof DagError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}

/** How far below the call of `lineHere` a line is. */
const lineHere = (): number => Number(/dag-problems\.test\.ts:(\d+)/.exec(new Error().stack?.split("\n")[2] ?? "")?.[1]);

const ok = (d: DagBuilder): void => void d.empty("a");

describe("what dag() refuses", () => {
  // Options of every shape, as JavaScript can pass them.
  const table: readonly (readonly [
    name: string,
    code: ErrorCode,
    message: RegExp,
    id: unknown,
    options: unknown,
    build: unknown,
  ])[] = [
    ["a bad DAG id", "WL_DAG_ID", /'a b' is no DAG id/, "a b", {}, ok],
    ["an id that is no text", "WL_DAG_ID", /number is no DAG id/, 5, {}, ok],
    ["an id that is too long", "WL_DAG_ID", /is no DAG id/, "x".repeat(201), {}, ok],
    ["a bad task id", "WL_DAG_ID", /'a~b' is no task id/, "x", {}, (d: DagBuilder) => d.empty("a~b")],
    ["a DAG without tasks", "WL_DAG_TYPE", /tasks/, "x", {}, () => undefined],
    ["no options", "WL_DAG_TYPE", /expected object, got nothing/, "x", undefined, ok],
    ["no callback", "WL_DAG_TYPE", /third argument is a callback/, "x", {}, undefined],
    ["an async callback", "WL_DAG_TYPE", /must not be async/, "x", {}, async (d: DagBuilder) => ok(d)],
    ["an unknown option", "WL_DAG_TYPE", /unknown option 'schedul'; did you mean 'schedule'\?/, "x", { schedul: "@daily" }, ok],
    ["Airflow's spelling", "WL_DAG_TYPE", /'max_active_runs'; did you mean 'maxActiveRuns'\?/, "x", { max_active_runs: 1 }, ok],
    ["a preset that is not there", "WL_DAG_TYPE", /'@dayly' is no preset/, "x", { schedule: "@dayly" }, ok],
    ["a cron field out of range", "WL_DAG_TYPE", /'61 \* \* \* \*' is no cron expression/, "x", { schedule: "61 * * * *" }, ok],
    ["too few cron fields", "WL_DAG_TYPE", /has 3 fields/, "x", { schedule: "* * *" }, ok],
    ["a year in cron", "WL_DAG_TYPE", /has 7 fields/, "x", { schedule: "0 0 0 1 1 * 2030" }, ok],
    ["a day that never comes", "WL_DAG_TYPE", /never comes/, "x", { schedule: "0 0 30 2 *" }, ok],
    ["one bad of several", "WL_DAG_TYPE", /'nonsense' has 1 field;/, "x", { schedule: ["@daily", "nonsense"] }, ok],
    ["no schedule in a list", "WL_DAG_TYPE", /option schedule/, "x", { schedule: [] }, ok],
    [
      "an interval that is no duration",
      "WL_DAG_TYPE",
      /schedule\.every: "5x" is not a duration/,
      "x",
      { schedule: { every: "5x" } },
      ok,
    ],
    ["an interval below a second", "WL_DAG_TYPE", /shortest interval is 1s/, "x", { schedule: { every: "10ms" } }, ok],
    [
      "a schedule of another type",
      "WL_DAG_TYPE",
      /option schedule: expected a cron expression.*got number 5/,
      "x",
      { schedule: 5 },
      ok,
    ],
    [
      "an unknown zone",
      "WL_DAG_TYPE",
      /'Mars\/Base' is no IANA time zone/,
      "x",
      { timezone: "Mars/Base", startDate: "2026-01-01" },
      ok,
    ],
    ["a date that is none", "WL_DAG_TYPE", /startDate: '2026-02-30' is no date/, "x", { startDate: "2026-02-30" }, ok],
    [
      "an end before the start",
      "WL_DAG_TYPE",
      /endDate: lies before/,
      "x",
      { startDate: "2026-02-02", endDate: "2026-02-01" },
      ok,
    ],
    [
      "a bad default",
      "WL_DAG_TYPE",
      /defaultArgs\.retries: expected number, got string "2"/,
      "x",
      { defaultArgs: { retries: "2" } },
      ok,
    ],
    ["a secret in the defaults", "WL_DAG_LITERAL_SECRET", /env\.API_KEY/, "x", { defaultArgs: { env: { API_KEY: "abc" } } }, ok],
  ];
  for (const [name, code, message, id, options, build] of table) {
    it(name, () => {
      const error = errorOf(() => anyDag(id, options, build));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.ok(error.place.file?.endsWith("dag-problems.test.ts") && error.place.line !== undefined);
    });
  }

  const pods: readonly (readonly [name: string, message: RegExp, options: unknown])[] = [
    ["no options", /task 'p': expected object, got nothing/, undefined],
    ["no image", /task 'p': option image: expected string, got nothing/, {}],
    ["an empty image", /option image: expected a length of at least 1, got string ""/, { image: "" }],
    ["a command as text", /option command: expected array, got string "python"/, { image: "i", command: "python" }],
    [
      "a number among the arguments",
      /option args\.1: expected a string or plain\(value\), got number 5/,
      { image: "i", args: ["a", 5] },
    ],
    ["a label that is no text", /option labels\.a: expected string, got boolean true/, { image: "i", labels: { a: true } }],
    [
      "a bad namespace",
      /option namespace: expected text that matches .* got string "Bad_NS"/,
      { image: "i", namespace: "Bad_NS" },
    ],
    [
      "a bad effect",
      /tolerations\.0\.effect: expected "NoSchedule" or .* got string "never"/,
      { image: "i", tolerations: [{ effect: "never" }] },
    ],
    ["a bad duration", /retryDelay: "soon" is not a duration/, { image: "i", retryDelay: "soon" }],
    ["a duration of another type", /retryDelay: expected number or string, got boolean/, { image: "i", retryDelay: true }],
    [
      "a bad backoff",
      /backoff: expected "fixed" or "exponential" or object, got string "linear"/,
      { image: "i", backoff: "linear" },
    ],
    ["a bad backoff inside", /backoff\.max: "q" is not a duration/, { image: "i", backoff: { type: "fixed", max: "q" } }],
    ["no time at all", /a timeout must be longer than 0/, { image: "i", timeout: 0 }],
    ["too many retries", /retries: expected at most 1000, got number 1001/, { image: "i", retries: 1001 }],
    ["a bad rule", /triggerRule: expected "all_success" or "all_failed".* got string "all"/, { image: "i", triggerRule: "all" }],
    ["a bad name of a variable", /env\.a b: the name must match/, { image: "i", env: { "a b": "x" } }],
    [
      "a misspelt option",
      /unknown option 'serviceaccount'; did you mean 'serviceAccount'\?/,
      { image: "i", serviceaccount: "x" },
    ],
    ["an option of nobody", /unknown option 'whatever'$/, { image: "i", whatever: 1 }],
  ];
  for (const [name, message, options] of pods) {
    it(`a pod with ${name}`, () => {
      const error = errorOf(() => anyDag("x", {}, (d: { pod(id: string, options: unknown): unknown }) => d.pod("p", options)));
      assert.deepEqual([error.code, error.problems.length], ["WL_DAG_TYPE", 1]);
      assert.match(error.message, message);
    });
  }

  it("a variable of another type, without repeating its value", () => {
    const env = { PASSWORD: 12345 };
    const error = errorOf(() =>
      anyDag("x", {}, (d: { pod(id: string, options: unknown): unknown }) => d.pod("p", { image: "i", env })),
    );
    assert.match(
      error.message,
      /option env\.PASSWORD: expected a string, secret\.env\(name, key\), plain\(value\), or a reference such as fieldRef\(path\), got number$/,
    );
  });

  it("a circle, with its path and the edge that closed it", () => {
    let line = 0;
    const error = errorOf(() =>
      dag("x", {}, d => {
        const [a, b, c] = [d.empty("a"), d.empty("b"), d.empty("c")];
        d.empty("start").before(a);
        a.before(b);
        c.after(b);
        line = lineHere() + 1;
        c.before(a);
      }),
    );
    assert.deepEqual([error.code, error.place.line], ["WL_DAG_CYCLE", line]);
    assert.match(error.message, /the tasks form a circle: a → b → c → a$/);
  });

  it("a task that waits for itself", () => {
    const error = errorOf(() =>
      dag("x", {}, d => {
        const me = d.empty("me");
        me.before(me);
      }),
    );
    assert.match(error.message, /me → me$/);
  });

  it("an id used twice, with both lines", () => {
    const first = lineHere() + 3;
    const error = errorOf(() =>
      dag("x", {}, d => {
        d.empty("a");
        d.pod("a", { image: "i" });
      }),
    );
    assert.deepEqual([error.code, error.place.line], ["WL_DAG_DUPLICATE_TASK", first + 1]);
    assert.ok(error.message.endsWith(`task 'a' is defined twice, first on line ${first}`));
  });

  it("a task of another DAG, in either direction", () => {
    let foreign: TaskHandle | undefined;
    dag("other", {}, d => {
      foreign = d.empty("theirs");
    });
    const after = errorOf(() => dag("x", {}, d => void d.empty("mine").after(foreign!)));
    assert.deepEqual(
      [after.code, /'theirs' belongs to DAG 'other', not to 'x'/.test(after.message)],
      ["WL_DAG_UNKNOWN_UPSTREAM", true],
    );
    const before = errorOf(() => dag("x", {}, d => void foreign!.before(d.empty("mine"))));
    assert.equal(before.code, "WL_DAG_UNKNOWN_UPSTREAM");
  });

  it("tasks that come after the callback", () => {
    let late: DagBuilder | undefined;
    dag("x", {}, d => {
      late = d;
      d.empty("a");
    });
    assert.throws(() => late!.empty("b"), { code: "WL_DAG_TYPE", message: /inside the callback/ });
  });

  it("what is no task", () => {
    const error = errorOf(() =>
      anyDag("x", {}, (d: DagBuilder) => d.empty("a").before("b" as unknown as TaskHandle, null as unknown as TaskHandle)),
    );
    assert.deepEqual(
      error.problems.map(problem => problem.message),
      ["expected a task or a group, got the string 'b'", "expected a task or a group, got null"],
    );
  });

  it("lists of unequal length that follow each other", () => {
    const error = errorOf(() => dag("x", {}, d => d.chain([d.empty("a"), d.empty("b")], [d.empty("c")])));
    assert.match(error.message, /equally long, got 2 and 1 tasks/);
  });

  it("all mistakes at once, the first one's code and place in front", () => {
    const top = lineHere();
    const error = errorOf(() =>
      anyDag("not an id", { schedule: "* *" }, (d: { pod(id: string, options: unknown): unknown }) => {
        d.pod("a", { image: 1, env: { TOKEN: "abc" } });
        d.pod("a", { image: "i" });
      }),
    );
    assert.deepEqual(
      error.problems.map(({ code, place }) => [code, place.line]),
      [
        ["WL_DAG_ID", top + 2],
        ["WL_DAG_LITERAL_SECRET", top + 3],
        ["WL_DAG_TYPE", top + 3],
        ["WL_DAG_TYPE", top + 2],
        ["WL_DAG_DUPLICATE_TASK", top + 4],
      ],
    );
    assert.deepEqual([error.code, error.place.line, error.next], ["WL_DAG_ID", top + 2, ERRORS.WL_DAG_ID]);
    assert.match(error.message, /^5 mistakes:\n- dag-problems\.test\.ts:\d+: .* \(WL_DAG_ID\)\n/);
  });

  it("lets the callback's own exception pass", () => {
    assert.throws(
      () =>
        dag("x", {}, () => {
          throw new RangeError("mine");
        }),
      RangeError,
    );
  });
});

describe("readSpec", () => {
  const task = (id: string, ...upstream: string[]) => ({ id, operator: "empty", upstream });
  const table: readonly (readonly [name: string, spec: unknown, codes: readonly ErrorCode[]])[] = [
    ["a good DAG", { id: "x", tasks: [task("a"), task("b", "a")], schedule: { cron: ["0 0 * * *"] } }, []],
    ["no object", "x", ["WL_DAG_TYPE"]],
    ["an unknown field", { id: "x", tasks: [task("a")], extra: 1 }, ["WL_DAG_TYPE"]],
    ["a bad cron", { id: "x", tasks: [task("a")], schedule: { cron: ["0 0"] } }, ["WL_DAG_TYPE"]],
    ["a bad zone", { id: "x", tasks: [task("a")], timezone: "Nowhere" }, ["WL_DAG_TYPE"]],
    ["an unknown upstream", { id: "x", tasks: [task("a", "b")] }, ["WL_DAG_UNKNOWN_UPSTREAM"]],
    [
      "an id twice and a circle",
      { id: "x", tasks: [task("a", "b"), task("b", "a"), task("b")] },
      ["WL_DAG_DUPLICATE_TASK", "WL_DAG_CYCLE"],
    ],
  ];
  for (const [name, spec, codes] of table) {
    it(name, () => {
      const read = readSpec(spec);
      assert.deepEqual("problems" in read ? read.problems.map(problem => problem.code) : [], codes);
    });
  }

  const work = { operator: "pod", pod: { image: "i" } };
  const sentences: readonly (readonly [name: string, tasks: readonly object[], message: RegExp])[] = [
    [
      "a branch that names what does not follow it",
      [{ id: "b", operator: "branch", on: "{{ run.id }}", cases: [{ is: 1, to: ["a"] }] }, task("a")],
      /task 'b': a branch chooses among what comes directly after it, and 'a' does not/,
    ],
    [
      "a branch that names nobody",
      [{ id: "b", operator: "branch", on: "{{ run.id }}", cases: [], otherwise: ["lod"] }, task("load", "b")],
      /a case names 'lod', which is no task of this DAG; did you mean 'load'\?/,
    ],
    ["a teardown of nobody", [{ ...task("t"), teardown: { of: ["x"] } }], /is the teardown of 'x', which is no task of this DAG/],
    ["a teardown of itself", [{ ...task("t"), setup: true, teardown: { of: ["t"] } }], /cannot be both setup and teardown/],
    [
      "a list that is too long",
      [{ id: "m", ...work, map: { over: Array.from({ length: 10_001 }) } }],
      /a list of 10001 items is too long; at most 10000/,
    ],
    ["a mapped task without a pod", [{ ...task("m"), map: { over: [1] } }], /operator 'empty' cannot be mapped/],
    ["a wait for no time", [{ id: "w", operator: "wait", for: { kind: "time" } }], /needs either at or after/],
    [
      "a wait for itself",
      [{ id: "w", operator: "wait", for: { kind: "run", dag: "x" } }],
      /waits for the run that it is part of/,
    ],
    ["a wrong field of a task", [task("a"), { ...task("b"), pool: 5 }], /option tasks\.1\.pool: expected string, got number 5/],
  ];
  for (const [name, tasks, message] of sentences) {
    it(name, () => {
      const read = readSpec({ id: "x", tasks });
      assert.ok("problems" in read);
      assert.equal(read.problems.length, 1, JSON.stringify(read.problems));
      assert.match(read.problems[0]!.message, message);
    });
  }

  it("a wait for its own DAG's run of yesterday is right", () => {
    const tasks = [{ id: "w", operator: "wait", for: { kind: "run", dag: "x", offsetMs: 86_400_000 } }];
    assert.ok("spec" in readSpec({ id: "x", tasks }));
  });
});
