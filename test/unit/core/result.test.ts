import assert from "node:assert/strict";
import { z } from "zod";
import { messageLimitBytes, readResult, resultSchemaProblem } from "#core/result.ts";

const ROWS = { type: "object", properties: { rows: { type: "integer" } }, required: ["rows"] };
const LIMIT = messageLimitBytes(1);

/** `output …` or the code. */
function read(message: string | undefined, schema: object = {}, limit = LIMIT): string {
  const reading = readResult(message, limit, schema as Record<string, unknown>);
  return "output" in reading ? `output ${JSON.stringify(reading.output)}` : reading.failure.code;
}

const REFERENCE = { $ref: "s3://bucket/rows", sha256: "0".repeat(64), size: 1 };

describe("readResult", () => {
  const table: readonly (readonly [what: string, message: string | undefined, expected: string, schema?: object])[] = [
    ["a value that fits", '{"rows": 3}', 'output {"rows":3}', ROWS],
    ["an object with more than the schema names", '{"rows": 3, "more": true}', 'output {"rows":3,"more":true}', ROWS],
    ["a value where anything goes", "[1, null]", "output [1,null]"],
    ["null", "null", "output null"],
    ["white space around it", ' {"rows": 3}\n', 'output {"rows":3}', ROWS],
    ["no file", undefined, "ResultMissing", ROWS],
    ["an empty file", "", "ResultMissing", ROWS],
    ["text", "done", "ResultInvalid"],
    ["two values", "1 2", "ResultInvalid"],
    ["a field of another type", '{"rows": "3"}', "ResultInvalid", ROWS],
    ["a missing field", "{}", "ResultInvalid", ROWS],
    ["a reference to a large one", JSON.stringify(REFERENCE), `output ${JSON.stringify(REFERENCE)}`, ROWS],
    ["a reference without its hash", '{"$ref": "s3://bucket/rows", "size": 1}', "ResultInvalid", ROWS],
    ["a reference to no URL", JSON.stringify({ ...REFERENCE, $ref: "rows" }), "ResultInvalid", ROWS],
    [
      "one byte less than the limit",
      "1"
        .repeat(LIMIT - 1)
        .replace(/^1/, '"')
        .replace(/1$/, '"'),
      `output "${"1".repeat(LIMIT - 3)}"`,
    ],
    ["the limit: it was cut, or might have been", `"${"1".repeat(LIMIT - 2)}"`, "ResultTooLarge"],
    ["bytes count, not characters", `"${"ä".repeat(LIMIT / 2)}"`, "ResultTooLarge"],
  ];
  for (const [what, message, expected, schema] of table) it(what, () => assert.equal(read(message, schema), expected));

  it("says what is wrong, but not what was written: it may be a secret", () => {
    const messages = ["hunter2", '{"rows": "hunter2"}'].map(text => {
      const reading = readResult(text, LIMIT, ROWS);
      return "failure" in reading ? reading.failure.message : "";
    });
    assert.deepEqual(messages, [
      "the result is not what the task's schema asks for: it is not JSON",
      "the result is not what the task's schema asks for: result.rows: Invalid input: expected number, received string",
    ]);
  });

  it("costs a try like any failure of the program", () => {
    const reading = readResult("x", LIMIT, {});
    assert.ok("failure" in reading);
    assert.deepEqual([reading.failure.result, reading.failure.blame, reading.failure.exitCode], ["failed", "user", 0]);
  });
});

describe("messageLimitBytes", () => {
  const table: readonly (readonly [containers: number, expected: number])[] = [
    [0, 4_096],
    [1, 4_096],
    [3, 4_096],
    [4, 3_072],
    [12, 1_024],
  ];
  for (const [containers, expected] of table)
    it(`${containers} containers: ${expected}`, () => assert.equal(messageLimitBytes(containers), expected));
});

describe("a result schema as data", () => {
  const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
    object: z.object({ rows: z.int(), name: z.string().optional() }),
    strict: z.strictObject({ rows: z.number() }),
    bounds: z.object({ share: z.number().min(0).max(1), tags: z.array(z.string()).min(1).max(2) }),
    text: z.string().min(2).max(4),
    pattern: z.string().regex(/^[a-z]+-\d+$/),
    email: z.email(),
    instant: z.iso.datetime(),
    choice: z.enum(["a", "b"]),
    literal: z.literal(3),
    union: z.union([z.int(), z.string()]),
    discriminated: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("a"), value: z.number() }),
      z.object({ kind: z.literal("b") }),
    ]),
    record: z.record(z.string(), z.int()),
    tuple: z.tuple([z.string(), z.int()]),
    nullable: z.int().nullable(),
    nested: z.object({ inner: z.object({ list: z.array(z.object({ id: z.int() })) }) }),
    json: z.json(),
    anything: z.unknown(),
  };
  const VALUES: readonly unknown[] = [
    { rows: 1 },
    { rows: 1.5 },
    { rows: 1, name: "x" },
    { rows: 1, name: 2 },
    { rows: 1, other: true },
    { share: 0.5, tags: ["a"] },
    { share: 2, tags: ["a"] },
    { share: 0.5, tags: [] },
    { share: 0.5, tags: ["a", "b", "c"] },
    "a",
    "ab",
    "abcde",
    "ab-12",
    "somebody@example.com",
    "2026-01-31T06:30:00Z",
    "2026-13-31T06:30:00Z",
    3,
    4,
    true,
    null,
    { kind: "a", value: 1 },
    { kind: "a" },
    { kind: "b" },
    { kind: "c" },
    { x: 1, y: 2 },
    { x: "1" },
    ["a", 1],
    ["a"],
    [1, "a"],
    [],
    {},
    { inner: { list: [{ id: 1 }] } },
    { inner: { list: [{ id: "1" }] } },
  ];
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    it(`takes and refuses what the zod schema does: ${name}`, () => {
      const data = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: "input" })));
      assert.equal(resultSchemaProblem(data), undefined);
      for (const value of VALUES) {
        const text = JSON.stringify(value);
        assert.equal(read(text, data).startsWith("output"), schema.safeParse(value).success, `${name}: ${text}`);
      }
    });
  }

  it("that nothing can be read by is found before a task runs", () => {
    assert.match(resultSchemaProblem({ $ref: "https://example.com/schema" }) ?? "", /ref/i);
  });
});
