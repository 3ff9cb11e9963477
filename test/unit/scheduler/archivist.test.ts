import assert from "node:assert/strict";
import { createLogger } from "#runtime/logger.ts";
import { Archivist, type ArchivistDeps } from "../../../services/scheduler/archivist.ts";

const log = createLogger("test", { level: "silent" });

/** An archivist over a store in memory; `asked` is what it wanted from it. */
function scene(change: Partial<ArchivistDeps> = {}) {
  const asked: unknown[][] = [];
  const archivist = new Archivist({
    store: {
      endedBefore: async at => {
        asked.push(["endedBefore", at]);
        return ["a~1", "a~2"];
      },
      archive: async (token, runId) => asked.push(["archive", token, runId]) > 0,
      surplus: async (dagId, keep) => (dagId === "a" ? [`a~${keep}`] : []),
      countRuns: async dagId => (dagId === "busy" ? 1 : 0),
      forget: async (token, run) => asked.push(["forget", token, run]) > 0,
    },
    dags: {
      forgetting: async () => [],
      forgetDag: async dagId => void asked.push(["forgetDag", dagId]),
    },
    dagIds: async () => ["a", "b"],
    token: "t",
    archiveAfterMs: 600,
    keepRuns: undefined,
    now: () => 1_000,
    log,
    ...change,
  });
  return { archivist, asked };
}

describe("Archivist", () => {
  it("archives what ended long enough ago", async () => {
    const { archivist, asked } = scene();
    await archivist.pass();
    assert.deepEqual(asked, [
      ["endedBefore", 400],
      ["archive", "t", "a~1"],
      ["archive", "t", "a~2"],
    ]);
  });

  it("removes what is too much, where somebody says how much that is", async () => {
    const { archivist, asked } = scene({ keepRuns: 7 });
    await archivist.pass();
    assert.deepEqual(asked.at(-1), ["forget", "t", { id: "a~7", dagId: "a" }]);
  });

  it("removes the history of DAGs that somebody wants forgotten: first the runs, then what is left", async () => {
    const dags = {
      forgetting: async () => ["a", "busy", "bare"],
      forgetDag: async (dagId: string) => void asked.push(["forgetDag", dagId]),
    };
    const { archivist, asked } = scene({ dags });
    await archivist.pass();
    assert.deepEqual(asked.slice(3), [
      ["forget", "t", { id: "a~0", dagId: "a" }],
      ["forgetDag", "bare"],
    ]);
  });

  it("looks again after a pass that failed, until it is stopped", async () => {
    const second = Promise.withResolvers<void>();
    let passes = 0;
    const { archivist } = scene({
      archiveAfterMs: 0,
      store: {
        ...scene().archivist,
        endedBefore: async () => {
          if (++passes === 2) second.resolve();
          throw new Error("Redis is away");
        },
      } as unknown as ArchivistDeps["store"],
    });
    archivist.start();
    await second.promise;
    await archivist.stop();
    assert.equal(passes, 2);
  });
});
