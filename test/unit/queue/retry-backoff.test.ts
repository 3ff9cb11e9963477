import assert from "node:assert/strict";
import fc from "fast-check";
import { backoffMs } from "#core/retry.ts";
import { RetryPolicy } from "#core/retry-policy.ts";
import { retryBackoff, TryFailed } from "#queue/retry-backoff.ts";

const data = { dag: "etl", run: "etl~1", task: "load", gen: 1, version: "v1", tryBase: 2 };
const policy = RetryPolicy.parse({ retries: 5, delayMs: 1_000, backoff: "exponential", jitter: 0.5 });
const jobOf = (change: object) => ({ id: "j", data, opts: { backoff: { type: "windlass", policy } }, ...change }) as never;

describe("retry backoff", () => {
  it("is what the core says for this try of this task", () => {
    const delay = retryBackoff(assert.fail)(3, "windlass", new Error("x"), jobOf({}));
    assert.equal(delay, backoffMs(5, policy, "etl~1.load"));
  });

  for (const [given, delay] of [
    [0, 0],
    [1_500.4, 1_500],
    [-5, 0],
  ] as const) {
    it(`a try that says ${given} ms waits ${delay}`, () => {
      assert.equal(retryBackoff(assert.fail)(1, "windlass", new TryFailed("x", given), jobOf({})), delay);
    });
  }

  it("never throws and always gives a delay", () => {
    const strategy = retryBackoff(() => undefined);
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.integer(), (someData, backoff, made) => {
        const delay = strategy(made, "windlass", new Error("x"), jobOf({ data: someData, opts: { backoff } }));
        assert.ok(Number.isFinite(delay) && delay >= 0);
      }),
    );
  });

  it("reports a job without a policy and waits a minute", () => {
    const reported: unknown[] = [];
    const strategy = retryBackoff((_error, jobId) => reported.push(jobId));
    assert.equal(strategy(1, "windlass", new Error("x"), jobOf({ opts: {} })), 60_000);
    assert.equal(strategy(1), 60_000);
    assert.deepEqual(reported, ["j", undefined]);
  });
});
