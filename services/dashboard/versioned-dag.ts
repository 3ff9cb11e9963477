import type { DagSpec } from "#core/dag-spec.ts";
import type { DagRow } from "#state/dag-store.ts";
import { ApiError } from "./http/api-error.ts";
import type { Ports } from "./ports.ts";
import { unknownDag } from "./routes/unknown.ts";

export interface VersionedDag {
  row: DagRow;
  version: string;
  spec: DagSpec;
}

/** A DAG, also one whose file was deleted, in a version. Default: the one that new runs execute, or executed last. @throws ApiError */
export async function versionedDag(
  dagId: string,
  version: string | undefined,
  { dags }: Pick<Ports, "dags">,
): Promise<VersionedDag> {
  const row = (await dags.getDag(dagId)) ?? (await dags.getRemovedDag(dagId));
  if (row === undefined) throw unknownDag(dagId);
  const wanted = version ?? row.version;
  const spec = await dags.getSpec(wanted);
  if (spec?.id !== dagId) throw unknownVersion(dagId, wanted);
  return { row, version: wanted, spec };
}

export const unknownVersion = (dagId: string, version: string): ApiError =>
  new ApiError("WL_VERSION_UNKNOWN", `DAG '${dagId}' has no version '${version}', or it is not stored any more`);
