import assert from "node:assert/strict";
import fc from "fast-check";
import { failure } from "#core/failure.ts";
import { cancelled, failed, succeeded } from "#core/outcome.ts";
import { backoffMs, INFRA_RETRIES, type Verdict, verdictOn } from "#core/retry.ts";
import { RetryPolicy } from "#core/retry-policy.ts";

const policy = (input: Partial<RetryPolicy> = {}): RetryPolicy => RetryPolicy.parse(input);
const user = failed("ExitCode", "user", "exit 1", 1);
const infra = failure("Evicted");
const config = failure("InvalidImageName");
const deleted = failure("PodDeleted");
const exit = (exitCode: number) => failure("ExitCode", { exitCode });

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
      "infrastructure's budget is spent: failed, without touching the tries",
      verdictOn(infra, 1, INFRA_RETRIES, policy({ retries: 9 }), "s"),
      { state: "failed" },
    ],
    ["no budget for infrastructure", verdictOn(infra, 1, 0, policy({ infraRetries: 0, retries: 9 }), "s"), { state: "failed" }],
    [
      "a larger budget for infrastructure",
      verdictOn(infra, 1, 9, policy({ infraRetries: 10 }), "s"),
      { state: "restarting", delayMs: 300_000 },
    ],
    [
      "the site's own delay for infrastructure",
      verdictOn(infra, 1, 0, policy(), "s", { infraDelayMs: 7 }),
      { state: "restarting", delayMs: 7 },
    ],
    [
      "somebody's decision is like infrastructure",
      verdictOn(deleted, 1, 0, policy(), "s"),
      { state: "restarting", delayMs: 10_000 },
    ],
    [
      "unless the task says otherwise",
      verdictOn(deleted, 1, 0, policy({ failOn: ["PodDeleted"], retries: 9 }), "s"),
      { state: "failed" },
    ],
    [
      "retryOn repeats without using up a try, after the task's own delay",
      verdictOn(exit(75), 1, 0, policy({ retryOn: { exitCodes: [75] }, delayMs: 7 }), "s"),
      { state: "restarting", delayMs: 7 },
    ],
    [
      "retryOn shares the budget with infrastructure; then it is a failure like any other",
      verdictOn(exit(75), 1, 5, policy({ retryOn: { exitCodes: [75] }, delayMs: 7, retries: 1 }), "s"),
      { state: "up_for_retry", delayMs: 7 },
    ],
    ["retryOn has other codes", verdictOn(exit(74), 1, 0, policy({ retryOn: { exitCodes: [75] } }), "s"), { state: "failed" }],
    [
      "retryOn by a code of the table",
      verdictOn(failure("ErrImagePull"), 1, 0, policy({ retryOn: { codes: ["ErrImagePull"] }, delayMs: 7 }), "s"),
      { state: "restarting", delayMs: 7 },
    ],
    [
      "a code with a resource behind it goes by the name of its row",
      verdictOn(failure("OutOfcpu"), 1, 0, policy({ failOn: ["OutOf*"] }), "s"),
      { state: "failed" },
    ],
    [
      "failOn ends the task, tries left or not",
      verdictOn(exit(64), 1, 0, policy({ failOn: [64, 78], retries: 9 }), "s"),
      { state: "failed" },
    ],
    ["skipOn skips the task", verdictOn(exit(99), 1, 0, policy({ skipOn: [99], retries: 9 }), "s"), { state: "skipped" }],
    [
      "skipOn is stronger than failOn",
      verdictOn(exit(99), 1, 0, policy({ skipOn: [99], failOn: [99] }), "s"),
      { state: "skipped" },
    ],
    [
      "a rule for an exit code is about the task's own process, not about a drained one",
      verdictOn(failure("Disrupted", { exitCode: 143 }), 1, 0, policy({ failOn: [143] }), "s"),
      { state: "restarting", delayMs: 10_000 },
    ],
    [
      "nor about an init container",
      verdictOn(failure("InitContainerFailed", { exitCode: 99 }), 1, 0, policy({ skipOn: [99] }), "s"),
      { state: "failed" },
    ],
    [
      "but about one that ran out of memory",
      verdictOn(failure("OOMKilled", { exitCode: 137 }), 1, 0, policy({ failOn: [137], retries: 9 }), "s"),
      { state: "failed" },
    ],
    [
      "retryConfigErrors repeats a wrong configuration as a try",
      verdictOn(config, 1, 0, policy({ retryConfigErrors: true, retries: 1, delayMs: 7 }), "s"),
      { state: "up_for_retry", delayMs: 7 },
    ],
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

  it("never restarts a try beyond its budget, and never gives infrastructure a try of the user's", () => {
    const blames = fc.constantFrom("infra" as const, "policy" as const);
    fc.assert(
      fc.property(blames, fc.nat(200), fc.nat(100), fc.nat(10), (blame, restarts, infraRetries, retries) => {
        const { state } = verdictOn(failed("Evicted", blame, ""), 1, restarts, policy({ infraRetries, retries }), "s");
        assert.equal(state, restarts < infraRetries ? "restarting" : "failed");
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
