import fc from "fast-check";
import { type AnyRoute, NO_BODY } from "../../services/dashboard/http/route.ts";
import { type JsonSchema, SchemaBook } from "../../services/dashboard/openapi/schema-book.ts";

/** A request as it goes over the wire. */
export interface FuzzRequest {
  method: string;
  /** Percent-encoded where HTTP asks for it, and nowhere else. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string | undefined;
}

/** What has broken programs before. */
const NASTY = [
  ...[
    "",
    ".",
    "..",
    "../../etc/passwd",
    "a/b",
    "a\\b",
    "%",
    "%2e%2e%2f",
    "\u0000",
    "\n",
    "\r\nX: y",
    "☃",
    "\u{1f4a9}",
    "\ud800",
    "ß".repeat(300),
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "null",
    "undefined",
    "NaN",
    "-1",
    "1e309",
    "0x10",
    "9007199254740993",
    "true",
    "[]",
    "{}",
  ],
  ...["{{ 1 }}", "{{", "{{ run.ds | nope }}", "' OR 1=1 --", "<script>", "$(id)", "a@0", "a~b~c", "~", "x".repeat(2_000)],
];

/** Names of things that are there. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  dagId: ["sample", "gone", "adhoc"],
  runId: ["sample~1"],
  taskId: ["first", "load", "ask", "load@0"],
  try: ["1", "2"],
  queue: ["pods"],
  pool: ["default", "small"],
  name: ["region"],
  workerId: ["worker-1"],
  // A held answer would hold up the test.
  wait: ["1ms", "20ms"],
};

const nasty = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
);

const { json } = fc.letrec<{ json: unknown }>(tie => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: false },
    nasty,
    fc.constantFrom(null, true, false, 0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER, -Number.MAX_VALUE),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(nasty, fc.constantFrom("name", "secret", "tasks", "$patch")), tie("json"), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
}));

/** Nested as deep as a body may be long. */
const DEEP = [
  "[".repeat(10_000) + "]".repeat(10_000),
  `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`,
  `{"conf":${"[".repeat(65)}${"]".repeat(65)}}`,
];

/** Values that more or less fit a schema. */
class ValueMaker {
  readonly #book: SchemaBook;

  constructor(book: SchemaBook) {
    this.#book = book;
  }

  /** @param left levels that may follow */
  fitting(schema: JsonSchema, left = 4): fc.Arbitrary<unknown> {
    const stray = { weight: 1, arbitrary: json };
    return fc.oneof({ weight: 7, arbitrary: this.#exact(this.#resolved(schema), left) }, stray);
  }

  #resolved(schema: JsonSchema): JsonSchema {
    const name = typeof schema.$ref === "string" ? schema.$ref.replace("#/components/schemas/", "") : undefined;
    return name === undefined ? schema : (this.#book.components[name] ?? {});
  }

  #exact(schema: JsonSchema, left: number): fc.Arbitrary<unknown> {
    if (left === 0) return json;
    if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
    if ("const" in schema) return fc.constant(schema.const);
    const branches = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
    if (branches !== undefined && schema.properties === undefined)
      return fc.oneof(...branches.map(branch => this.fitting(branch, left - 1)));
    switch (schema.type) {
      case "string":
        return fc.oneof(fc.constantFrom("a", "sample", "load", "5m", "2026-01-31", "python:3.11-slim"), nasty);
      case "integer":
      case "number":
        return fc.constantFrom(0, 1, 7, -1, 2 ** 31, Number.MAX_SAFE_INTEGER, 1e21, 0.5);
      case "boolean":
        return fc.boolean();
      case "array":
        return fc.array(this.fitting((schema.items ?? {}) as JsonSchema, left - 1), { maxLength: 3 });
      case "object":
        return this.#object(schema, left);
      default:
        return json;
    }
  }

  #object({ properties = {}, required = [], additionalProperties }: JsonSchema, left: number): fc.Arbitrary<unknown> {
    const fields = Object.entries(properties as Record<string, JsonSchema>);
    const known = fc.record(Object.fromEntries(fields.map(([name, field]) => [name, this.fitting(field, left - 1)])), {
      requiredKeys: (required as string[]).filter(name => fields.some(([field]) => field === name)),
      noNullPrototype: true,
    });
    const others = typeof additionalProperties === "object" ? this.fitting(additionalProperties as JsonSchema, left - 1) : json;
    const extra = fc.dictionary(nasty, others, {
      maxKeys: typeof additionalProperties === "object" ? 2 : 1,
      noNullPrototype: true,
    });
    return fc.oneof(
      { weight: 4, arbitrary: known },
      { weight: 1, arbitrary: fc.tuple(known, extra).map(parts => Object.assign({}, ...parts)) },
    );
  }
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll("~", "~");

/** A path segment or a value of a query: something that is there, something near it, or something else. */
const textFor = (name: string): fc.Arbitrary<string> => {
  const known = KNOWN[name];
  const strange = name === "wait" ? fc.constantFrom("soon", "", "-1s", "1ms") : nasty;
  return known === undefined
    ? strange
    : fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: strange });
};

