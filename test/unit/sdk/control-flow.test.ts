import assert from "node:assert/strict";
import { type DagBuilder, exitCodeOf, stateOf, z } from "windlass";
import { dagOf, edgesOf, fieldsOf, mistakesOf } from "../../support/dag-of.ts";

const image = "etl:1.4";
const sized = (d: DagBuilder) =>
  d.pod("check", { image, result: z.object({ kind: z.enum(["big", "small"]), rows: z.int(), ok: z.boolean() }) });

describe("a branch", () => {
  it("draws the edges to whom it names, a group's to what it begins with", () => {
    const spec = dagOf(d => {
      const check = sized(d);
      const big = d.group("big", g => g.chain([g.noop("one"), g.noop("two")], g.noop("sum")));
      const [small, other] = [d.noop("small"), d.noop("other")];
      check.before(d.branch("size", { on: check.output.kind, cases: { big, small: [small, other] }, otherwise: other }));
    });
    assert.deepEqual(fieldsOf(spec, "size"), {
      operator: "branch",
      on: "{{ tasks.check.output.kind }}",
      cases: [
        { is: "big", to: ["big.one", "big.two"] },
        { is: "small", to: ["small", "other"] },
      ],
      otherwise: ["other"],
      triggerRule: "all_success",
    });
    assert.deepEqual(
      edgesOf(spec).filter(edge => edge.startsWith("size>")),
      ["size>big.one", "size>big.two", "size>other", "size>small"],
    );
  });

  const names: readonly (readonly [name: string, is: unknown[]])[] = [
    ["text", ["text"]],
    ["3", [3, "3"]],
    ["-1.5", [-1.5, "-1.5"]],
    ["007", ["007"]],
    ["true", [true, "true"]],
    ["", [""]],
  ];
  for (const [name, is] of names) {
    it(`takes the name '${name}' for ${is.map(one => JSON.stringify(one)).join(" and ")}`, () => {
      const spec = dagOf(d => d.branch("b", { on: "{{ run.id }}", cases: { [name]: d.noop("a") } }));
      assert.deepEqual(
        fieldsOf(spec, "b").cases,
        is.map(one => ({ is: one, to: ["a"] })),
      );
    });
  }

  it("that looks at how a task ended runs after a failure, unless it says otherwise", () => {
    const spec = dagOf(d => {
      const check = d.pod("check", { image });
      check.before(
        d.branch("code", { on: exitCodeOf(check), cases: { 0: d.noop("a"), 3: d.noop("b") } }),
        d.branch("state", { on: stateOf(check), cases: { failed: d.noop("c") } }),
        d.branch("strict", { on: exitCodeOf(check), cases: { 0: d.noop("e") }, triggerRule: "all_success" }),
      );
    });
    const rules = ["code", "state", "strict"].map(id => fieldsOf(spec, id).triggerRule);
    assert.deepEqual(rules, ["all_done", "all_done", "all_success"]);
    assert.equal(fieldsOf(spec, "code").on, "{{ tasks.check.exitCode }}");
  });

  it("may go nowhere", () => {
    const branch = fieldsOf(
      dagOf(d => d.branch("b", { on: "{{ run.id }}", cases: { x: [] } })),
      "b",
    );
    assert.deepEqual(branch.operator === "branch" && branch.cases, [{ is: "x", to: [] }]);
  });

  const wrong: readonly (readonly [what: string, write: (d: DagBuilder) => unknown, message: RegExp])[] = [
    [
      "an id",
      // @ts-expect-error: an id is no task
      d => d.branch("b", { on: sized(d).output.kind, cases: { big: "a" } }),
      /option cases\.big: expected a task, a group, or a list of them/,
    ],
    [
      "a plain text to choose by",
      // @ts-expect-error: no reference
      d => d.branch("b", { on: "big", cases: {} }),
      /option on: expected text that matches/,
    ],
    [
      "no cases",
      // @ts-expect-error: cases are missing
      d => d.branch("b", { on: sized(d).output.kind }),
      /option cases: expected object, got nothing/,
    ],
  ];
  for (const [what, write, message] of wrong) {
    it(`refuses ${what}`, () => {
      const mistakes = mistakesOf(write);
      assert.equal(mistakes.length, 1, mistakes.join("; "));
      assert.match(mistakes[0]!, message);
    });
  }

  it("is checked by the compiler against what it chooses by", () => {
    dagOf(d => {
      const { output } = sized(d);
      const a = d.noop("a");
      d.branch("kind", { on: output.kind, cases: { big: a } });
      d.branch("rows", { on: output.rows, cases: { 0: a } });
      d.branch("ok", { on: output.ok, cases: { true: a, false: [] } });
      // @ts-expect-error: no such kind
      d.branch("kind-2", { on: output.kind, cases: { huge: a } });
      // @ts-expect-error: a number has no name
      d.branch("rows-2", { on: output.rows, cases: { many: a } });
      // @ts-expect-error: neither true nor false
      d.branch("ok-2", { on: output.ok, cases: { maybe: a } });
      // @ts-expect-error: an object cannot be compared
      d.branch("all", { on: output, cases: {} });
    });
  });

  it("of another DAG's task is refused", () => {
    dagOf(other => {
      const foreign = other.noop("theirs");
      assert.match(mistakesOf(d => d.branch("b", { on: "{{ run.id }}", cases: { x: foreign } }))[0]!, /'theirs' belongs to DAG/);
    });
  });
});

