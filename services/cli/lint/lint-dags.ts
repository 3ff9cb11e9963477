import { realpath, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import type { DagSpec } from "#core/dag-spec.ts";
import { ERRORS, type ErrorCode, WindlassError } from "#core/errors.ts";
import { loadDagFile } from "../../scheduler/dag-source/dag-loader.ts";
import { scanDags } from "../../scheduler/dag-source/scan-dags.ts";
import { dagsFolderOf } from "../dags-test/read-dag-file.ts";

export interface LintProblem {
  /** Relative to the working directory where it lies below it. */
  file: string;
  line?: number;
  /** The error code. */
  rule: ErrorCode;
  message: string;
  next: string;
}

export interface LintReport {
  /** How many files were read. */
  files: number;
  /** Ids of the DAGs that are right. */
  dags: string[];
  problems: LintProblem[];
}

interface Source {
  file: string;
  /** What the file may read. */
  root: string;
}

/**
 * Reads DAG files, and all of those below folders, as the scheduler would: each in a process of its own with the same limits. No server is asked.
 * @throws WL_CLI_USAGE for a path that is not there
 */
export async function lintDags(paths: readonly string[], signal: AbortSignal): Promise<LintReport> {
  const sources = uniqueSources((await Promise.all(paths.map(sourcesOf))).flat());
  const results = new Map<Source, Awaited<ReturnType<typeof loadDagFile>>>();
  const waiting = [...sources];
  const work = async () => {
    for (let source = waiting.shift(); source !== undefined; source = waiting.shift())
      results.set(source, await loadDagFile(source.file, source.root, signal));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));

  const problems: LintProblem[] = [];
  const owners = new Map<string, string>();
  for (const source of sources) {
    const { dags, error } = results.get(source)!;
    for (const { code, message, file, line } of error === undefined ? [] : (error.mistakes ?? [error]))
      problems.push(problemOf(code, message, file ?? source.file, line));
    for (const dag of dags) problems.push(...duplicateOf(dag, source.file, owners));
  }
  return { files: sources.length, dags: [...owners.keys()].sort(), problems: uniqueProblems(problems) };
}

async function sourcesOf(path: string): Promise<Source[]> {
  const real = await realpath(resolve(path)).catch(() => {
    throw new WindlassError("WL_CLI_USAGE", `there is no ${path}`);
  });
  if (!(await stat(real)).isDirectory()) return [{ file: real, root: dagsFolderOf(real) }];
  const { root, files } = await scanDags(real);
  return [...files.values()]
    .filter(({ kind }) => kind === "module")
    .map(({ path: below }) => ({ file: join(root, below), root }));
}

const uniqueSources = (sources: readonly Source[]): Source[] => [
  ...new Map(sources.map(source => [source.file, source])).values(),
];

function duplicateOf({ id, tasks }: DagSpec, file: string, owners: Map<string, string>): LintProblem[] {
  const owner = owners.get(id);
  owners.set(id, owner ?? file);
  if (owner === undefined) return [];
  const where = owner === file ? "twice in this file" : `in ${shortPath(owner)}, too`;
  return [problemOf("WL_DAG_DUPLICATE_ID", `DAG '${id}' is defined ${where}`, file, tasks[0]?.source?.line)];
}

const problemOf = (rule: ErrorCode, message: string, file: string, line: number | undefined): LintProblem => ({
  file: shortPath(file),
  ...(line === undefined ? {} : { line }),
  rule,
  message,
  next: ERRORS[rule],
});

/** As short as it can be written from here. */
function shortPath(file: string): string {
  const below = relative(process.cwd(), file);
  return below === "" || below.startsWith("..") ? file : below;
}

/** A mistake in a file that several DAG files import is found once for each. */
const uniqueProblems = (problems: readonly LintProblem[]): LintProblem[] => [
  ...new Map(problems.map(problem => [`${problem.file}:${problem.line}:${problem.message}`, problem])).values(),
];
