import { relative } from "node:path";
import type { DagSpec } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import type { PublishedDag } from "./dag-catalog.ts";
import type { Scan } from "./scan-dags.ts";

/** A real path as it is called below the DAG folder: the same in every checkout, so that messages can be compared. */
export function pathBelow(scan: Scan, realPath: string): string {
  for (const file of scan.files.values()) if (file.realPath === realPath) return file.path;
  return relative(scan.root, realPath);
}

/** A loaded spec with the file names that people know, and its version. */
export function publishedDag(spec: DagSpec, file: string, scan: Scan, source?: string): PublishedDag {
  const names = new Map<string, string>();
  const nameOf = (realPath: string): string => {
    const name = names.get(realPath) ?? pathBelow(scan, realPath);
    names.set(realPath, name);
    return name;
  };
  const tasks = spec.tasks.map(task =>
    task.source === undefined ? task : { ...task, source: { ...task.source, file: nameOf(task.source.file) } },
  );
  const version = contentHash({ ...spec, tasks: spec.tasks.map(withoutSource) });
  return { spec: { ...spec, tasks }, version, file, ...(source === undefined ? {} : { source }) };
}

/** A line that moved is no new version. */
function withoutSource({ source: _, ...task }: TaskSpec): Omit<TaskSpec, "source"> {
  return task;
}
