import { z } from "zod";
import { ApiError } from "../../http/api-error.ts";
import { NO_BODY } from "../../http/route.ts";
import { readDagFacts } from "../dag-facts.ts";
import { defineOperation } from "../operation.ts";
import { DagPath } from "../params.ts";
import { airflowQuery } from "../query.ts";
import { readVersions } from "../read-run-facts.ts";

const JSON_TYPE = "application/json";
const TEXT = "text/plain";

export const showDagSource = defineOperation({
  operation: "get_dag_source",
  ours: "`GET /api/v1/dags/:dagId/source`",
  method: "get",
  path: "/api/v2/dagSources/:dagId",
  role: "viewer",
  summary: "The file of a DAG, as JSON or, with `Accept: text/plain`, as it is.",
  params: DagPath,
  query: airflowQuery({ version_number: z.coerce.number().int().min(1).optional() }),
  body: NO_BODY,
  reply: "stream",
  produces: [JSON_TYPE, TEXT],
  async handle({ params: { dagId }, query: { version_number: number }, header }, ports) {
    const [{ row }, versions] = await Promise.all([readDagFacts(dagId, ports), readVersions(dagId, ports)]);
    const [version, known] =
      number === undefined
        ? [row.version, versions.get(row.version)]
        : ([...versions].find(([, { version_number }]) => version_number === number) ?? [undefined, undefined]);
    const content = version === undefined ? undefined : await ports.dags.getSource(version);
    if (content === undefined)
      throw new ApiError(
        "WL_VERSION_UNKNOWN",
        `The source code of the Dag ${dagId}, version_number ${number ?? null} was not found`,
      );
    if (header("accept") === TEXT) return { contentType: `${TEXT}; charset=utf-8`, stream: once(content) };
    const source = { content, dag_id: dagId, dag_display_name: dagId, version_number: known?.version_number ?? null };
    return { contentType: JSON_TYPE, stream: once(JSON.stringify(source)) };
  },
});

async function* once(text: string): AsyncGenerator<string, void, undefined> {
  yield text;
}
