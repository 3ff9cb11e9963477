import type { Logger } from "#runtime/logger.ts";
import type { DagStore } from "#state/dag-store.ts";
import type { DagPublisher } from "./dag-source/dag-source.ts";
import type { Ticker } from "./ticker.ts";

/** Takes what the DAG files say into the store and tells the clock. */
export function publisherOf(dags: DagStore, ticker: Pick<Ticker, "wake">, now: () => number, log: Logger): DagPublisher {
  return {
    async dagChanged({ spec, version, file }) {
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
      );
      log.info({ event: "dag.published", dagId: id, version: version.slice(0, 12), file });
      ticker.wake();
    },
    async dagRemoved(dagId, file) {
      await dags.removeDag(dagId);
      log.info({ event: "dag.removed", dagId, file });
    },
    async errorsChanged(errors) {
      await dags.replaceImportErrors(errors);
      for (const { file, line, message, code } of errors) log.warn({ event: "dag.importError", file, line, code }, message);
    },
  };
}
