import assert from "node:assert/strict";
import { readConfig } from "#runtime/config.ts";
import { createLogger } from "#runtime/logger.ts";
import { DashboardConfig } from "../../../services/dashboard/config.ts";
import { startDashboard } from "../../../services/dashboard/dashboard.ts";
import { assertNumbered, numbered } from "../../contract/logs/stored-log.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";
import { openEvents, type SseEvent } from "../../support/event-source.ts";
import { shell } from "../../support/fleet.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";
import { type OpenDashboard, openDashboard } from "./open-dashboard.ts";

const CUTS = 50;
/** A lock short enough for a test: a dead worker's jobs are free after 2 to 3 seconds. */
const SHORT_LOCK = { WINDLASS_LOCK_MS: "2000", WINDLASS_STALLED_MS: "500" };

/** What a reader has put together out of the whole events that it got. */
class Reader {
  readonly lines: string[] = [];
  lastId = "";
  hasEnded = false;
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Reads until the connection breaks behind so many bytes, or `enough` says so. */
  async read(cutAfterBytes: number, enough: (reader: { lastId: string; events: readonly SseEvent[] }) => boolean): Promise<void> {
    const headers: Record<string, string> = this.lastId === "" ? {} : { "last-event-id": this.lastId };
    const stream = await openEvents(this.#url, { headers, cutAfterBytes });
    let isOver = false;
    void stream.ended.finally(() => {
      isOver = true;
    });
    await until(() => isOver || enough(stream), { deadlineMs: 60_000, what: "more of the log" });
    stream.close();
    await stream.ended;
    for (const { event, data } of stream.events) {
      if (event === "message") this.lines.push(...data.split("\n"));
      else this.hasEnded = event === "end";
    }
    this.lastId = stream.lastId;
  }
}

describe("dashboard: a followed log", () => {
  let dashboard: OpenDashboard;
  beforeEach(async () => {
    dashboard = await openDashboard();
    await dashboard.publish({ id: "sample", tasks: [{ id: "load", operator: "pod", pod: { image: "a" } }] });
    await dashboard.ask("/api/v1/dags/sample/runs", { method: "POST", body: { runId: "1" } });
  });
  afterEach(() => dashboard.close());

  it(`has every line once across ${CUTS} cuts anywhere, a dashboard's restart, and three writers`, async () => {
    const other = await openDashboard({ WINDLASS_PREFIX: dashboard.redis.prefix, WINDLASS_LOGS_DIR: dashboard.logsDir });
    const ref = { runId: "sample~1", taskId: "load", try: 1 };
    const path = `/api/v1/runs/${ref.runId}/tasks/load/logs?follow=1&timestamps=0`;
    const readers = [dashboard, other].map(({ url }) => new Reader(url + path));
    const [reader, second] = readers as [Reader, Reader];

    let writer = await dashboard.logs.openWriter(ref);
    let written = 0;
    const size = async () => (await dashboard.logs.list(ref.runId, "load"))[0]?.sizeBytes ?? 0;
    for (let cut = 0; cut < CUTS; cut++) {
      for (let n = 0; n < 7; n++)
        writer.write({ ts: `2026-11-24T20:00:00.${String(++written).padStart(9, "0")}Z`, text: `line ${written}` });
      await writer.flush();
      if (cut === 15) {
        const earlier = writer;
        writer = await dashboard.logs.openWriter(ref);
        // Its worker was away and comes back: what it does is nobody's concern any more.
        earlier.write({ ts: "2026-11-24T20:00:00.000000000Z", text: "line 0" });
        await earlier.close();
      }
      if (cut === 35) {
        await writer.leave();
        writer = await dashboard.logs.openWriter(ref);
      }
      const end = String(await size());
      // From within the headers of the stream to behind everything.
      await reader.read(1 + ((cut * 97) % 700), ({ lastId }) => lastId === end);
      // The same reader on the other dashboard goes on where it was.
      if (cut % 10 === 9) {
        second.lastId = reader.lastId;
        await second.read(Number.POSITIVE_INFINITY, ({ lastId }) => lastId === end);
        reader.lines.push(...second.lines.splice(0));
        reader.lastId = second.lastId;
      }
    }
    await writer.close();
    await reader.read(Number.POSITIVE_INFINITY, () => false);
    assert.equal(reader.hasEnded, true);
    assertNumbered(reader.lines, written);
    await other.close();
  }).timeout(60_000);
});

describe("dashboard: a followed pod", () => {
  it(`has every line once across ${CUTS} cuts, a worker that was killed, and its pod's deletion`, () =>
    withFleet(openEmbeddedCluster, async fleet => {
      const config = readConfig(DashboardConfig, {
        REDIS_URL: fleet.redisUrl,
        WINDLASS_PREFIX: fleet.prefix,
        WINDLASS_PORT: "0",
        WINDLASS_LOGS_DIR: fleet.logsDir,
      });
      const dashboard = await startDashboard(config, { log: createLogger("test", { level: "silent" }) });
      await using _dashboard = { [Symbol.asyncDispose]: () => dashboard.close() };
      const [, worker] = await Promise.all([fleet.scheduler(), fleet.worker(SHORT_LOCK)]);
      const count = 3_000;
      const run = await fleet.start({ id: "followed", tasks: [shell("long", numbered(count))] });
      await fleet.taskIn(run, "long", "running");
      const reader = new Reader(`${dashboard.url}/api/v1/runs/${run}/tasks/long/logs?follow=1&timestamps=0`);
      for (let cut = 0; cut < CUTS && !reader.hasEnded; cut++) {
        if (cut === 15) {
          await fleet.worker(SHORT_LOCK);
          await worker.signal("SIGKILL");
        }
        // Two events, or the cut in the middle of one.
        await reader.read(200 + ((cut * 977) % 5_000), ({ events }) => events.length >= 2);
      }
      assert.equal((await fleet.ended(run, 60_000)).state, "success");
      const gone = async () => (await fleet.kube.listPods(fleet.namespace)).pods.length === 0;
      await until(gone, { deadlineMs: 30_000, what: "the deletion of the pod" });
      if (!reader.hasEnded) await reader.read(Number.POSITIVE_INFINITY, () => false);
      assert.equal(reader.hasEnded, true);
      assertNumbered(
        reader.lines.filter(text => text.startsWith("line ")),
        count,
      );
    })).timeout(120_000);
});
