import assert from "node:assert/strict";
import { hasWork } from "#queue/has-work.ts";
import { openTaskQueue } from "#queue/task-queue.ts";
import { openTaskWorker } from "#queue/task-worker.ts";
import { openRedis } from "#state/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { until } from "../../support/until.ts";
import { Handler, order } from "./yard.ts";

describe("a restart of Redis", () => {
  it("costs no held job, no try and no later job", async () => {
    const server = await startRedis({ aof: true });
    const connections = [0, 1].map(() => openRedis(server.url, { role: "client" }));
    const prefix = "{t}";
    const queue = openTaskQueue({ connection: connections[0]!, prefix });
    const handler = new Handler();
    const worker = openTaskWorker({
      connection: connections[1]!,
      prefix,
      workerName: "w",
      concurrency: 5,
      handle: handler.handle,
    });
    try {
      await worker.run();
      await queue.add([order("held", { attempts: 2 })]);
      const held = await handler.next();

      await server.kill();
      assert.equal(await worker.isHealthy(), true);
      assert.equal(await hasWork(queue.bull.getBackend()), false, "nobody can say");
      held.end({ type: "done" });
      const added = queue.add([order("later")]);
      await server.restart();

      await added;
      (await handler.next()).end({ type: "done" });
      const ids = [order("held").jobId, order("later").jobId];
      await until(async () => [...(await queue.states(ids)).values()].every(state => state === "completed"), {
        deadlineMs: 10_000,
      });
      assert.equal(handler.calls.length, 2);
      assert.equal((await queue.bull.getJob(ids[0]!))?.attemptsMade, 1);
    } finally {
      await worker.drain();
      await queue.close();
      for (const connection of connections) connection.disconnect();
      await server.stop();
    }
  });
});
