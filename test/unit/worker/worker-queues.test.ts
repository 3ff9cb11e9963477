import assert from "node:assert/strict";
import { QueueList } from "../../../services/worker/worker-queues.ts";

describe("QueueList", () => {
  const table: readonly (readonly [text: string, queues: { name: string; concurrency?: number }[]])[] = [
    ["pods", [{ name: "pods" }]],
    ["pods,gpu:20", [{ name: "pods" }, { name: "gpu", concurrency: 20 }]],
    [" pods , big.mem:1 ", [{ name: "pods" }, { name: "big.mem", concurrency: 1 }]],
  ];
  for (const [text, queues] of table) it(`reads "${text}"`, () => assert.deepEqual(QueueList.parse(text), queues));

  const wrong: readonly (readonly [text: string, message: RegExp])[] = [
    ["", /"" is no queue/],
    ["pods,", /"" is no queue/],
    ["pods:0", /"pods:0" is no queue/],
    ["pods:many", /"pods:many" is no queue/],
    ["a b", /"a b" is no queue/],
    ["notices", /"notices" is no queue/],
    ["pods,pods:2", /a queue is named twice/],
  ];
  for (const [text, message] of wrong) {
    it(`refuses "${text}"`, () => assert.match(QueueList.safeParse(text).error?.issues[0]?.message ?? "", message));
  }
});
