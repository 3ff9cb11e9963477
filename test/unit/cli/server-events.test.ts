import assert from "node:assert/strict";
import { serverEvents } from "../../../services/cli/client/server-events.ts";

async function read(...chunks: (string | Uint8Array)[]) {
  const encoder = new TextEncoder();
  async function* body() {
    for (const chunk of chunks) yield typeof chunk === "string" ? encoder.encode(chunk) : chunk;
  }
  const events = [];
  for await (const event of serverEvents(body())) events.push(event);
  return events;
}

describe("serverEvents", () => {
  it("reads type, id and data of several lines; comments and retries are left out", async () => {
    const events = await read("retry: 1000\n\n: alive\n\nid: 7\ndata: a\ndata:\ndata:  b\n\nevent: end\nid: 9\ndata: {}\n\n");
    assert.deepEqual(events, [
      { type: "message", id: "7", data: "a\n\n b" },
      { type: "end", id: "9", data: "{}" },
    ]);
  });

  it("puts together what arrives in pieces, also of a character", async () => {
    const bytes = new TextEncoder().encode("data: ü\n\n");
    assert.deepEqual(
      (await read(bytes.slice(0, 7), bytes.slice(7, 9), bytes.slice(9))).map(({ data }) => data),
      ["ü"],
    );
  });

  it("leaves out an event that was cut off: its id must not be resumed behind", async () => {
    assert.deepEqual(
      (await read("id: 1\ndata: a\n\nid: 2\ndata: b\n")).map(({ id }) => id),
      ["1"],
    );
  });
});
