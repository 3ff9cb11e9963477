import { STATUS_CODES } from "node:http";
import { ERRORS, type ErrorCode } from "#core/errors.ts";
import { statusOf } from "../dashboard/http/status.ts";

const GUIDE = `# Errors

<!-- Written by \`node services/cli/docs.ts\` from libs/core/errors.ts. -->

Every error that a person can meet has a **code**: stable, for alerts and programs. Match on it, never on texts. Over HTTP it comes as a problem document
(RFC 9457, \`application/problem+json\`):

\`\`\`json
{
  "type": "/api/docs/errors/WL_INPUT",
  "title": "Unprocessable Entity",
  "status": 422,
  "code": "WL_INPUT",
  "detail": "body #/paused: Invalid input: expected boolean, received string",
  "instance": "/api/v1/dags/orders",
  "requestId": "0d3ff1ab-6a5b-4b3e-9d57-4a8a4c1f2f1d",
  "next": "Correct the fields the pointers name.",
  "errors": [{ "in": "body", "pointer": "#/paused", "detail": "Invalid input: expected boolean, received string" }]
}
\`\`\`

\`detail\` says what happened with the names in it, \`next\` what to do, \`errors\` every mistake of the request at once: \`in\` names the part, \`pointer\` is a JSON pointer into it
as a URI fragment. \`links\` leads to what stands in the way, such as the run that exists already. \`requestId\` is also in the header \`X-Request-Id\` and in the server's log.

A code without a status is met elsewhere: when a DAG file is loaded, when a process starts, in the outcome of a task. [Failed tries](failures.md) have codes of their own.

| code | HTTP | what to do |
| --- | --- | --- |
`;

/** docs/reference/errors.md */
export const errorsPage = (): string => {
  const rows = Object.entries(ERRORS).map(([code, next]) => {
    const status = statusOf(code as ErrorCode);
    const http = status === 500 && code !== "WL_INTERNAL" ? "" : `${status} ${STATUS_CODES[status]}`;
    return `| \`${code}\` | ${http} | ${next.replaceAll("|", "\\|")} |`;
  });
  return `${GUIDE}${rows.join("\n")}\n`;
};
