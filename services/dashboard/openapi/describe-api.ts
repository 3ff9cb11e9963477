import { Problem } from "#contract/problem.ts";
import { version } from "#runtime/version.ts";
import type { AnyRoute } from "../http/route.ts";
import { describeOperation, openapiPath, tagOf } from "./describe-operation.ts";
import { SchemaBook } from "./schema-book.ts";

const ABOUT = `The API of a workflow orchestrator whose every task is a Kubernetes pod.

* Problems are RFC 9457 documents; \`code\` is stable, \`type\` leads to its page, \`errors[].pointer\` names each mistake of a request.
* Lists come a page at a time: \`limit\`, then \`links.next\` (also in the header \`Link\`) for as long as there is one.
* A GET has an ETag: \`If-None-Match\` is answered 304 when nothing has changed, \`If-Match\` makes an edit conditional.
* A POST that creates something, or asks for it, takes an \`Idempotency-Key\`: sent again with it, it changes nothing.
* Writes refuse fields that they do not know. A body has at most 1 MiB, and JSON is nested at most 64 deep.
* \`X-Request-Id\` names a request in the answer, in the logs, in the audit, and in the runs that it starts; callers may choose it.
* While Redis is away answers are 503 with \`Retry-After\`, within a second; what is cached is marked with \`Warning: 110\`.`;

/** The whole API as OpenAPI 3.1, from the table of routes and the schemas that check its requests. */
export function describeApi(routes: readonly AnyRoute[]): object {
  const book = new SchemaBook();
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = openapiPath(route.path);
    paths[path] = { ...paths[path], [route.method]: describeOperation(route, book) };
  }
  const problem = book.describe(Problem, "output");
  return {
    openapi: "3.1.0",
    info: {
      title: "Windlass",
      version,
      summary: "Workflows whose every task is a Kubernetes pod.",
      description: ABOUT,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }, { login: [] }],
    tags: [...new Set(routes.map(tagOf))].sort().map(name => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "The installation's token, or one made by POST /api/v1/tokens." },
        login: { type: "http", scheme: "basic", description: "Where a password is set for the installation." },
      },
      responses: {
        Problem: {
          description: "The request was not carried out; `code` says why.",
          content: { "application/problem+json": { schema: problem } },
        },
      },
      schemas: book.components,
    },
  };
}
