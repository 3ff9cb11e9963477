import assert from "node:assert/strict";
import { EventBlocks } from "../../../services/dashboard/web/log/event-blocks.ts";

describe("EventBlocks", () => {
  const stream = "retry: 1000\n\nid: 10\ndata: one\ndata: two\n\n: alive\n\nevent: end\nid: 10\ndata: {}\n\n";
  const expected = [
    { type: "message", id: "10", data: "one\ntwo" },
    { type: "end", id: "10", data: "{}" },
  ];
  for (const size of [1, 3, 7, stream.length]) {
    it(`reads events from pieces of ${size}`, () => {
      const blocks = new EventBlocks();
      const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) => stream.slice(i * size, (i + 1) * size));
      assert.deepEqual(
        pieces.flatMap(piece => blocks.add(piece)),
        expected,
      );
    });
  }
});
