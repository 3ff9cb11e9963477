import { z } from "zod";
import { ApiError } from "../../http/api-error.ts";
import { inputError } from "../../http/check.ts";
import { NO_BODY } from "../../http/route.ts";
import { absent } from "../absent.ts";
import { findRow } from "../find-row.ts";
import { type LogMessage, logMessages } from "../log-messages.ts";
import { type LogPlace, logsOfTry, nextToken, readToken, startPlace } from "../log-place.ts";
import { defineOperation } from "../operation.ts";
import { TryPath } from "../params.ts";
import { airflowQuery, Flag } from "../query.ts";
import { readRunFacts } from "../read-run-facts.ts";

const NDJSON = "application/x-ndjson";
const JSON_TYPE = "application/json";

export const showLog = defineOperation({
  operation: "get_log",
  ours: "`GET /api/v1/runs/:runId/tasks/:taskId/logs`",
  differs:
    "the main container's, always whole; `continuation_token` is null when the try has ended. A line that is not the container's says " +
    "in `logger` who speaks. Not where logs are kept outside Windlass",
  method: "get",
  path: "/api/v2/dags/:dagId/dagRuns/:dagRunId/taskInstances/:taskId/logs/:tryNumber",
  role: "viewer",
  summary: "What a try printed, as JSON or, with `Accept: application/x-ndjson`, a line each.",
  params: TryPath,
  query: airflowQuery({
    full_content: Flag.optional(),
    map_index: z.coerce.number().int().min(-1).optional(),
    token: z.string().optional(),
  }),
  body: NO_BODY,
  reply: "stream",
  produces: [JSON_TYPE, NDJSON],
  async handle({ params, query: { map_index, token }, header }, ports) {
    if (ports.logLink !== undefined) throw absent("logs (they are kept outside of Windlass)");
    const { run, ...facts } = await readRunFacts(params, ports);
    const { id: taskId, task } = findRow({ run, ...facts }, params.taskId, map_index);
    const { tryNumber } = params;
    if (tryNumber < 1 || tryNumber > task.try) throw new ApiError("WL_TRY_UNKNOWN", `task '${taskId}' has no try ${tryNumber}`);

    const logs = logsOfTry(await ports.logs.list(run.id, taskId), tryNumber);
    const place = token === undefined || token === "" ? startPlace(logs) : placeOf(token);
    const ref = { runId: run.id, taskId, try: tryNumber, infra: place.infra };
    const reading = await ports.logs.read(ref, { fromByte: place.fromByte });
    const next = nextToken({ infra: place.infra, fromByte: reading?.toByte ?? place.fromByte }, logs, tryNumber, task);
    const messages = reading === undefined ? nothing() : logMessages(reading.chunks);
    if (header("accept") !== NDJSON) return { contentType: JSON_TYPE, stream: asJson(messages, next) };
    const headers: Record<string, string> = next === null ? {} : { "Airflow-Continuation-Token": next };
    return { contentType: NDJSON, headers, stream: asLines(messages) };
  },
});

function placeOf(token: string): LogPlace {
  const place = readToken(token);
  if (place !== undefined) return place;
  throw inputError([{ in: "query", pointer: "#/token", detail: "must be a continuation_token of an answer before" }]);
}

async function* nothing(): AsyncGenerator<LogMessage, void, undefined> {}

async function* asLines(messages: AsyncIterable<LogMessage>): AsyncGenerator<string, void, undefined> {
  for await (const message of messages) yield `${JSON.stringify(message)}\n`;
}

/** Piece by piece: a log may be longer than memory. */
async function* asJson(messages: AsyncIterable<LogMessage>, token: string | null): AsyncGenerator<string, void, undefined> {
  yield '{"content":[';
  let isFirst = true;
  for await (const message of messages) {
    yield `${isFirst ? "" : ","}${JSON.stringify(message)}`;
    isFirst = false;
  }
  yield `],"continuation_token":${JSON.stringify(token)}}`;
}
