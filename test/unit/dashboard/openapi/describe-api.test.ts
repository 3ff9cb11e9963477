import assert from "node:assert/strict";
import { describeApi } from "../../../../services/dashboard/openapi/describe-api.ts";
import { operationId } from "../../../../services/dashboard/openapi/describe-operation.ts";
import { commentsIn } from "../../../../services/dashboard/openapi/field-comments.ts";
import { kubeSchema } from "../../../../services/dashboard/openapi/kube-schemas.ts";
import { routes } from "../../../../services/dashboard/routes/index.ts";

interface Content {
  content?: Record<string, { schema?: { $ref?: string; properties?: object } }>;
}

interface Operation {
  operationId: string;
  parameters?: { in: string; name: string }[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

describe("the OpenAPI description", () => {
  const text = JSON.stringify(describeApi(routes));
  const about = JSON.parse(text) as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, { properties?: Record<string, { description?: string }> }> };
  };

  it("has every route once, each under its own name", () => {
    const names = Object.values(about.paths).flatMap(methods => Object.values(methods).map(operation => operation.operationId));
    assert.equal(names.length, routes.length);
    assert.deepEqual([...new Set(names)].length, names.length);
    assert.equal(operationId({ method: "get", path: "/api/v1/runs/:runId/tasks" }), "getRunsByRunIdTasks");
  });

  it("refers to nothing that it does not say", () => {
    const named = new Set(Object.keys(about.components.schemas));
    const missing = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)]
      .map(([, name]) => name!)
      .filter(name => !named.has(name));
    assert.deepEqual([...new Set(missing)], []);
    assert.doesNotMatch(text, /__schema\d|\$defs/);
  });

  it("has a name for every answer and every body; else its file is missing in named-schemas.ts", () => {
    const unnamed = Object.entries(about.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { requestBody, responses }]) => {
        const schemas = [requestBody, ...Object.values(responses)].map(part => part?.content?.["application/json"]?.schema);
        // What takes nothing has no name.
        return schemas.some(schema => schema?.$ref === undefined && Object.keys(schema?.properties ?? {}).length > 0)
          ? [`${method} ${path}`]
          : [];
      }),
    );
    assert.deepEqual(unnamed, []);
  });

  it("names the parameters of every path", () => {
    for (const [path, methods] of Object.entries(about.paths))
      for (const { parameters = [] } of Object.values(methods)) {
        const named = parameters.filter(parameter => parameter.in === "path").map(({ name }) => name);
        assert.deepEqual(named.sort(), [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(), path);
      }
  });

  it("says of fields what the contract's comments say", () => {
    const { properties } = about.components.schemas.DagReply!;
    assert.equal(properties!.paused!.description, "Paused DAGs start no scheduled runs; runs started by hand go on.");
  });
});

describe("commentsIn", () => {
  it("finds a schema's own words and those of its fields", () => {
    const source = `/** A run. */
export const Run = z.object({
  /** Its
   * name, see {@link Id}. */
  id: z.string(),
  plain: z.string(),
  /** Quoted. */
  "idempotency-key": z.string(),
});

const Other = z.object({ a: z.string() });
`;
    const found = commentsIn(source);
    assert.equal(found.get("Run")?.own, "A run.");
    assert.deepEqual(
      [...found.get("Run")!.fields],
      [
        ["id", "Its name, see Id."],
        ["idempotency-key", "Quoted."],
      ],
    );
    assert.deepEqual([...found.keys()], ["Run", "Other"]);
  });
});

describe("kubeSchema", () => {
  const TABLE: [type: string, schema: object][] = [
    ["[]string", { type: "array", items: { type: "string" } }],
    ["map[string]string", { type: "object", additionalProperties: { type: "string" } }],
    ["[]Volume", { type: "array", items: { $ref: "#/components/schemas/kubernetes.Volume" } }],
  ];
  for (const [type, schema] of TABLE) it(type, () => assert.deepEqual(kubeSchema(type), schema));
});
