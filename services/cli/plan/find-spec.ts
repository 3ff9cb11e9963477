import { existsSync } from "node:fs";
import type { DagSpec } from "#core/dag-spec.ts";
import { showDag } from "../../dashboard/routes/show-dag.ts";
import type { ApiClient } from "../client/api-client.ts";
import { ApiProblem } from "../client/api-problem.ts";
import type { Context } from "../frame/context.ts";

/** A path, and not a DAG's id: it is there, or it looks like one. */
export const isFile = (written: string): boolean => /[\\/]|\.(?:ts|mts|js|mjs)$/.test(written) || existsSync(written);

/** The DAG of a file, or the server's of that id. @throws WindlassError with file and line; ApiProblem */
export async function findSpec(
  written: string,
  dagId: string | undefined,
  { api, signal }: Pick<Context, "api" | "signal">,
): Promise<DagSpec> {
  if (!isFile(written)) return (await (await api()).call(showDag, { params: { dagId: written } })).spec;
  const { readDagFile } = await import("../dags-test/read-dag-file.ts");
  return readDagFile(written, { dagId, signal });
}

/** What the server has under the id; undefined: it does not know the DAG. */
export async function publishedSpec(api: ApiClient, dagId: string): Promise<DagSpec | undefined> {
  try {
    return (await api.call(showDag, { params: { dagId } })).spec;
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.code === "WL_DAG_UNKNOWN") return undefined;
    throw error;
  }
}
