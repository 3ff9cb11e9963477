import assert from "node:assert/strict";
import type { LogLine } from "#logstore/log-line.ts";
import type { LogRef, LogStore, LogWriter } from "#logstore/log-store.ts";
import { createLogger } from "#runtime/logger.ts";
import type { LogLineEvent, Plugin } from "#sdk/plugin.ts";
import { Hooks } from "../../../services/worker/plugins/hooks.ts";
import { tapLines } from "../../../services/worker/plugins/line-tap.ts";
import { until } from "../../support/until.ts";

const REF: LogRef = { runId: "etl~1", taskId: "load", try: 2 };
const TS = "2026-01-01T00:00:00Z";

function tapped(plugins: readonly Plugin[]) {
  const written: string[] = [];
  const logged: Record<string, unknown>[] = [];
  const log = createLogger("test", { level: "warn", write: line => void logged.push(JSON.parse(line)) });
  const writer = { write: ({ text }: LogLine) => written.push(text) > 0, close: async () => undefined } as Partial<LogWriter>;
  const below = { openWriter: async () => writer, list: async () => [] } as unknown as LogStore;
  return { below, store: tapLines(below, new Hooks({ plugins, log }), log), written, logged };
}

describe("tapLines", () => {
  it("leaves the store as it is when no plugin listens", () => {
    const { below, store } = tapped([{ name: "deaf", onPodStarted: () => undefined }]);
    assert.equal(store, below);
  });

  it("tells the containers' lines in their order, not those of the node", async () => {
    const heard: Omit<LogLineEvent, "signal">[] = [];
    const { store, written } = tapped([{ name: "ear", onLogLine: ({ signal: _, ...event }) => heard.push(event) }]);
    const writer = await store.openWriter(REF);
    writer.write({ ts: TS, text: "one" });
    writer.write({ text: "pulling" });
    writer.write({ ts: TS, text: "two" });
    await writer.close();
    await until(() => heard.length === 2);
    assert.deepEqual(written, ["one", "pulling", "two"]);
    assert.deepEqual(heard[0], {
      dagId: "etl",
      runId: "etl~1",
      taskId: "load",
      try: 2,
      infra: 0,
      container: "main",
      ts: TS,
      text: "one",
    });
    assert.equal(heard[1]?.text, "two");
  });

  it("writes the log first and calls the plugin afterwards", async () => {
    const order: string[] = [];
    const { store, written } = tapped([{ name: "ear", onLogLine: ({ text }) => order.push(`${text} after ${written.join()}`) }]);
    (await store.openWriter(REF)).write({ ts: TS, text: "one" });
    await until(() => order.length === 1);
    assert.deepEqual(order, ["one after one"]);
  });

  it("leaves lines out for a plugin that cannot keep up, says so, and holds up nothing", async () => {
    const gate = Promise.withResolvers<void>();
    let heard = 0;
    const slow: Plugin = { name: "slow", onLogLine: () => ++heard && gate.promise };
    const { store, written, logged } = tapped([slow]);
    const writer = await store.openWriter(REF);
    for (let i = 0; i < 5_000; i++) writer.write({ ts: TS, text: String(i) });
    assert.equal(written.length, 5_000);
    gate.resolve();
    await until(() => logged.length === 1);
    assert.partialDeepStrictEqual(logged, [{ event: "plugin.linesLeftOut", plugin: "slow", lines: 5_000 - heard }]);
    assert.ok(heard <= 1_001, `${heard} lines were kept for it`);
  });
});
