import type { DagDetailReply } from "#contract/dag.ts";
import { ask, path, withQuery } from "./ask.ts";
import { asProblem } from "./problem-error.ts";

/** The text of a version of a DAG. */
export interface DagSource {
  /** The file's name, or what is shown instead of it. */
  title: string;
  text: string;
  /** false: the text was not kept, this is the spec. */
  isFile: boolean;
}

/** The DAG's file as it was published. Where that text was not kept: the spec that it was evaluated to. */
export async function readSource(dagId: string, version: string, signal: AbortSignal): Promise<DagSource> {
  try {
    const { file, source } = await ask<{ file: string; source: string }>(
      withQuery(path`/api/v1/dags/${dagId}/source`, { version }),
      { signal },
    );
    return { title: file, text: source, isFile: true };
  } catch (error) {
    if (asProblem(error).status !== 404) throw error;
  }
  const dag = await ask<DagDetailReply>(path`/api/v1/dags/${dagId}`, { signal });
  const { bundle: _, ...spec } = dag.spec;
  return { title: `${dag.file}, as data (its text was not kept)`, text: JSON.stringify(spec, null, 2), isFile: false };
}
