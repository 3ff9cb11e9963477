import assert from "node:assert/strict";
import { RetryPolicy } from "#core/retry-policy.ts";
import { createLogger } from "#runtime/logger.ts";
import { Outbox } from "../../../services/scheduler/outbox.ts";
import { formatOutboxOrder, type OutboxOrder, parseOutboxOrder } from "../../../services/scheduler/outbox-order.ts";

const job = (task: string): OutboxOrder => {
  const id = `etl~1~${task}~1`;
  const data = { dag: "etl", run: "etl~1", task, gen: 1, version: "v", tryBase: 0 };
  return { kind: "job", id, order: { jobId: id, data, attempts: 1, retry: RetryPolicy.parse({}), queue: "gpu", priority: 7 } };
};
const notice: OutboxOrder = {
  kind: "notice",
  id: "n1",
  runId: "etl~1",
  moment: "onFailure",
  notice: { kind: "webhook", url: "https://example.org" },
};
const assets: OutboxOrder = { kind: "assets", id: "a1", runId: "etl~1", taskId: "load", assets: ["s3://lake/x"], at: 5 };

/** An outbox whose carriers write down what they get, and fail for the kinds named. */
function scene(...broken: string[]) {
  const carried: string[] = [];
  const acknowledged: string[] = [];
  const carry = (kind: string, ids: string[]) => {
    if (broken.includes(kind)) throw new Error(`${kind} is away`);
    carried.push(...ids.map(id => `${kind} ${id}`));
  };
  const outbox = new Outbox({
    queues: {
      add: async orders =>
        carry(
          "job",
          orders.map(({ jobId }) => jobId),
        ),
    },
    notices: {
      add: async orders =>
        carry(
          "notice",
          orders.map(({ id }) => id),
        ),
    },
    assets: {
      update: async ({ id }) => {
        carry("assets", [id]);
        return 1;
      },
    },
    store: { acknowledge: async ids => void acknowledged.push(...ids) },
    log: createLogger("test", { level: "silent" }),
  });
  return { outbox, carried, acknowledged };
}

describe("Outbox", () => {
  it("carries out each kind where it belongs, and then lets go of it", async () => {
    const { outbox, carried, acknowledged } = scene();
    outbox.put([job("a"), notice]);
    outbox.put([assets, job("b")]);
    await outbox.flush();
    assert.deepEqual(carried.toSorted(), ["assets a1", "job etl~1~a~1", "job etl~1~b~1", "notice n1"]);
    assert.deepEqual(acknowledged.toSorted(), ["a1", "etl~1~a~1", "etl~1~b~1", "n1"]);
    assert.equal(outbox.flush(), undefined, "there is nothing left");
  });

  it("lets go of nothing that was not carried out, and holds nothing else up", async () => {
    const { outbox, carried, acknowledged } = scene("notice");
    outbox.put([notice, assets, job("a")]);
    await assert.rejects(outbox.flush()!, /notice is away/);
    assert.deepEqual([carried.length, acknowledged.toSorted()], [2, ["a1", "etl~1~a~1"]]);
  });

  it("relays what the record has, and leaves there what it cannot read", async () => {
    const { outbox, carried, acknowledged } = scene();
    const stored = [job("a"), notice, assets].map(order => ({ jobId: order.id, json: formatOutboxOrder(order) }));
    await outbox.relay([{ jobId: "broken", json: "{" }, { jobId: "strange", json: '{"kind":"flowers","id":"x"}' }, ...stored]);
    assert.deepEqual([carried.length, acknowledged.length, acknowledged.includes("broken")], [3, 3, false]);
  });

  for (const order of [job("a"), notice, assets]) {
    it(`reads an order for ${order.kind} as it was written`, () =>
      assert.deepEqual(parseOutboxOrder(order.id, formatOutboxOrder(order)), order));
  }
});
