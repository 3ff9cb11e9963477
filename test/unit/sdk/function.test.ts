import assert from "node:assert/strict";
import { type DagBuilder, z } from "windlass";
import { dagOf, edgesOf, fieldsOf, mistakesOf } from "../../support/dag-of.ts";

describe("d.fn", () => {
  it("is a pod whose image, command and bundle the worker adds", () => {
    const spec = dagOf(d =>
      d.fn("count", ({ input }) => input.table.length, { input: { table: "orders" }, retries: 2, env: { A: "1" } }),
    );
    assert.deepEqual(fieldsOf(spec, "count"), {
      operator: "pod",
      pod: { image: "windlass/function", env: { A: "1" } },
      fn: { input: { params: "{{ params }}", run: "{{ run }}", input: { table: "orders" } } },
      result: {},
      triggerRule: "all_success",
    });
    assert.equal(spec.tasks[0]?.retry.retries, 2);
  });

  it("hands on what the function returns, typed by it", () => {
    const spec = dagOf(d => {
      const count = d.fn("count", async () => ({ rows: 3, tables: ["a"] }));
      const rows: number[] = [];
      const next = d.fn("next", ({ input }) => rows.push(input.rows), { input: { rows: count.output.rows } });
      // @ts-expect-error: the function returns no such field
      assert.equal(String(count.output.row), "{{ tasks.count.output.row }}");
      d.map("each", count.output.tables, table => ({ image: "i", args: [table] })).after(next);
    });
    assert.deepEqual(edgesOf(spec), ["count>each", "count>next", "next>each"].slice(1));
    assert.deepEqual(fieldsOf(spec, "next").fn, {
      input: { params: "{{ params }}", run: "{{ run }}", input: { rows: "{{ tasks.count.output.rows }}" } },
    });
  });

  it("is called for each item of a list, and hands on the list", () => {
    const spec = dagOf(d => {
      const each = d.fn("each", ({ item, index }) => ({ name: item.name.toUpperCase(), index }), {
        over: [{ name: "a" }, { name: "b" }],
        maxActive: 1,
      });
      assert.equal(String(each.output[1]!.name), "{{ tasks.each.outputs[1].name }}");
      // @ts-expect-error: a list has no such field
      assert.throws(() => each.output.name, /has no 'name'/);
    });
    assert.deepEqual(fieldsOf(spec, "each").map, { over: [{ name: "a" }, { name: "b" }], maxActive: 1 });
  });

  it("checks what it returns where it is told to", () =>
    assert.deepEqual(
      fieldsOf(
        dagOf(d => d.fn("a", () => ({ rows: 1 }), { result: z.object({ rows: z.int().min(0) }) })),
        "a",
      ).result,
      {
        type: "object",
        properties: { rows: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER } },
        required: ["rows"],
      },
    ));

  const wrong: readonly (readonly [what: string, write: (d: DagBuilder) => unknown, message: RegExp])[] = [
    // @ts-expect-error: no function
    ["no function", d => d.fn("a", "work"), /task 'a': the second argument is the function to call/],
    // @ts-expect-error: no such option
    ["an unknown option", d => d.fn("a", () => 1, { retry: 1 }), /unknown option 'retry'; did you mean/],
    [
      "a command of its own",
      // @ts-expect-error: the worker calls the function
      d => d.fn("a", () => 1, { command: ["x"] }),
      /option command: a function has none, the worker calls it/,
    ],
    // @ts-expect-error: the input has no such field
    ["what the input does not have", d => d.fn("a", ({ input }) => input.b, { input: { a: 1 }, retries: -1 }), /option retries/],
  ];
  for (const [what, write, message] of wrong) {
    it(`refuses ${what}`, () => {
      const mistakes = mistakesOf(write);
      assert.equal(mistakes.length, 1, mistakes.join("; "));
      assert.match(mistakes[0]!, message);
    });
  }
});
