import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kube } from "#kube/kube.ts";
import { openFileLogStore } from "#logstore/file-log-store.ts";
import type { LogLine } from "#logstore/log-line.ts";
import type { LogStore, LogWriter } from "#logstore/log-store.ts";
import { LogPump } from "../../../services/worker/log-pump.ts";
import { until } from "../../support/until.ts";
import { ScriptedApi } from "../kube/scripted-api.ts";

const stamp = (second: number, fraction = 0): string =>
  `${new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString().slice(0, 19)}.${String(fraction).padStart(9, "0")}Z`;

describe("LogPump", () => {
  let api: ScriptedApi;
  let kube: Kube;
  let dir: string;
  let terminated: boolean;
  const errors: unknown[] = [];
  const ref = { runId: "a~1", taskId: "t", try: 1 };

  beforeEach(async () => {
    api = await ScriptedApi.start({});
    kube = await api.open({ requestTimeoutMs: 1_000 });
    dir = mkdtempSync(join(tmpdir(), "windlass-pump-"));
    terminated = false;
    errors.length = 0;
    api.create("p");
  });
  afterEach(async () => {
    await api.close();
    rmSync(dir, { recursive: true });
  });

  const pump = (store: LogStore, more: { hasEpilogue?: boolean } = {}) =>
    new LogPump({
      kube,
      store,
      ref,
      namespace: "ns",
      pod: "p",
      container: "main",
      isTerminated: () => terminated,
      restarts: () => 0,
      onError: error => errors.push(error),
      ...more,
    });
  const finish = () => {
    api.endLog("p");
    terminated = true;
  };
  const stored = () => readFileSync(join(dir, "a", "1", "t", "1.0.main.log"), "utf8");
  /** A store whose writers are changed. */
  const changed = (change: (writer: LogWriter) => Partial<LogWriter>): LogStore => {
    const store = openFileLogStore({ dir });
    const openWriter: LogStore["openWriter"] = async of => {
      const writer = await store.openWriter(of);
      const { lastLines, superseded } = writer;
      const write = (line: LogLine) => writer.write(line);
      const [flush, close, leave] = [() => writer.flush(), () => writer.close(), () => writer.leave()];
      return { lastLines, superseded, write, flush, close, leave, ...change(writer) };
    };
    return { ...store, openWriter };
  };

  it("hands the store no line while the store is busy with those before", async () => {
    let busy = 0;
    let most = 0;
    let lines = 0;
    const slow = changed(writer => ({
      write(line) {
        assert.equal(busy, 0, "a line came while the store was busy");
        lines++;
        writer.write(line);
        return lines % 10 !== 0;
      },
      async flush() {
        most = Math.max(most, ++busy);
        await new Promise(resolve => setImmediate(resolve));
        await writer.flush();
        busy--;
      },
    }));
    for (let n = 0; n < 1_000; n++) api.log("p", `${n}`, stamp(1, n));
    finish();
    await pump(slow).drain();
    assert.deepEqual([lines, most], [1_000, 1]);
    assert.equal(stored().split("\n").length, 1_001);
  });

  it("goes on where the store stopped when the store fails, without loss or repetition", async () => {
    let writes = 0;
    const failing = changed(writer => ({
      write(line) {
        if (++writes === 50) throw new Error("the disk is full");
        return writer.write(line);
      },
    }));
    for (let n = 0; n < 100; n++) api.log("p", `${n}`, stamp(1, n));
    finish();
    await pump(failing).drain();
    assert.deepEqual(errors.map(String), ["Error: the disk is full"]);
    const texts = stored()
      .trimEnd()
      .split("\n")
      .map(line => line.split(" ")[1]);
    assert.deepEqual(
      texts,
      Array.from({ length: 100 }, (_, n) => `${n}`),
    );
  });

  it("puts what others say between lines, never into one, and the epilogue behind the last", async () => {
    const carrying = pump(openFileLogStore({ dir }), { hasEpilogue: true });
    api.log("p", "one", stamp(1));
    await until(() => api.followers("p") === 1);
    api.sendToFollowers("p", `${stamp(2)} ${"x".repeat(300_000)}`);
    await until(() => stored().length > 200_000, { what: "the first piece of a long line" });
    carrying.say({ text: "said in the middle", by: "event" });
    api.sendToFollowers("p", "y\n");
    await until(() => stored().includes("said"), { what: "what was said" });
    api.fault("GET", /\/log\?/, 1, (_request, response) => {
      response.writeHead(200).end(`${stamp(2)} ${"x".repeat(300_000)}y\n${stamp(3)} last\n`);
    });
    terminated = true;
    api.endFollowers("p", "end");
    await carrying.drain([{ text: "the end", by: "windlass" }]);
    const lines = stored()
      .split("\n")
      .map(line => line.replace(/^\d\S+ /, "").replace(/x+/, "x…"));
    assert.deepEqual(lines, ["one", "x…y", "- event: said in the middle", "last", "- windlass: the end", ""]);
  });

  it("leaves the log open for the next one when it is told to stop", async () => {
    const store = openFileLogStore({ dir });
    const first = pump(store);
    api.log("p", "one", stamp(1));
    await until(() => api.followers("p") === 1);
    await first.leave();
    assert.deepEqual(
      (await store.list("a~1", "t")).map(({ ended }) => ended),
      [false],
    );
    api.log("p", "two", stamp(1, 1));
    finish();
    await pump(store).drain();
    assert.equal(stored(), `${stamp(1)} one\n${stamp(1, 1)} two\n`);
    assert.deepEqual(
      (await store.list("a~1", "t")).map(({ ended }) => ended),
      [true],
    );
  });

  it("takes its log back from who opened it late and left, like a worker that was paused past its lock", async () => {
    const store = openFileLogStore({ dir });
    const carrying = pump(store);
    api.log("p", "one", stamp(1));
    await until(() => api.followers("p") === 1);
    await until(() => stored().includes("one"), { what: "the first line" });
    await (await store.openWriter(ref)).leave();
    api.log("p", "two", stamp(2));
    await until(() => stored().includes("two"), { what: "the second line" });
    assert.match(errors.map(String).join(), /another writer/);
    finish();
    await carrying.drain();
    assert.equal(stored(), `${stamp(1)} one\n${stamp(2)} two\n`);
  });

  it("ends a log that somebody else opened behind its last line", async () => {
    const store = openFileLogStore({ dir });
    const carrying = pump(store);
    api.log("p", "one", stamp(1));
    await until(() => api.followers("p") === 1);
    await until(() => stored().includes("one"), { what: "the first line" });
    await (await store.openWriter(ref)).leave();
    api.log("p", "two", stamp(2));
    finish();
    await carrying.drain();
    assert.equal(stored(), `${stamp(1)} one\n${stamp(2)} two\n`);
    assert.deepEqual(
      (await store.list("a~1", "t")).map(({ ended }) => ended),
      [true],
    );
  });
});
