import { STATUS_CODES } from "node:http";
import type { z } from "zod";
import { type AnyRoute, NO_BODY, NOTHING } from "../http/route.ts";
import type { JsonSchema, SchemaBook } from "./schema-book.ts";

/** Express' `:name` as OpenAPI's `{name}`. */
export const openapiPath = (path: string): string => path.replace(/:(\w+)/g, "{$1}");

/** `GET /api/v1/runs/:runId/tasks` → "getRunsByRunIdTasks": different for every operation, and the same for ever. */
export function operationId({ method, path }: Pick<AnyRoute, "method" | "path">): string {
  const words = path.split("/").slice(3);
  const parts = words.flatMap(word => (word.startsWith(":") ? ["by", word.slice(1)] : word.split("-")));
  return method + parts.map(part => part.charAt(0).toUpperCase() + part.slice(1)).join("");
}

/** The first word of the path behind the version: what the operation is about. */
export const tagOf = ({ path }: Pick<AnyRoute, "path">): string => path.split("/")[3] ?? "api";

interface JsonObjectSchema {
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
}

/** One route as an OpenAPI operation. */
export function describeOperation(route: AnyRoute, book: SchemaBook): object {
  const parameters = [
    ...parametersOf(route.params, "path", book),
    ...parametersOf(route.query, "query", book),
    ...HEADERS.filter(({ applies }) => applies(route)).map(({ parameter }) => parameter),
  ];
  return {
    operationId: operationId(route),
    tags: [tagOf(route)],
    summary: route.summary,
    description: `Asks for the role \`${route.role}\`.`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...bodyOf(route, book),
    responses: responsesOf(route, book),
  };
}

function parametersOf(schema: z.ZodType, place: "path" | "query", book: SchemaBook): object[] {
  const { properties = {}, required = [] } = book.describe(schema, "input") as JsonObjectSchema;
  return Object.entries(properties).map(([name, field]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    ...(field.type === "array" ? { style: "form", explode: false } : {}),
    schema: field,
  }));
}

const header = (name: string, description: string, schema: object = { type: "string" }) => ({
  name,
  in: "header",
  required: false,
  description,
  schema,
});

/** The headers that mean something, each with the routes it means something for. */
const HEADERS: readonly { applies(route: AnyRoute): boolean; parameter: object }[] = [
  {
    applies: ({ idempotent }) => idempotent !== undefined,
    parameter: header(
      "Idempotency-Key",
      "Requests of one caller with one key are one request, for 24 hours: repetitions get the first answer. Another body: 422; while the first is under way: 409.",
      { type: "string", pattern: "^[\\x21-\\x7e]{1,200}$" },
    ),
  },
  {
    applies: ({ edits }) => edits !== undefined,
    parameter: header(
      "If-Match",
      "An ETag of the GET of this path: the change is made if nobody has changed it since, else 412.",
    ),
  },
  {
    applies: ({ method, reply }) => method === "get" && reply !== "stream",
    parameter: header("If-None-Match", "ETags that the caller has: 304 when one of them is what is there."),
  },
];

function bodyOf({ body }: AnyRoute, book: SchemaBook): object {
  if (body === NO_BODY) return {};
  // Nothing is what an empty object is.
  const required = !(body === NOTHING || body.safeParse({}).success);
  return { requestBody: { required, content: { "application/json": { schema: book.describe(body, "input") } } } };
}

function responsesOf(route: AnyRoute, book: SchemaBook): object {
  const content =
    route.reply === "stream"
      ? Object.fromEntries((route.produces ?? ["text/plain"]).map(type => [type, { schema: { type: "string" } }]))
      : { "application/json": { schema: book.describe(route.reply, "output") } };
  const headers = route.idempotent === undefined ? {} : { headers: { "Idempotency-Replayed": REPLAYED } };
  const good = (route.statuses ?? [200]).map(status => [
    String(status),
    { description: STATUS_CODES[status], ...headers, ...(status === 303 ? {} : { content }) },
  ]);
  const bad = problemStatuses(route).map(status => [String(status), { $ref: "#/components/responses/Problem" }]);
  const unchanged =
    route.method === "get" && route.reply !== "stream" ? [["304", { description: "The caller has it already." }]] : [];
  return Object.fromEntries([...good, ...unchanged, ...bad].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

const REPLAYED = {
  description: "`true`: an earlier request with the same key was given this answer.",
  schema: { type: "string" },
};

/** The problems that are not a mistake of this server. */
function problemStatuses({ method, params, body, edits, idempotent }: AnyRoute): number[] {
  const takesBody = body !== NO_BODY;
  const isWrite = method !== "get";
  return [
    401,
    403,
    ...(params === NOTHING && !takesBody ? [] : [404]),
    405,
    ...(isWrite || idempotent !== undefined ? [409] : []),
    ...(edits === undefined ? [] : [412]),
    ...(takesBody ? [400, 413] : [400]),
    422,
    ...(isWrite ? [429] : []),
    431,
    500,
    503,
  ];
}
