import { realpath } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import type { DagSpec } from "#core/dag-spec.ts";
import { WindlassError } from "#core/errors.ts";
import { loadDagFile } from "../../scheduler/dag-source/dag-loader.ts";

/**
 * The DAG of a file as the scheduler would load it, in a process of its own with the same limits.
 * @param root the folder that the file may read. Default: the nearest one above it that is called "dags", else its own
 * @throws WindlassError with file and line, as it would be shown beside the file
 */
export async function readDagFile(
  file: string,
  { dagId, root, signal }: { dagId?: string | undefined; root?: string | undefined; signal: AbortSignal },
): Promise<DagSpec> {
  const path = await realpath(resolve(file)).catch(cause => {
    throw new WindlassError("WL_DAG_IMPORT", `there is no file ${file}`, { place: { file }, cause });
  });
  const { dags, error } = await loadDagFile(path, root === undefined ? dagsFolderOf(path) : await realpath(root), signal);
  if (error !== undefined) {
    const where = error.file === undefined || error.file === path ? file : relative(process.cwd(), error.file);
    const line = error.line === undefined ? {} : { line: error.line };
    throw new WindlassError(error.code, error.message, { place: { file: where, ...line } });
  }
  const found = dagId === undefined ? dags : dags.filter(({ id }) => id === dagId);
  const [dag, second] = found;
  if (dag !== undefined && second === undefined) return dag;
  const ids = dags.map(({ id }) => id).join(", ");
  const why =
    dags.length === 0
      ? "the file exports no DAG"
      : dag === undefined
        ? `there is no DAG '${dagId}' but ${ids}`
        : `name one of its DAGs with --dag: ${ids}`;
  throw new WindlassError("WL_DAG_EXPORT", why, { place: { file } });
}

/** The folder that a DAG file may read, when nobody says which: the nearest one above it that is called "dags", else its own. */
export function dagsFolderOf(path: string): string {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    if (basename(folder) === "dags") return folder;
  return dirname(path);
}
