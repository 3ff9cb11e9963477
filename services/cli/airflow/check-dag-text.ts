import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDagFile } from "../../scheduler/dag-source/dag-loader.ts";

/** What the loader says against a DAG file's text; undefined: it is a good one. */
export async function checkDagText(text: string, signal: AbortSignal): Promise<string | undefined> {
  const dir = await mkdtemp(join(tmpdir(), "windlass-import-"));
  try {
    const file = join(dir, "imported.ts");
    await writeFile(file, text);
    const { error } = await loadDagFile(file, dir, signal);
    if (error === undefined) return undefined;
    return `${error.line === undefined ? "" : `line ${error.line}: `}${error.message}`;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
