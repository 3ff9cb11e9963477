import assert from "node:assert/strict";
import { dag, defineOperator, type Reference, z } from "windlass";
import { DagError } from "#sdk/problem.ts";

const dbt = defineOperator({
  name: "dbt",
  args: z.object({ select: z.string(), target: z.enum(["dev", "prod"]).default("dev") }),
  task: ({ select, target }) => ({
    image: "dbt:1.9",
    args: ["run", "--select", select, "--target", target],
    retries: 2,
    result: z.object({ models: z.int() }),
  }),
});

const mistakesOf = (build: () => unknown): string[] => {
  try {
    build();
  } catch (error) {
    if (error instanceof DagError) return error.problems.map(({ message, place }) => `${place.line !== undefined} ${message}`);
    throw error;
  }
  return [];
};

describe("defineOperator", () => {
  it("makes tasks that are pod tasks like any other", () => {
    const { tasks } = dag("etl", { defaultArgs: { labels: { team: "data" } } }, d => {
      d.use(dbt, "orders", { select: "orders+" }).before(d.use(dbt, "sales", { select: "sales", target: "prod" }));
    });
    const [orders, sales] = tasks;
    assert.ok(orders?.operator === "pod" && sales?.operator === "pod");
    assert.deepEqual(orders.pod, {
      image: "dbt:1.9",
      args: ["run", "--select", "orders+", "--target", "dev"],
      labels: { team: "data" },
    });
    assert.equal(orders.retry.retries, 2);
    assert.deepEqual(sales.upstream, ["orders"]);
    assert.ok(orders.source?.file.endsWith("operator.test.ts"), "the place is the DAG's, not the operator's");
  });

  it("lets the DAG say more about a task than the operator does", () => {
    const [task] = dag("etl", {}, d => void d.use(dbt, "orders", { select: "orders" }, { retries: 5, timeout: "1h" })).tasks;
    assert.deepEqual([task?.retry.retries, task?.timeoutMs], [5, 3_600_000]);
  });

  it("gives its result's type to the task", () => {
    dag("etl", {}, d => {
      const { models } = d.use(dbt, "orders", { select: "orders" }).output;
      const count: Reference<number> = models;
      assert.equal(JSON.stringify(count), '"{{ tasks.orders.output.models }}"');
      // @ts-expect-error select is missing
      assert.ok(mistakesOf(() => dag("x", {}, inner => void inner.use(dbt, "orders", {}))).length > 0);
    });
  });

  it("says what is wrong with the arguments, and where", () =>
    assert.deepEqual(
      mistakesOf(() => dag("etl", {}, d => void d.use(dbt, "orders", { select: 3, target: "test" } as never))),
      [
        "true task 'orders': operator dbt: option select: expected string, got number 3",
        'true task \'orders\': operator dbt: option target: expected "dev" or "prod", got string "test"',
      ],
    ));

  it("has what it makes checked like anything else", () => {
    const wrong = defineOperator({
      name: "wrong",
      args: z.object({}),
      task: () => ({ image: "x", retires: 3 }) as { image: string },
    });
    assert.deepEqual(
      mistakesOf(() => dag("etl", {}, d => void d.use(wrong, "t", {}))),
      ["true task 't': unknown option 'retires'; did you mean 'retries'?"],
    );
  });

  it("refuses what is no operator", () => {
    assert.throws(() => defineOperator({ name: "", args: z.object({}), task: () => ({ image: "x" }) }), /it needs a name/);
    assert.throws(
      () => defineOperator({ name: "x", args: {} as z.ZodType, task: () => ({ image: "x" }) }),
      /args \(a zod schema\)/,
    );
  });
});