describe("short circuit and latest only", () => {
  it("are what the scheduler resolves", () => {
    const spec = dagOf(d => {
      const check = sized(d);
      d.chain(check, d.shortCircuit("any", { on: check.output.rows, respectRules: true }), d.latestOnly("latest"));
    });
    assert.deepEqual(fieldsOf(spec, "any"), {
      operator: "shortCircuit",
      on: "{{ tasks.check.output.rows }}",
      respectRules: true,
      triggerRule: "all_success",
    });
    assert.deepEqual(fieldsOf(spec, "latest"), { operator: "latestOnly", triggerRule: "all_success" });
  });
});

describe("setup and teardown", () => {
  it("are marked, and joined", () => {
    const spec = dagOf(d => {
      const create = d.noop("create").asSetup();
      const second = d.noop("second").asSetup();
      d.chain([create, second], d.empty("work"), d.noop("destroy").asTeardown({ of: [create, second], failsRun: true }));
    });
    assert.equal(fieldsOf(spec, "create").setup, true);
    assert.deepEqual(fieldsOf(spec, "destroy").teardown, { of: ["create", "second"], failsRun: true });
    assert.deepEqual(
      edgesOf(spec).filter(edge => edge.endsWith(">destroy")),
      ["create>destroy", "second>destroy", "work>destroy"],
    );
  });

  const wrong: readonly (readonly [what: string, write: (d: DagBuilder) => unknown, message: RegExp])[] = [
    [
      "a teardown of what is no setup",
      d => d.noop("t").asTeardown({ of: d.noop("a") }),
      /task 't': is the teardown of 'a', which is no setup: call asSetup\(\)/,
    ],
    [
      "a teardown of a group",
      d => d.noop("t").asTeardown({ of: d.group("g", g => g.noop("a")) }),
      /is the teardown of 'g', which is no task of this DAG/,
    ],
    // @ts-expect-error: of is missing
    ["a teardown of nothing", d => d.noop("t").asTeardown({}), /expected a task or a group, got undefined/],
  ];
  for (const [what, write, message] of wrong) {
    it(`refuse ${what}`, () => {
      const mistakes = mistakesOf(write);
      assert.equal(mistakes.length, 1, mistakes.join("; "));
      assert.match(mistakes[0]!, message);
    });
  }
});

