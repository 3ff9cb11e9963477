import assert from "node:assert/strict";
import { isBefore, RecentEvents } from "../../../../services/dashboard/live/recent-events.ts";
import { eventsOf, run } from "./events.ts";

const some = (count: number, first: number) =>
  eventsOf(
    Array.from({ length: count }, () => run("etl~1")),
    first,
  );

describe("live: recent events", () => {
  const ids = (recent: RecentEvents, position: string) => recent.since(position)?.map(({ id }) => id);

  it("give what came behind a position, and nothing where not all of it is known", () => {
    const recent = new RecentEvents(10);
    recent.add({ events: some(2, 5), position: "6-0", gap: false });
    recent.add({ events: some(2, 7), position: "8-0", gap: false });
    assert.deepEqual(ids(recent, "5-0"), ["6-0", "7-0", "8-0"], "of the first one it is known that it was heard");
    assert.deepEqual(ids(recent, "6-5"), ["7-0", "8-0"]);
    assert.deepEqual(ids(recent, "8-0"), []);
    assert.equal(ids(recent, "4-9"), undefined, "older");
    assert.equal(ids(recent, "8-1"), undefined, "of a Redis that has lost its end");
    assert.equal(recent.position, "8-0");
  });

  it("of an empty stream begin with its first event", () => {
    const recent = new RecentEvents(10);
    recent.add({ events: [], position: "0-0", gap: false });
    recent.add({ events: some(1, 3), position: "3-0", gap: false });
    assert.deepEqual(ids(recent, "0-0"), ["3-0"]);
  });

  it("begin anew behind a gap", () => {
    const recent = new RecentEvents(10);
    recent.add({ events: some(3, 1), position: "3-0", gap: false });
    recent.add({ events: some(1, 9), position: "9-0", gap: true });
    assert.equal(ids(recent, "3-0"), undefined);
    assert.deepEqual(ids(recent, "9-0"), []);
    recent.add({ events: [], position: "20-0", gap: true });
    assert.equal(ids(recent, "9-0"), undefined);
  });

  it("are bounded", () => {
    const recent = new RecentEvents(3);
    for (let i = 1; i <= 100; i++) recent.add({ events: some(1, i), position: `${i}-0`, gap: false });
    assert.equal(ids(recent, "50-0"), undefined);
    assert.deepEqual(ids(recent, "97-0"), ["98-0", "99-0", "100-0"]);
    const known = Array.from({ length: 101 }, (_, i) => ids(recent, `${i}-0`)?.length ?? 0);
    assert.ok(Math.max(...known) < 6, "twice the limit at most");
  });

  it("compare positions as numbers", () => {
    const table: [string, string, boolean][] = [
      ["9-0", "10-0", true],
      ["10-9", "10-10", true],
      ["10-0", "10-0", false],
      ["11-0", "10-5", false],
    ];
    for (const [a, b, expected] of table) assert.equal(isBefore(a, b), expected, `${a} ${b}`);
  });
});
