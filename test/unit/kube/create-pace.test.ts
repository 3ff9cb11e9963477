import assert from "node:assert/strict";
import { CreatePace } from "#kube/create-pace.ts";

/** A pace with a clock that stands still but while it sleeps. */
class Clock {
  now = 10_000;
  readonly pace = new CreatePace({
    now: () => this.now,
    sleep: async ms => {
      this.now += ms;
    },
  });

  /** How long `count` creates take that are all accepted. */
  async create(count: number): Promise<number> {
    const start = this.now;
    for (let i = 0; i < count; i++) {
      await this.pace.turn();
      this.pace.accepted();
    }
    return this.now - start;
  }
}

/** So many creates a second for a second, then a refusal. */
async function slowedFrom(perSecond: number, retryAfterMs = 0): Promise<Clock> {
  const clock = new Clock();
  for (let i = 0; i < perSecond; i++) {
    await clock.create(1);
    if (i < perSecond - 1) clock.now += 1_000 / perSecond;
  }
  clock.pace.refused(retryAfterMs);
  return clock;
}

describe("CreatePace", () => {
  it("holds nothing back before the first refusal", async () => {
    const clock = new Clock();
    assert.deepEqual([await clock.create(10_000), clock.pace.rate, clock.pace.refusals], [0, undefined, 0]);
  });

  it("is half as fast after a refusal as it was before", async () => {
    const { pace } = await slowedFrom(100);
    assert.ok(pace.rate! > 45 && pace.rate! < 55, `${pace.rate}`);
  });

  it("takes a burst of refusals for one, and halves again a second later", async () => {
    const clock = await slowedFrom(100);
    const first = clock.pace.rate!;
    for (let i = 0; i < 20; i++) clock.pace.refused();
    assert.equal(clock.pace.rate, first);
    clock.now += 1_000;
    clock.pace.refused();
    assert.deepEqual([clock.pace.rate, clock.pace.refusals], [first / 2, 22]);
  });

  it("never stands still", async () => {
    const clock = new Clock();
    for (let i = 0; i < 20; i++) {
      clock.pace.refused();
      clock.now += 1_000;
    }
    assert.equal(clock.pace.rate, 1);
  });

  it("leaves the API server alone for as long as it says", async () => {
    const clock = await slowedFrom(100, 3_000);
    assert.ok((await clock.create(1)) === 3_000);
  });

  it("gets faster by ten a second while all goes well, until nothing is held back", async () => {
    const clock = await slowedFrom(100);
    const first = clock.pace.rate!;
    const took = await clock.create(Math.round(first));
    assert.ok(took > 900 && took < 1_000, `${took} ms`);
    assert.ok(clock.pace.rate! > first + 9 && clock.pace.rate! < first + 11, `${clock.pace.rate}`);
    await clock.create(20_000);
    assert.equal(clock.pace.rate, undefined);
  });

  it("gives concurrent creates turns of their own", async () => {
    const clock = await slowedFrom(20);
    const start = clock.now;
    const turns: number[] = [];
    const pace = new CreatePace({ now: () => start, sleep: async ms => void turns.push(ms) });
    pace.refused();
    await Promise.all([pace.turn(), pace.turn(), pace.turn()]);
    assert.deepEqual(turns, [1_000, 2_000]);
  });
});
