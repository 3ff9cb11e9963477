import assert from "node:assert/strict";
import type { WindlassError } from "#core/errors.ts";
import { listQuery } from "../../../services/dashboard/airflow/list-query.ts";

interface Row {
  name: string;
  state: string | null;
  at: number | null;
}

const ROWS: readonly Row[] = [
  { name: "b_one", state: "failed", at: 30 },
  { name: "A_two", state: "success", at: 10 },
  { name: "c_three", state: null, at: null },
  { name: "bXone", state: "success", at: 20 },
];

const Query = listQuery<Row, Record<never, never>>(
  {
    oneOf: { state: row => row.state },
    ranges: { at: row => row.at },
    texts: { name: row => row.name },
    order: { name: row => row.name, at: row => row.at, state: row => row.state },
  },
  {},
);

describe("Airflow's lists", () => {
  const TABLE: readonly [query: Record<string, string | string[]>, names: string[]][] = [
    [{}, ["b_one", "A_two", "c_three", "bXone"]],
    [{ state: "success" }, ["A_two", "bXone"]],
    [{ state: ["success", "none"] }, ["A_two", "c_three", "bXone"]],
    [{ at_gte: "20" }, ["b_one", "bXone"]],
    [{ at_gt: "10", at_lt: "30" }, ["bXone"]],
    [{ at_lte: "1970-01-01T00:00:00.010Z" }, ["A_two"]],
    [{ name_pattern: "ONE" }, ["b_one", "bXone"]],
    [{ name_pattern: "two | three" }, ["A_two", "c_three"]],
    [{ name_pattern: "b%e" }, ["b_one", "bXone"]],
    [{ name_pattern: "a.two" }, []],
    [{ name_pattern: "~" }, ["b_one", "A_two", "c_three", "bXone"]],
    [{ name_pattern: "" }, []],
    [{ name_prefix_pattern: "b_" }, ["b_one"]],
    [{ name_prefix_pattern: "a_" }, []],
    [{ order_by: "at" }, ["A_two", "bXone", "b_one", "c_three"]],
    [{ order_by: "-at" }, ["b_one", "bXone", "A_two", "c_three"]],
    [{ order_by: ["-state", "at"] }, ["A_two", "bXone", "b_one", "c_three"]],
    [{ limit: "2", offset: "1" }, ["A_two", "c_three"]],
    [{ limit: "0" }, []],
    [{ offset: "9" }, []],
  ];
  for (const [query, names] of TABLE) {
    it(JSON.stringify(query), () => {
      const { page } = Query.parse(query).page(ROWS);
      assert.deepEqual(
        page.map(row => row.name),
        names,
      );
    });
  }

  it("counts what is asked for and not the page", () => {
    assert.equal(Query.parse({ limit: "1", state: "success" }).page(ROWS).total, 2);
  });

  it("gives at most 100, and 50 unless it is asked", () => {
    const rows = Array.from({ length: 300 }, () => ROWS[0]!);
    const lengths = [{}, { limit: "70" }, { limit: "250" }].map(query => Query.parse(query).page(rows).page.length);
    assert.deepEqual(lengths, [50, 70, 100]);
  });

  for (const query of [{ limit: "-1" }, { limit: "x" }, { order_by: "colour" }, { at_gte: "yesterday" }]) {
    it(`refuses ${JSON.stringify(query)}`, () => assert.equal(Query.safeParse(query).success, false));
  }

  it("says of a filter that it does not have", () => {
    assert.throws(
      () => Query.parse({ colour: "red" }),
      (error: WindlassError) => error.code === "WL_AIRFLOW_ABSENT" && error.message.includes("'colour'"),
    );
  });

  it("looks through a pattern of many gaps at once", () => {
    const rows = [{ ...ROWS[0]!, name: "a".repeat(400) }];
    assert.equal(Query.parse({ name_pattern: `${"%a".repeat(300)}%b` }).page(rows).total, 0);
  });
});
