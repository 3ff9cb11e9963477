import { describeApi } from "../dashboard/openapi/describe-api.ts";
import { operationId, tagOf } from "../dashboard/openapi/describe-operation.ts";
import { routes } from "../dashboard/routes/index.ts";

const GUIDE = `# The HTTP API

<!-- Written by \`node services/cli/docs.ts\` from services/dashboard/routes and libs/contract. -->

Every operation, with all fields, is in [openapi.json](openapi.json) (OpenAPI 3.1), which a running dashboard serves as \`/api/openapi.json\`, and as a page at \`/api/docs\`.

## Conventions

| | |
| --- | --- |
| problems | RFC 9457, with a stable \`code\`, a \`pointer\` for every mistake, and a page for every code: [errors.md](errors.md) |
| lists | \`limit\` and \`cursor\`; \`links.next\`, also as header \`Link: <…>; rel="next"\`, for as long as there is more. \`state=failed,running\`, \`createdAfter=…\`, \`order=-createdAt\` |
| polling | a GET has an \`ETag\`; \`If-None-Match\` is answered 304 while nothing has changed |
| edits | \`If-Match\` with that ETag makes a change only if nobody was faster (412). It is about what the edit changes: a run that has started meanwhile does not count. Of several such edits that have seen the same, one is made |
| starting runs | 201 with \`Location\`. Your own \`runId\`: 409 with a link to the run when there is one. \`?wait=60s\` holds the answer until the run has ended: 202 when it goes on |
| repeating | \`Idempotency-Key\`, kept 24 hours for each caller and path: the same body gets the same answer, another body 422, and 409 while the first is under way |
| acts | 202: asked of the leader, done within moments; the run's history says when |
| input | fields that are not known are refused (422), a body has at most 1 MiB (413), JSON at most 64 levels (422), headers together 16 KiB (431) |
| request ids | \`X-Request-Id\` in and out; the same id in logs, in the audit, in the run's trigger and in its jobs |
| Redis away | 503 with \`Retry-After\` within a second. The list of DAGs is shown as it was last known, with \`"stale": true\` and \`Warning: 110\` |
| roles | viewer, operator, author, admin, each with what those before it may; for all DAGs or for some |

## Operations
`;

/** docs/reference/openapi.json */
export const openapiPage = (): string => `${JSON.stringify(describeApi(routes), null, 2)}\n`;

/** docs/reference/api.md */
export const apiPage = (): string => {
  const sections = [...Map.groupBy(routes, tagOf)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tag, own]) => {
      const rows = own.map(
        route =>
          `| \`${route.method.toUpperCase()} ${route.path}\` | ${route.role} | ${route.summary.replaceAll("|", "\\|")} | \`${operationId(route)}\` |`,
      );
      return `### ${tag}\n\n| operation | role | what it does | name |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
    });
  return `${GUIDE}\n${sections.join("\n")}`;
};