function pathOf({ path }: AnyRoute): fc.Arbitrary<string> {
  const segments = path.split("/").slice(1);
  return fc
    .tuple(...segments.map(word => (word.startsWith(":") ? textFor(word.slice(1)).map(encoded) : fc.constant(word))))
    .map(words => `/${words.join("/")}`);
}

function queryOf({ query }: AnyRoute, book: SchemaBook, values: ValueMaker): fc.Arbitrary<string> {
  const { properties = {} } = book.describe(query, "input") as { properties?: Record<string, JsonSchema> };
  const fields = Object.entries(properties).map(([name, schema]) => {
    const fitting = values.fitting(schema).map(value => (typeof value === "string" ? value : (JSON.stringify(value) ?? "")));
    const text = name in KNOWN ? textFor(name) : fc.oneof(fitting, nasty);
    return text.map(value => `${name}=${encoded(value)}`);
  });
  const own = fc.subarray(fields.map((_, index) => index)).chain(chosen => fc.tuple(...chosen.map(index => fields[index]!)));
  const stray = fc.oneof(
    { weight: 9, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(nasty.map(encoded), { maxLength: 2 }) },
  );
  return fc.tuple(own, stray).map(([a, b]) => [...a, ...b].join("&"));
}

const HEADERS = fc.record(
  {
    "idempotency-key": fc.constantFrom("a", "b", "x".repeat(300), '"'),
    "if-match": fc.constantFrom("*", '"a.b"', "W/", '"', ",,,"),
    "if-none-match": fc.constantFrom("*", '"a.b"', '"", "'),
    "last-event-id": fc.constantFrom("0", "-1", "0-0", "999999999999999999999", "x"),
    "x-request-id": fc.constantFrom("a", "<b>", "y".repeat(500)),
    accept: fc.constantFrom("*/*", "text/event-stream", "application/json", "nonsense"),
    cookie: fc.constantFrom("windlass=1", "a=b; c", "=;"),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const BODY_HEADERS = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ "content-type": "application/json" }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, string>>(
      {},
      { "content-type": "text/plain" },
      { "content-type": "application/json; charset=utf-16" },
      { "content-type": "application/json", "content-encoding": "gzip" },
    ),
  },
);

/** Requests to any of the routes: from those that are nearly right to those that are nothing at all. */
export function arbitraryRequest(routes: readonly AnyRoute[]): fc.Arbitrary<FuzzRequest> {
  const book = new SchemaBook();
  const values = new ValueMaker(book);
  const each = routes.map(route => {
    const method = fc.oneof(
      { weight: 12, arbitrary: fc.constant(route.method.toUpperCase()) },
      { weight: 1, arbitrary: fc.constantFrom("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE") },
    );
    const fitting = route.body === NO_BODY ? json : values.fitting(book.describe(route.body, "input"));
    const body = fc.oneof(
      { weight: 10, arbitrary: fitting.map(value => JSON.stringify(value)) },
      { weight: 1, arbitrary: fc.constantFrom(...DEEP, "", "{", '{"a":1}{', "nul", "\ufeff{}") },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
    );
    const hasBody =
      route.body === NO_BODY ? fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: body }) : body;
    return fc
      .tuple(method, pathOf(route), queryOf(route, book, values), HEADERS, hasBody, BODY_HEADERS)
      .map(([verb, path, query, headers, content, type]): FuzzRequest => {
        const sent = verb === "GET" || verb === "HEAD" || verb === "TRACE" ? undefined : content;
        return {
          method: verb,
          path: query === "" ? path : `${path}?${query}`,
          headers: { ...headers, ...(sent === undefined ? {} : type) },
          body: sent,
        };
      });
  });
  return fc.oneof(...each);
}