describe("a mapped task", () => {
  it("keeps its list and is written once", () => {
    let calls = 0;
    const spec = dagOf(d =>
      d.map(
        "clean",
        [{ name: "orders", size: 1 }, { name: "customers" }],
        (item, index) => {
          calls++;
          return { image, args: [item.name, `${index}`], retries: 2 };
        },
        { maxActive: 4, maxFailures: 0.1 },
      ),
    );
    assert.equal(calls, 1);
    const { pod, ...task } = fieldsOf(spec, "clean");
    assert.deepEqual(pod, { image, args: ["{{ item.name }}", "{{ index }}"] });
    assert.deepEqual(task, {
      operator: "pod",
      triggerRule: "all_success",
      map: { over: [{ name: "orders", size: 1 }, { name: "customers" }], maxActive: 4, maxFailures: 0.1 },
    });
  });

  it("takes a list from a task, and hands on the list of results", () => {
    let total = "";
    const spec = dagOf(d => {
      const extract = d.pod("extract", { image, result: z.object({ tables: z.array(z.object({ name: z.string() })) }) });
      const clean = d.map("clean", extract.output.tables, table => ({
        image,
        args: ["clean", table.name],
        result: z.object({ rows: z.int() }),
      }));
      extract.before(clean);
      total = String(clean.output.pipe("json"));
      const first: string = String(clean.output[0]!.rows);
      assert.equal(first, "{{ tasks.clean.outputs[0].rows }}");
      d.map("reduce", clean.output, one => ({ image, args: [one.rows.pipe("string")] })).after(clean);
    });
    assert.equal(total, "{{ tasks.clean.outputs | json }}");
    assert.deepEqual(fieldsOf(spec, "clean").map, { over: "{{ tasks.extract.output.tables }}" });
    assert.deepEqual(fieldsOf(spec, "reduce").map, { over: "{{ tasks.clean.outputs }}" });
  });

  it("stands in a group and in a branch like any other", () => {
    const spec = dagOf(d => {
      const load = d.group("load", g => g.map("each", ["a", "b"], name => ({ image, args: [name] })));
      d.branch("b", { on: "{{ run.id }}", cases: { x: load } });
    });
    assert.deepEqual(edgesOf(spec), ["b>load.each"]);
  });

  const wrong: readonly (readonly [what: string, write: (d: DagBuilder) => unknown, message: RegExp])[] = [
    [
      "more than 10,000 items",
      d =>
        d.map(
          "m",
          Array.from({ length: 10_001 }, (_, n) => n),
          () => ({ image }),
        ),
      /task 'm': a list of 10001 items is too long; at most 10000/,
    ],
    ["the rule always", d => d.map("m", [1], () => ({ image, triggerRule: "always" })), /cannot have the trigger rule 'always'/],
    // @ts-expect-error: no list
    ["what is no list", d => d.map("m", 5, () => ({ image })), /expected a list, or a reference to one/],
    [
      "a bad option",
      d => d.map("m", [1], () => ({ image }), { maxActive: 0 }),
      /task 'm': option maxActive: expected at least 1/,
    ],
    ["a bad pod", d => d.map("m", [1], () => ({ image, retries: -1 })), /task 'm': option retries/],
  ];
  for (const [what, write, message] of wrong) {
    it(`refuses ${what}`, () => {
      const mistakes = mistakesOf(write);
      assert.equal(mistakes.length, 1, mistakes.join("; "));
      assert.match(mistakes[0]!, message);
    });
  }

  it("refuses a field that no item has, and the compiler one that not every item has", () =>
    assert.throws(
      // @ts-expect-error: no such field
      () => dagOf(d => d.map("m", [{ name: "a" }], item => ({ image, args: [item.nam] }))),
      /item has no 'nam'; did you mean 'name'\?/,
    ));

  it("has no output when its pods have no result", () =>
    assert.throws(
      () =>
        dagOf(d => {
          const { output } = d.map("m", [1], () => ({ image }));
          // @ts-expect-error: there is none
          assert.ok(output.length);
        }),
      /task 'm' has no output/,
    ));
});
