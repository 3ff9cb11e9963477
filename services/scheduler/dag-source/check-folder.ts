import { join } from "node:path";
import type { ErrorCode } from "#core/errors.ts";
import { type LoadResult, loadDagFile } from "./dag-loader.ts";
import { pathBelow } from "./published-dag.ts";
import { type Scan, scanDags } from "./scan-dags.ts";

/** A mistake in a file of a folder. */
export interface FolderProblem {
  file: string;
  line?: number;
  code: ErrorCode;
  message: string;
}

const CHILDREN = 2;

/**
 * Loads every file of a folder, each in a process of its own, and publishes nothing.
 * @param takenBy which other file defines a DAG already
 */
export async function checkFolder(
  dir: string,
  takenBy: (dagId: string) => string | undefined,
  signal: AbortSignal,
): Promise<{ dags: string[]; problems: FolderProblem[] }> {
  const scan = await scanDags(dir);
  const modules = [...scan.files.values()].filter(({ kind }) => kind === "module").map(({ path }) => path);
  const results = new Map<string, LoadResult>();
  const left = [...modules];
  const work = async () => {
    for (let path = left.shift(); path !== undefined; path = left.shift())
      results.set(path, await loadDagFile(join(scan.root, path), scan.root, signal));
  };
  await Promise.all(Array.from({ length: CHILDREN }, work));

  const owners = new Map<string, string>();
  const problems: FolderProblem[] = [];
  for (const path of modules) {
    const { dags, error } = results.get(path)!;
    if (error !== undefined) addOnce(problems, problemOf(error, path, scan));
    for (const { id } of dags) {
      const owner = owners.get(id) ?? takenBy(id);
      if (owner === undefined) owners.set(id, path);
      else problems.push({ file: path, code: "WL_DAG_DUPLICATE_ID", message: `DAG '${id}' is already defined in ${owner}` });
    }
  }
  if (owners.size === 0 && problems.length === 0)
    problems.push({ file: modules[0] ?? ".", code: "WL_DAG_EXPORT", message: "no file exports a DAG" });
  return { dags: [...owners.keys()].sort(), problems };
}

function problemOf({ code, message, file, line }: NonNullable<LoadResult["error"]>, path: string, scan: Scan): FolderProblem {
  return { file: file === undefined ? path : pathBelow(scan, file), ...(line === undefined ? {} : { line }), code, message };
}

/** A helper's mistake is one, however many files import it. */
function addOnce(problems: FolderProblem[], problem: FolderProblem): void {
  const isKnown = problems.some(
    ({ file, line, message }) => file === problem.file && line === problem.line && message === problem.message,
  );
  if (!isKnown) problems.push(problem);
}
