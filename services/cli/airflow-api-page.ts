import { ABSENT_GROUPS, absentOperations } from "../dashboard/airflow/absent-operations.ts";
import { airflowOperations } from "../dashboard/airflow/index.ts";
import type { Compared } from "../dashboard/airflow/operation.ts";
import { AIRFLOW_VERSION, PUBLIC_OPERATIONS } from "../dashboard/airflow/public-routes.ts";
import { TOKEN_OPERATION } from "../dashboard/airflow/token-routes.ts";

const HEAD = `# Airflow's REST API

<!-- Written by \`node services/cli/docs.ts\` from services/dashboard/airflow/. -->

While a team moves, its scripts, sensors and chat bots go on as they are: the dashboard speaks the part of Airflow ${AIRFLOW_VERSION}'s API that they use, under
\`/api/v2\` and \`/auth/token\`. It is tested with the real \`apache-airflow-client\` (\`npm run test:api\`). New programs use [Windlass' own API](api.md).

\`\`\`python
import airflow_client.client as airflow, requests

token = requests.post(f"{HOST}/auth/token", json={"username": "ada", "password": PASSWORD}).json()["access_token"]
with airflow.ApiClient(airflow.Configuration(host=HOST, access_token=token)) as client:
    airflow.DagRunApi(client).trigger_dag_run("etl", airflow.TriggerDAGRunPostBody(conf={"day": "2026-01-31"}))
\`\`\`

## The rules

* **Login and rights are Windlass' own.** \`POST /auth/token\` takes a name and a password, or any name with an API token as the password, and gives a token of
  24 hours with the same rights. An API token can also be used as \`access_token\` itself.
* **A run's id** is the part behind the DAG's: \`etl~20260131T060000Z\` is \`20260131T060000Z\`. Any text may be given as \`dag_run_id\`; what Windlass' ids
  cannot hold is kept as \`_x3A_\` (a colon) and given back as it was.
* **States** are Airflow's. A cancelled run has failed; of its tasks those that had begun have failed and the others are skipped. \`none\` is null.
* **A mapped task** is its instances, \`map_index\` 0, 1, …, as soon as they are known; any other has -1.
* **Lists** take \`limit\` (50, at most 100), \`offset\` and \`order_by\`, and say \`total_entries\`. In a \`*_pattern\`, \`%\` is any text, \`_\` any character, \`|\` "or".
* **Acts** (clear, mark) are done when they are answered, as in Airflow: the call waits for the scheduler, at most 3 s. \`dry_run\` is true unless it is said.
* **What is not there is answered with 501**, also a single parameter or option: nothing is left out in silence. An error has Airflow's \`detail\`; from 400 on
  (but for 422, whose \`detail\` is a list as FastAPI has it) it is a problem document besides.
* Fields that Windlass has nothing for are null. \`bundle_version\` is the version's content hash; \`version_number\` counts those that are still stored.

## Operations

| Airflow | operation | Windlass | differences |
| --- | --- | --- | --- |
`;

const cell = (text: string): string => text.replaceAll("|", "\\|");

interface Row extends Compared {
  method: string;
  path: string;
}

const rowOf = ({ method, path, operation, ours, differs = "" }: Row): string => {
  const airflows = path.replace(
    /:(\w+)/g,
    (_, name: string) => `{${name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)}}`,
  );
  return `| \`${method.toUpperCase()} ${airflows}\` | \`${operation}\` | ${cell(ours)} | ${cell(differs)} |`;
};

/** docs/reference/airflow-api.md */
export function airflowApiPage(): string {
  const isAbsent = new Set<Row>(absentOperations);
  const present = [TOKEN_OPERATION, ...PUBLIC_OPERATIONS, ...airflowOperations.filter(one => !isAbsent.has(one))];
  return `${[
    HEAD + present.map(rowOf).join("\n"),
    "## What is not there",
    [
      "| Airflow | instead |",
      "| --- | --- |",
      ...absentOperations.map(({ operation, ours }) => `| \`${operation}\` | ${ours || "none"} |`),
      ...ABSENT_GROUPS.map(([what, ours]) => `| ${what} | ${ours} |`),
    ].join("\n"),
  ].join("\n\n")}\n`;
}
