import assert from "node:assert/strict";
import { Sight } from "#kube/sight.ts";

describe("Sight", () => {
  it("is clear until something is lost, and again when it is found", () => {
    const sight = new Sight();
    assert.ok(sight.isClear);
    sight.lost(10);
    sight.lost(20);
    assert.ok(!sight.isClear);
    sight.found(30);
    assert.ok(sight.isClear);
    assert.equal(sight.unseenMs(0, 100), 20, "the first loss counts");
  });

  const outages = [
    [100, 200],
    [300, 350],
  ] as const;
  const table: readonly (readonly [what: string, since: number, until: number, unseen: number])[] = [
    ["before all", 0, 100, 0],
    ["around one", 50, 250, 100],
    ["inside one", 120, 150, 30],
    ["from inside one", 150, 250, 50],
    ["around both", 0, 400, 150],
    ["after all", 400, 500, 0],
  ];
  for (const [what, since, until, unseen] of table) {
    it(`adds up what overlaps: ${what}`, () => {
      const sight = new Sight();
      for (const [from, to] of outages) {
        sight.lost(from);
        sight.found(to);
      }
      assert.equal(sight.unseenMs(since, until), unseen);
    });
  }

  it("counts the outage that goes on", () => {
    const sight = new Sight();
    sight.lost(100);
    assert.equal(sight.unseenMs(0, 160), 60);
  });

  it("finds nothing that was not lost", () => {
    const sight = new Sight();
    sight.found(50);
    assert.equal(sight.unseenMs(0, 100), 0);
  });
});
