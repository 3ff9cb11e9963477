import assert from "node:assert/strict";
import fc from "fast-check";
import { RetryPolicy } from "#core/dag-spec.ts";
import { cancelled, failed, succeeded } from "#core/outcome.ts";
import { backoffMs, MAX_INFRA_RESTARTS, type Verdict, verdictOn } from "#core/retry.ts";

const policy = (input: Partial<RetryPolicy> = {}): RetryPolicy => RetryPolicy.parse(input);
const user = failed("ExitCode", "user", "exit 1", 1);
const infra = failed("Evicted", "infra", "evicted");
const config = failed("InvalidImageName", "config", "bad image");

describe("verdictOn", () => {
  const table: readonly (readonly [name: string, verdict: Verdict, expected: Verdict])[] = [
    ["success ends", verdictOn(succeeded(), 1, 0, policy({ retries: 3 }), "s"), { state: "success" }],
    [
      "cancelled ends, retries or not",
      verdictOn(cancelled("by hand"), 1, 0, policy({ retries: 3 }), "s"),
      { state: "cancelled" },
    ],
    ["no retries: failed", verdictOn(user, 1, 0, policy(), "s"), { state: "failed" }],
    [
      "first of two tries",
      verdictOn(user, 1, 0, policy({ retries: 1, delayMs: 10 }), "s"),
      { state: "up_for_retry", delayMs: 10 },
    ],
    ["last of two tries", verdictOn(user, 2, 0, policy({ retries: 1, delayMs: 10 }), "s"), { state: "failed" }],
    ["a try beyond the last (pressed by hand)", verdictOn(user, 5, 0, policy({ retries: 1 }), "s"), { state: "failed" }],
    ["a wrong configuration is never repeated", verdictOn(config, 1, 0, policy({ retries: 9 }), "s"), { state: "failed" }],
    ["infrastructure uses no try", verdictOn(infra, 1, 0, policy(), "s"), { state: "restarting", delayMs: 10_000 }],
    ["infrastructure again waits longer", verdictOn(infra, 1, 4, policy(), "s"), { state: "restarting", delayMs: 300_000 }],
    [
      "infrastructure's budget is spent: a try",
      verdictOn(infra, 1, MAX_INFRA_RESTARTS, policy({ retries: 1, delayMs: 7 }), "s"),
      { state: "up_for_retry", delayMs: 7 },
    ],
    ["budget and tries are spent", verdictOn(infra, 2, MAX_INFRA_RESTARTS, policy({ retries: 1 }), "s"), { state: "failed" }],
  ];
  for (const [name, verdict, expected] of table) it(name, () => assert.deepEqual(verdict, expected));
});

describe("backoffMs", () => {
  const table: readonly (readonly [name: string, input: Partial<RetryPolicy>, delays: readonly number[]])[] = [
    ["fixed", { delayMs: 10 }, [10, 10, 10, 10]],
    ["exponential", { delayMs: 10, backoff: "exponential" }, [10, 20, 40, 80]],
    ["exponential with a cap", { delayMs: 10, backoff: "exponential", maxDelayMs: 25 }, [10, 20, 25, 25]],
    ["fixed above the cap", { delayMs: 50, maxDelayMs: 25 }, [25, 25, 25, 25]],
    ["no delay", { delayMs: 0, backoff: "exponential", jitter: 1 }, [0, 0, 0, 0]],
  ];
  for (const [name, input, delays] of table) {
    it(name, () =>
      assert.deepEqual(
        delays.map((_, index) => backoffMs(index + 1, policy(input), "seed")),
        delays,
      ),
    );
  }

  it("is total: whole, never negative, within jitter and cap, the same for the same seed", () => {
    const anyPolicy = fc.record({
      retries: fc.nat(1_000),
      delayMs: fc.nat(1_000_000_000),
      backoff: fc.constantFrom("fixed" as const, "exponential" as const),
      maxDelayMs: fc.nat(1_000_000_000),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(anyPolicy, fc.integer({ min: -5, max: 2_000 }), fc.string(), (retry, tryNumber, seed) => {
        const delay = backoffMs(tryNumber, retry, seed);
        assert.ok(Number.isSafeInteger(delay) && delay >= 0 && delay <= retry.maxDelayMs);
        assert.ok(delay >= Math.min(retry.delayMs, retry.maxDelayMs));
        assert.equal(delay, backoffMs(tryNumber, retry, seed));
      }),
    );
  });

  it("spreads tasks by their seeds", () => {
    const delays = Array.from({ length: 100 }, (_, index) =>
      backoffMs(1, policy({ delayMs: 10_000, jitter: 1 }), `task-${index}`),
    );
    assert.ok(new Set(delays).size > 90);
    assert.ok(delays.every(delay => delay >= 10_000 && delay <= 20_000));
  });
});
