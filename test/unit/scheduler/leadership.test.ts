import assert from "node:assert/strict";
import { once } from "node:events";
import { createLogger } from "#runtime/logger.ts";
import { competeForLeadership, type Lease } from "../../../services/scheduler/leadership.ts";
import { until } from "../../support/until.ts";

const TTL_MS = 30;
/** Long enough for a test during which nothing may run out, however slow the machine is. */
const LONG_TTL_MS = 300;

/** A lease in memory. It runs out only when the test says so. */
class FakeLease implements Lease {
  holder: string | undefined;
  terms = 0;
  /** Calls that fail from now on, by name. */
  readonly failing = new Set<keyof Lease>();
  readonly calls: string[] = [];

  #call(name: keyof Lease): void {
    this.calls.push(name);
    if (this.failing.has(name)) throw new Error("Redis is away");
  }

  count(name: keyof Lease): number {
    return this.calls.filter(call => call === name).length;
  }

  async acquireLease(id: string): Promise<string | undefined> {
    // Others have their turn: whoever asks without a pause does not stop the test that finds out.
    await new Promise(setImmediate);
    this.#call("acquireLease");
    if (this.holder !== undefined) return undefined;
    this.holder = `${id}:${++this.terms}`;
    return this.holder;
  }

  async renewLease(token: string): Promise<boolean> {
    this.#call("renewLease");
    return this.holder === token;
  }

  async releaseLease(token: string): Promise<boolean> {
    this.#call("releaseLease");
    if (this.holder !== token) return false;
    this.holder = undefined;
    return true;
  }
}

describe("competeForLeadership", () => {
  let lease: FakeLease;
  let stop: AbortController;
  let running: Promise<unknown>;
  /** Tokens by start and by end of the terms. */
  let began: string[];
  let ended: string[];

  beforeEach(() => {
    lease = new FakeLease();
    stop = new AbortController();
    [began, ended] = [[], []];
    running = Promise.resolve();
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  const untilAborted = async (_token: string, signal: AbortSignal): Promise<void> => {
    if (!signal.aborted) await once(signal, "abort");
  };
  const fail = () => Promise.reject(new Error("the DAG folder is gone"));
  const compete = (id: string, { lead = untilAborted, ttlMs = TTL_MS } = {}): Promise<void> =>
    competeForLeadership(
      {
        id,
        lease,
        ttlMs,
        log: createLogger("test", { level: "silent" }),
        async lead(token, signal) {
          began.push(token);
          try {
            await lead(token, signal);
          } finally {
            ended.push(token);
          }
        },
      },
      stop.signal,
    );

  it("leads while it renews, and leaves office at once when it is told to stop", async () => {
    running = compete("a");
    await until(() => lease.count("renewLease") >= 3);
    assert.deepEqual([began, ended, lease.holder], [["a:1"], [], "a:1"]);
    stop.abort();
    await running;
    assert.deepEqual([ended, lease.holder, lease.count("releaseLease")], [["a:1"], undefined, 1]);
  });

  it("waits while another one holds the office, and takes over when it is vacant", async () => {
    lease.holder = "other:0";
    running = compete("a");
    await until(() => lease.count("acquireLease") >= 3);
    assert.deepEqual(began, []);
    lease.holder = undefined;
    await until(() => began.length === 1);
    assert.deepEqual(began, ["a:1"]);
  });

  it("of two leads one", async () => {
    running = Promise.all([compete("a"), compete("b")]);
    await until(() => lease.count("renewLease") >= 3 && lease.count("acquireLease") >= 4);
    assert.equal(began.length, 1);
  });

  it("ends its term when the office was lost, does not release its successor's, and competes again", async () => {
    running = compete("a");
    await until(() => began.length === 1);
    lease.holder = "other:9";
    await until(() => ended.length === 1);
    await until(() => lease.count("releaseLease") === 1);
    assert.equal(lease.holder, "other:9");
    lease.holder = undefined;
    await until(() => began.length === 2);
    assert.deepEqual(began, ["a:1", "a:2"]);
  });

  it("goes on leading over a renewal that fails once", async () => {
    running = compete("a", { ttlMs: LONG_TTL_MS });
    await until(() => began.length === 1);
    lease.failing.add("renewLease");
    await until(() => lease.count("renewLease") === 1);
    lease.failing.clear();
    await until(() => lease.count("renewLease") >= 4);
    assert.deepEqual(ended, []);
  });

  it("ends its term when it could not renew for as long as the lease lasts", async () => {
    running = compete("a");
    await until(() => began.length === 1);
    lease.failing.add("renewLease");
    await until(() => ended.length === 1);
    assert.ok(lease.count("renewLease") >= 2, "it tried more than once");
  });

  it("competes on when the store cannot be asked", async () => {
    lease.failing.add("acquireLease");
    running = compete("a");
    await until(() => lease.count("acquireLease") >= 2);
    lease.failing.clear();
    await until(() => began.length === 1);
  });

  it("leaves office when its work fails, and competes again", async () => {
    running = compete("a", { lead: fail });
    await until(() => began.length === 3);
    assert.deepEqual(began, ["a:1", "a:2", "a:3"]);
    assert.ok(lease.count("releaseLease") >= 2);
  });

  it("does not spin when its work fails at once", async () => {
    running = compete("a", { lead: fail, ttlMs: 60_000 });
    await until(() => lease.count("releaseLease") === 1);
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    assert.deepEqual([began, lease.count("acquireLease")], [["a:1"], 1]);
  });

  it("ends although the store cannot be asked to release", async () => {
    running = compete("a");
    await until(() => began.length === 1);
    lease.failing.add("releaseLease");
    stop.abort();
    await running;
    assert.deepEqual(ended, ["a:1"]);
  });
});
