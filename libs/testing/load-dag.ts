import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { DagSpec } from "#core/dag-spec.ts";
import { WindlassError } from "#core/errors.ts";
import { isDag } from "#sdk/dag.ts";

/**
 * The DAG of a file: a path below the working directory, or a URL. Of a file with several one is chosen by its id.
 * @throws whatever is wrong with the file, as the file's author would see it; WL_DAG_EXPORT when the DAG is not in it
 */
export async function loadDag(file: string | URL, dagId?: string): Promise<DagSpec> {
  const url = file instanceof URL ? file : file.startsWith("file:") ? new URL(file) : pathToFileURL(resolve(file));
  const exported: Record<string, unknown> = await import(url.href);
  const all = [...new Set(Object.values(exported).flat().filter(isDag))];
  const found = dagId === undefined ? all : all.filter(({ id }) => id === dagId);
  const [dag, second] = found;
  if (dag !== undefined && second === undefined) return dag;
  const ids = all.map(({ id }) => `'${id}'`).join(", ");
  const place = { file: url.pathname };
  if (all.length === 0) throw new WindlassError("WL_DAG_EXPORT", `${file} exports no DAG`, { place });
  throw new WindlassError(
    "WL_DAG_EXPORT",
    dagId === undefined
      ? `${file} exports several DAGs, ${ids}: name one with { dag: … }`
      : `${file} has no DAG '${dagId}' but ${ids}`,
    { place },
  );
}
