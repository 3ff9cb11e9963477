import assert from "node:assert/strict";
import { nameOf, paramFields, readTyped } from "../../../services/dashboard/web/acts/param-fields.ts";
import { EMPTY_FORM, podBody } from "../../../services/dashboard/web/adhoc/pod-body.ts";

const SCHEMA = {
  type: "object",
  required: ["country", "limit", "since"],
  properties: {
    country: { type: "string", enum: ["de", "fr"], default: "de" },
    limit: { type: "integer", minimum: 1, maximum: 100, default: 5, description: "Rows" },
    since: { type: "string" },
    full: { type: "boolean", default: false },
    tables: { type: "array", items: { type: "string" } },
    sizes: { type: "array", items: { type: "number" } },
    options: { type: "object", properties: { note: { type: "string" }, depth: { type: "number" } } },
    anything: {},
  },
} as const;

describe("web: a form from a JSON Schema", () => {
  const fields = paramFields(SCHEMA);

  it("has a field for each parameter, in order, objects taken apart", () =>
    assert.deepEqual(
      fields.map(field => [nameOf(field), field.input, field.isRequired, field.usual]),
      [
        ["country", "choice", false, "de"],
        ["limit", "number", false, "5"],
        ["since", "text", true, ""],
        ["full", "check", false, false],
        ["tables", "lines", false, ""],
        ["sizes", "lines", false, ""],
        ["options.note", "text", false, ""],
        ["options.depth", "number", false, ""],
        ["anything", "json", false, ""],
      ],
    ));

  it("begins with another run's parameters", () => {
    const begun = paramFields(SCHEMA, { country: "fr", tables: ["a", "b"], options: { note: "hi" } });
    assert.deepEqual(
      begun.filter(({ path }) => ["country", "tables", "options"].includes(path[0]!)).map(({ usual }) => usual),
      ["fr", "a\nb", "hi", ""],
    );
  });

  it("reads what was typed and leaves out what was not", () =>
    assert.deepEqual(
      readTyped(fields, {
        since: "2026-01-01",
        limit: "7",
        full: true,
        tables: "a\n\nb",
        sizes: "1\n2.5",
        "options.depth": "0.5",
        anything: '{"a":[1]}',
      }),
      {
        conf: {
          country: "de",
          limit: 7,
          since: "2026-01-01",
          full: true,
          tables: ["a", "b"],
          sizes: [1, 2.5],
          options: { depth: 0.5 },
          anything: { a: [1] },
        },
      },
    ));

  for (const [typed, name, mistake] of [
    [{}, "since", /is needed/],
    [{ since: "x", limit: "1.5" }, "limit", /whole number/],
    [{ since: "x", limit: "many" }, "limit", /no number/],
    [{ since: "x", sizes: "1\ntwo" }, "sizes", /no number/],
    [{ since: "x", anything: "{" }, "anything", /no JSON/],
  ] as const)
    it(`says what is wrong with ${JSON.stringify(typed)}`, () => {
      const reading = readTyped(fields, typed);
      assert.ok("mistakes" in reading);
      assert.match(reading.mistakes[name] ?? "", mistake);
    });
});

describe("web: a single pod", () => {
  const bodyOf = (form: Partial<typeof EMPTY_FORM>) => podBody({ ...EMPTY_FORM, image: "busybox", ...form });

  it("leaves out what is empty", () => assert.deepEqual(bodyOf({}), { body: { image: "busybox", retries: 0 } }));

  it("reads words as a shell does, or as JSON", () =>
    assert.deepEqual(bodyOf({ command: `sh -c`, args: `"echo \\"hi\\"; sleep 1" 'a b'`, env: "A=1\nB=x=y", retries: "" }), {
      body: { image: "busybox", command: ["sh", "-c"], args: ['echo "hi"; sleep 1', "a b"], env: { A: "1", B: "x=y" } },
    }));

  it("takes further fields", () =>
    assert.deepEqual(bodyOf({ args: '["a b"]', more: '{"queue":"gpu","resources":{}}' }), {
      body: { image: "busybox", args: ["a b"], retries: 0, queue: "gpu", resources: {} },
    }));

  for (const [form, field] of [
    [{ args: "[1]" }, "args"],
    [{ env: "A=1\nnonsense" }, "env"],
    [{ more: "{" }, "more"],
  ] as const)
    it(`says what is wrong with ${field}`, () => {
      const reading = bodyOf(form);
      assert.ok("mistakes" in reading && reading.mistakes[field] !== undefined);
    });
});
