import assert from "node:assert/strict";
import type { Change, EventBatch } from "#state/event-stream.ts";
import { LiveHub } from "../../../../services/dashboard/live/live-hub.ts";
import { until } from "../../../support/until.ts";
import { clientOf, eventsOf, run, task } from "./events.ts";

/** A stream and a clock that the test moves; time passes only where the hub waits for it. */
class Stage {
  now = 0;
  readonly errors: unknown[] = [];
  readonly pauses: number[] = [];
  noticed = 0;
  #events = eventsOf([]);
  #wake: (() => void) | undefined;
  #failures: Error[] = [];
  #gap = false;
  readonly hub = new LiveHub({
    last: async limit => {
      const failure = this.#failures.shift();
      if (failure) throw failure;
      return this.#batch("0-0", limit);
    },
    next: async (after, { limit }) => {
      while (this.#position === after && this.#failures.length === 0) {
        await new Promise<void>(resolve => {
          this.#wake = resolve;
        });
      }
      const failure = this.#failures.shift();
      if (failure) throw failure;
      return this.#batch(after, limit);
    },
    notice: async () => void this.noticed++,
    onError: error => this.errors.push(error),
    now: () => this.now,
    pause: async ms => {
      this.pauses.push(ms);
      this.now += ms;
    },
  });

  get #position(): string {
    return this.#events.at(-1)?.id ?? "0-0";
  }

  #batch(after: string, limit: number): EventBatch {
    const events = this.#events.filter(({ id }) => Number.parseInt(id, 10) > Number.parseInt(after, 10)).slice(0, limit);
    const gap = this.#gap;
    this.#gap = false;
    return { events, position: events.at(-1)?.id ?? after, gap };
  }

  happen(...changes: Change[]): void {
    this.#events = [...this.#events, ...eventsOf(changes, this.#events.length + 1)];
    this.#wake?.();
  }
  loseSome(): void {
    this.#gap = true;
  }
  fail(...failures: Error[]): void {
    this.#failures = failures;
    this.#wake?.();
  }
  async client(topics: readonly string[], lastPosition?: string) {
    const made = clientOf(topics);
    await this.hub.begin();
    this.hub.join(made.client, lastPosition);
    return made;
  }
  /** Waits until the client has something new to read, and reads it. */
  async heard({ outlet }: Awaited<ReturnType<Stage["client"]>>): Promise<string[]> {
    await until(() => outlet.text.includes("data:"), { what: "an event" });
    return outlet.take();
  }
  close(): void {
    this.hub.stop();
    this.fail(new Error("closed"));
  }
}

describe("live: the hub", () => {
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(() => stage.close());

  it("tells the first change at once, and the last of many a quarter of a second later", async () => {
    const client = await stage.client(["tasks:etl~1"]);
    assert.deepEqual(client.outlet.take(), ["ready"]);
    stage.now = 10_000;
    stage.happen(task("load", "queued"));
    assert.deepEqual(await stage.heard(client), ["task load queued"]);
    assert.equal(stage.now, 10_250, "not read again sooner");
    stage.happen(task("load", "running"), task("other", "queued"), task("load", "success"));
    assert.deepEqual(await stage.heard(client), ["task other queued", "task load success"]);
    stage.happen(task("load", "none"));
    assert.deepEqual(await stage.heard(client), ["task load none"]);
    assert.deepEqual(stage.pauses.filter(Boolean), [250, 250, 250]);
  });

  it("goes on where a client was cut off", async () => {
    stage.happen(run("etl~1"), task("load", "queued"));
    const before = await stage.client(["runs", "tasks:etl~1"]);
    const { lastId } = before.outlet;
    stage.hub.leave(before.client);
    stage.happen(task("load", "running"), run("ml~1"), task("load", "success"));
    const watcher = await stage.client(["runs"]);
    watcher.outlet.take();
    await stage.heard(watcher);

    const table: [topics: string[], position: string | undefined, heard: string[]][] = [
      [["runs", "tasks:etl~1"], lastId, ["run ml~1 running", "task load success"]],
      [["runs"], lastId, ["run ml~1 running"]],
      [["pools"], lastId, []],
      [["runs"], "5-0", []],
      [["runs"], "0-1", ["resync"]],
      [["runs"], "77-0", ["resync"]],
      [["runs"], undefined, ["ready"]],
    ];
    for (const [topics, position, heard] of table) {
      const { outlet } = await stage.client(topics, position);
      assert.equal(outlet.lastId, "5-0", "wherever it was, it is here now");
      assert.deepEqual(outlet.take(), heard, `${topics} from ${position}`);
    }
  });

  it("tells everybody to read again when something was lost", async () => {
    const clients = [await stage.client(["runs"]), await stage.client(["pools"])];
    for (const { outlet } of clients) outlet.take();
    stage.loseSome();
    stage.happen(run("etl~1"));
    for (const client of clients) assert.deepEqual(await stage.heard(client), ["resync"]);
  });

  it("pulses everybody with the position, however much happens", async () => {
    const client = await stage.client(["pools"]);
    client.outlet.take();
    stage.now += 15_000;
    stage.happen(run("etl~1"));
    await until(() => client.outlet.text !== "", { what: "a pulse" });
    assert.equal(client.outlet.text, ": alive\nid: 1-0\n\n");
    assert.equal(stage.noticed, 1);
  });

  it("says that it cannot begin without Redis, and begins when it is there", async () => {
    stage.fail(new Error("away"));
    await assert.rejects(stage.hub.begin(), /away/);
    assert.equal((await stage.client(["runs"])).outlet.take()[0], "ready");
  });

  it("outlasts a Redis that goes away", async () => {
    const client = await stage.client(["runs"]);
    client.outlet.take();
    stage.fail(new Error("away"), new Error("still away"));
    await until(() => stage.errors.length === 2, { what: "both errors" });
    stage.happen(run("etl~1"));
    assert.deepEqual(await stage.heard(client), ["run etl~1 running"]);
  });

  it("lets everybody go when it stops", async () => {
    const clients = [await stage.client(["runs"]), await stage.client(["pools"])];
    stage.hub.stop();
    assert.deepEqual(
      clients.map(({ outlet }) => outlet.ended),
      ["end", "end"],
    );
  });
});
