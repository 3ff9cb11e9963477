import assert from "node:assert/strict";
import { clientOf } from "./events.ts";

const BIG = "x".repeat(200 * 1024);

describe("live: a client", () => {
  it("that reads too slowly gets a resync instead of what it could not take, and goes on", () => {
    const { outlet, client } = clientOf(["runs"]);
    outlet.isStuck = true;
    assert.equal(client.send(BIG, "1-0"), true, "one batch more than the bound is the most that waits");
    for (const position of ["2-0", "3-0"]) assert.equal(client.send("event: run\ndata: {}\n\n", position), false);
    assert.equal(outlet.waitingBytes(), BIG.length);
    outlet.text = "";

    outlet.drain();
    assert.equal(outlet.text, "event: resync\ndata: {}\nid: 3-0\n\n");
    assert.equal(client.send("event: run\ndata: {}\n\n", "4-0"), true);
    outlet.isStuck = true;
    client.send(BIG, "5-0");
    assert.equal(client.send("more", "6-0"), false, "again");
    assert.equal(outlet.ended, "");
  });

  it("that reads nothing for four pulses is cut off", () => {
    const { outlet, client } = clientOf([]);
    outlet.isStuck = true;
    client.send(BIG, "1-0");
    const cut = [1, 2, 3, 4].map(now => {
      client.pulse(": alive\n\n", "1-0", now);
      return outlet.ended;
    });
    assert.deepEqual(cut, ["", "", "", "cut"]);
  });

  it("is asked to come again when its time is over", () => {
    const { outlet, client } = clientOf([], { endsAt: 100 });
    client.pulse(": alive\n\n", "1-0", 99);
    assert.deepEqual([outlet.text, outlet.ended], [": alive\n\n", ""]);
    client.pulse(": alive\n\n", "1-0", 100);
    assert.equal(outlet.ended, "end");
  });
});
