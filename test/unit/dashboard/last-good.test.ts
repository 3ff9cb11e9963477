import assert from "node:assert/strict";
import { LastGood } from "../../../services/dashboard/last-good.ts";

const away = async (): Promise<never> => {
  throw Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
};

describe("LastGood", () => {
  it("remembers what was read while Redis was there, and says how old it is", async () => {
    let now = 1_000;
    const known = new LastGood(() => now);
    assert.deepEqual(await known.read("dags", async () => ["a"]), { value: ["a"] });
    now = 8_400;
    const old = await known.read("dags", away);
    assert.deepEqual(old, { value: ["a"], readAt: 1_000 });
    assert.deepEqual(known.headersOf(old), { Warning: '110 - "Response is Stale"', Age: "7", "Retry-After": "1" });
    assert.deepEqual(known.headersOf({ value: [] }), {});
  });

  it("has nothing to say to another question, and hides no defect", async () => {
    const known = new LastGood(() => 0);
    await known.read("dags", async () => 1);
    await assert.rejects(known.read("others", away), { code: "ECONNREFUSED" });
    const defect = async () => {
      throw new TypeError("x is undefined");
    };
    await assert.rejects(known.read("dags", defect), TypeError);
  });
});
