import { unknownPools } from "#core/unknown-pools.ts";
import type { Logger } from "#runtime/logger.ts";
import type { State } from "#state/state.ts";
import type { DagPublisher } from "./dag-source/dag-source.ts";

/** Takes what the DAG files say into the store, and tells whoever starts runs. */
export function publisherOf(
  { dags, pools }: Pick<State, "dags" | "pools">,
  onChange: () => void,
  now: () => number,
  log: Logger,
): DagPublisher {
  return {
    async dagChanged({ spec, version, file, source }) {
      const known = await dags.getDag(spec.id);
      if (known?.version === version && known.file === file) return;
      const { id, description, owner, tags, schedule, timezone } = spec;
      await dags.publishDag(
        {
          id,
          version,
          file,
          publishedAt: now(),
          tags,
          timezone,
          taskCount: spec.tasks.length,
          ...(description === undefined ? {} : { description }),
          ...(owner === undefined ? {} : { owner }),
          ...(schedule === undefined ? {} : { schedule }),
        },
        spec,
        source,
      );
      log.info({ event: "dag.published", dagId: id, version: version.slice(0, 12), file });
      for (const { pool, tasks } of unknownPools(spec, await pools.listPools()))
        log.warn(
          { event: "dag.unknownPool", dagId: id, file, pool, tasks },
          `there is no pool '${pool}': its tasks will wait for it`,
        );
      onChange();
    },
    async dagRemoved(dagId, file) {
      await dags.removeDag(dagId, now());
      log.info({ event: "dag.removed", dagId, file });
    },
    async errorsChanged(errors) {
      await dags.replaceImportErrors(errors);
      for (const { file, line, message, code } of errors) log.warn({ event: "dag.importError", file, line, code }, message);
    },
  };
}
