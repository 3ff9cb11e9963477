import type { DagRow, ImportError } from "#state/dag-store.ts";
import type { Caller } from "./caller.ts";

/** Tells which import errors the caller may see: those of the files whose DAGs it may read. A file that never loaded has none. */
export function readableErrors(caller: Caller, dags: readonly DagRow[]): (error: ImportError) => boolean {
  if (caller.mayRead()) return () => true;
  const files = new Set(dags.filter(({ id }) => caller.mayRead(id)).map(({ file }) => file));
  return ({ file, importedBy }) => files.has(importedBy ?? file);
}
