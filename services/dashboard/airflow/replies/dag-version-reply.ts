import type { AirflowDagVersion } from "#contract/airflow/dag-version.ts";
import { toInstant } from "#contract/instant.ts";
import type { DagVersion } from "#state/dag-store.ts";
import { uuidOf } from "../uuid-of.ts";

/** By content hash. */
export type DagVersions = ReadonlyMap<string, AirflowDagVersion>;

/**
 * Airflow counts versions, Windlass names them by their content: they are counted from the oldest that is still stored.
 * @param versions youngest first
 */
export const dagVersions = (dagId: string, versions: readonly DagVersion[]): DagVersions =>
  new Map(
    versions.map(({ version, publishedAt }, index) => [
      version,
      {
        id: uuidOf(dagId, version),
        version_number: versions.length - index,
        dag_id: dagId,
        bundle_name: null,
        bundle_version: version,
        bundle_url: null,
        created_at: toInstant(publishedAt),
        dag_display_name: dagId,
      },
    ]),
  );
