import { STATUS_CODES } from "node:http";
import { ERRORS, type ErrorCode } from "#core/errors.ts";
import { statusOf } from "../http/status.ts";

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  parameters?: { name: string; in: string; required: boolean; description?: string; schema: object }[];
  requestBody?: { required: boolean; content: Record<string, { schema: object }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema: object }> }>;
}

interface Described {
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const page = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="/page.css">
<link rel="stylesheet" href="/api/docs/docs.css">
</head>
<body>
<header><h1><a href="/">Windlass</a></h1><nav><a href="/api/docs">API</a><a href="/api/docs/errors">Errors</a><a href="/api/openapi.json">OpenAPI</a></nav></header>
<main>
${content}
</main>
</body>
</html>
`;

/** The description for people: a page without scripts, every operation folded. */
export function renderDocs(about: object): string {
  const { info, paths, components } = about as Described;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = [...Map.groupBy(operations, ({ operation }) => operation.tags[0]!)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tag, own]) => `<h2 id="${escaped(tag)}">${escaped(tag)}</h2>\n${own.map(renderOperation).join("\n")}`);
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<details id="schema-${escaped(name)}"><summary><code>${escaped(name)}</code></summary>${json(schema)}</details>`,
  );
  const head = `<h1>${escaped(info.title)} API ${escaped(info.version)}</h1><p class="about">${prose(info.description)}</p>`;
  return page("Windlass API", [head, ...sections, '<h2 id="schemas">Schemas</h2>', ...schemas].join("\n"));
}

function renderOperation({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const rows = parameters.map(
    ({ name, in: place, required, description = "", schema }) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${place}${required ? ", required" : ""}</td><td>${shape(schema)}</td><td>${prose(description || wordsOf(schema))}</td></tr>`,
  );
  const answers = Object.entries(responses).map(([status, { description = "", content = {} }]) => {
    const types = Object.entries(content).map(([type, { schema }]) => `${escaped(type)} ${shape(schema)}`);
    return `<tr><td>${status}</td><td>${escaped(description || (STATUS_CODES[status] ?? ""))}</td><td>${types.join("<br>")}</td></tr>`;
  });
  const body = requestBody === undefined ? "" : `<h3>Body</h3>${shape(Object.values(requestBody.content)[0]!.schema)}`;
  return `<details id="${escaped(operationId)}"><summary><span class="method ${method}">${method.toUpperCase()}</span><code>${escaped(path)}</code> <small>${escaped(summary)}</small></summary>
<p>${escaped(summary)}</p><p>${prose(description)}</p>
${rows.length === 0 ? "" : `<h3>Parameters</h3><table>${rows.join("")}</table>`}
${body}
<h3>Answers</h3><table>${answers.join("")}</table>
</details>`;
}

const REFERENCE = /^#\/components\/schemas\/(.+)$/;

/** A reference as a link to what it names; short schemas as they are. */
function shape(schema: object): string {
  const reference = "$ref" in schema && typeof schema.$ref === "string" ? REFERENCE.exec(schema.$ref)?.[1] : undefined;
  if (reference !== undefined) return `<a href="#schema-${escaped(reference)}"><code>${escaped(reference)}</code></a>`;
  const { description: _, ...said } = schema as { description?: string };
  const text = JSON.stringify(said);
  return text.length <= 160 ? `<code>${escaped(text)}</code>` : json(said);
}

const wordsOf = (schema: object): string => ("description" in schema ? String(schema.description) : "");
const json = (schema: object): string => `<pre>${escaped(JSON.stringify(schema, null, 2))}</pre>`;
/** Text with `code` in it. */
const prose = (text: string): string => escaped(text).replace(/`([^`]+)`/g, "<code>$1</code>");

const codes = Object.keys(ERRORS) as ErrorCode[];

/** What HTTP says of a code; codes that only files and processes meet have no status. */
const statusText = (code: ErrorCode): string => {
  const status = statusOf(code);
  return status === 500 && code !== "WL_INTERNAL" ? "not over HTTP" : `${status} ${STATUS_CODES[status]}`;
};

/** All codes. */
export const renderErrors = (): string =>
  page(
    "Windlass errors",
    `<h1>Errors</h1><table>${codes
      .map(
        code =>
          `<tr><td><a href="/api/docs/errors/${code}"><code>${code}</code></a></td><td>${statusText(code)}</td><td>${escaped(ERRORS[code])}</td></tr>`,
      )
      .join("")}</table>`,
  );

/** The page that the `type` of a problem leads to. */
export const renderError = (code: ErrorCode): string =>
  page(
    code,
    `<h1><code>${code}</code></h1><p>${statusText(code)}</p><h2>What to do</h2><p>${escaped(ERRORS[code])}</p><p>The problem itself says what happened (<code>detail</code>), where (<code>errors[].pointer</code>), and by which name its request is called in the server's log (<code>requestId</code>).</p>`,
  );
