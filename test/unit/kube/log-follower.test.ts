import assert from "node:assert/strict";
import type { Kube } from "#kube/kube.ts";
import { type FollowOptions, followLog, type LogEnd, type LogLine } from "#kube/log-follower.ts";
import { until } from "../../support/until.ts";
import { reset, ScriptedApi, silence, silentStream, status, text } from "./scripted-api.ts";

const TS = "2026-01-01T00:00:00";
const stamp = (second: number, fraction = 0): string =>
  `${new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString().slice(0, 19)}.${String(fraction).padStart(9, "0")}Z`;

for (const h1Only of [false, true]) {
  describe(`followLog over ${h1Only ? "HTTP/1.1" : "HTTP/2"}`, () => {
    let api: ScriptedApi;
    let kube: Kube;
    let stop: AbortController;
    let lines: LogLine[];
    let terminated: boolean;

    beforeEach(async () => {
      api = await ScriptedApi.start({ h1Only });
      kube = await api.open({ requestTimeoutMs: 300 });
      stop = new AbortController();
      lines = [];
      terminated = false;
      api.create("p");
    });

    afterEach(async () => {
      stop.abort();
      await api.close();
    });

    function follow(options: Partial<FollowOptions> = {}): Promise<LogEnd> {
      const end = followLog({
        kube,
        namespace: "ns",
        pod: "p",
        container: "main",
        isTerminated: () => terminated,
        onLine: line => void lines.push(line),
        signal: stop.signal,
        ...options,
        timing: { retryMs: 10, idleMs: 2_000, pollMs: 20, ...options.timing },
      });
      // A test that fails before it awaits the end must fail for its own reason.
      end.catch(() => undefined);
      return end;
    }

    const opened = () => api.count("GET", /\/log$/);
    const following = () => until(() => api.followers("p") === 1, { what: "one follower" });
    const texts = () => lines.map(line => line.text);
    const finish = () => {
      api.endLog("p");
      terminated = true;
    };

    it("costs one request when the container has already ended", async () => {
      api.log("p", "one", stamp(1));
      api.log("p", "two", stamp(2));
      finish();
      assert.equal(await follow(), "complete");
      assert.deepEqual(lines, [
        { ts: stamp(1), text: "one" },
        { ts: stamp(2), text: "two" },
      ]);
      const [request] = api.seen.filter(({ path }) => path.endsWith("/log"));
      assert.deepEqual(
        { opened: opened(), follow: request!.query.has("follow"), http: request!.httpVersion[0] },
        { opened: 1, follow: false, http: h1Only ? "1" : "2" },
      );
    });

    it("delivers lines as they come and closes with a read that began after the end", async () => {
      api.log("p", "first", stamp(1));
      const end = follow();
      await following();
      for (let i = 0; i < 50; i++) api.log("p", `line ${i}`, stamp(2, i));
      await until(() => lines.length === 51);
      api.endFollowers("p", "end");
      // Written between the end of the follow and the last read.
      api.log("p", "late", stamp(3));
      finish();
      assert.equal(await end, "complete");
      assert.deepEqual(texts(), ["first", ...Array.from({ length: 50 }, (_, i) => `line ${i}`), "late"]);
    });

    it("waits without a word while the container is being created", async () => {
      const end = follow();
      await until(() => opened() === 3);
      api.log("p", "hello", stamp(1));
      await until(() => lines.length === 1);
      finish();
      assert.equal(await end, "complete");
      assert.deepEqual(texts(), ["hello"]);
    });

    it("loses and repeats nothing over cuts in the middle of a second", async () => {
      const end = follow();
      const expected: string[] = [];
      api.log("p", "start", stamp(4));
      for (let cut = 0; cut < 4; cut++) {
        await following();
        for (let i = 0; i < 20; i++) {
          expected.push(`${cut}.${i}`);
          api.log("p", `${cut}.${i}`, stamp(5, cut * 100 + i));
        }
        await until(() => lines.length === expected.length + 1);
        api.endFollowers("p", cut % 2 === 0 ? "reset" : "end");
      }
      finish();
      assert.equal(await end, "complete");
      assert.deepEqual(texts(), ["start", ...expected]);
      assert.ok(opened() >= 5);
    });

    it("keeps identical lines with identical stamps, exactly as many", async () => {
      const end = follow();
      for (let i = 0; i < 3; i++) api.log("p", "same", stamp(1, 7));
      await following();
      await until(() => lines.length === 3);
      api.endFollowers("p", "reset");
      for (let i = 0; i < 3; i++) api.log("p", "same", stamp(1, 7));
      await until(() => lines.length === 6);
      finish();
      assert.equal(await end, "complete");
      assert.equal(lines.length, 6);
    });

    it("takes stamps that run backwards between stdout and stderr", async () => {
      const end = follow();
      api.log("p", "out", stamp(10, 500));
      api.log("p", "err", stamp(10, 400));
      for (let cut = 0; cut < 2; cut++) {
        await following();
        await until(() => lines.length === 2 + cut);
        api.endFollowers("p", "reset");
        api.log("p", `older ${cut}`, stamp(9, 900_000_000 + cut));
      }
      finish();
      assert.equal(await end, "complete");
      assert.deepEqual(texts(), ["out", "err", "older 0", "older 1"]);
    });

    it("passes a line of 600 KiB on in bounded pieces, once, whatever cuts it", async () => {
      const long = "ä".repeat(300 * 1024);
      const end = follow();
      api.log("p", "before", stamp(1));
      await following();
      // The first 400 KiB of the line, then a cut: one piece was delivered.
      api.sendToFollowers("p", `${stamp(2)} ${long.slice(0, 200 * 1024)}`);
      await until(() => lines.length === 2);
      api.endFollowers("p", "reset");
      api.log("p", long, stamp(2));
      await until(() => lines.length === 4);
      await following();
      api.endFollowers("p", "end");
      api.log("p", "after", stamp(3));
      finish();
      assert.equal(await end, "complete");
      assert.equal(texts().slice(1, -1).join(""), long);
      assert.deepEqual(
        lines.map(line => line.cont ?? false),
        [false, false, true, true, false],
      );
      for (const { text: piece } of lines) assert.ok(Buffer.byteLength(piece) <= 256 * 1024);
    });

    it("drops half a line of a broken follow and reads it again; keeps it when it is the last word", async () => {
      const end = follow();
      api.log("p", "whole", stamp(1));
      await following();
      api.sendToFollowers("p", `${stamp(2)} ha`);
      await until(() => lines.length === 1);
      api.endFollowers("p", "end");
      await following();
      api.fault("GET", /\/log\?/, 1, text(200, `${stamp(1)} whole\n${stamp(2)} half`));
      finish();
      assert.equal(await end, "complete");
      assert.deepEqual(texts(), ["whole", "half"]);
    });

    it("marks the kubelet's own words and does not repeat them", async () => {
      const refusal = "failed to create fsnotify watcher: too many open files";
      api.fault("GET", /\/log\?/, 2, text(200, refusal));
      api.fault("GET", /\/log\?/, 2, text(200, `${refusal}\n`));
      api.log("p", "mine", stamp(1));
      const end = follow();
      await until(() => lines.length === 2);
      finish();
      assert.equal(await end, "complete");
      assert.deepEqual(lines, [
        { text: refusal, by: "kubelet" },
        { ts: stamp(1), text: "mine" },
      ]);
    });

    it("reads from time to time on a node without watchers left", async () => {
      api.fault("GET", /follow=true/, 3, text(200, "failed to create fsnotify watcher: too many open files\n"));
      api.log("p", "one", stamp(1));
      const end = follow();
      await until(() => texts().includes("one"));
      api.log("p", "two", stamp(2));
      await until(() => texts().includes("two"));
      assert.equal(api.followers("p"), 0);
      finish();
      assert.equal(await end, "complete");
    });

    it("opens a silent follow anew", async () => {
      api.fault("GET", /\/log\?/, 1, silentStream);
      api.log("p", "hello", stamp(1));
      const end = follow({ timing: { idleMs: 50 } });
      await until(() => lines.length === 1);
      finish();
      assert.equal(await end, "complete");
      assert.deepEqual(texts(), ["hello"]);
    });

    it("goes on when the server ends a follow although the container runs", async () => {
      const end = follow();
      api.log("p", "one", stamp(1));
      await following();
      await until(() => lines.length === 1);
      api.endFollowers("p", "end");
      await following();
      api.log("p", "two", stamp(2));
      await until(() => lines.length === 2);
      finish();
      assert.equal(await end, "complete");
    });

    const TROUBLES = {
      "429": text(429, "Too many requests", { "retry-after": "0" }),
      "500": status(500, "InternalError", "dial tcp: connection refused"),
      "a reset": reset,
      silence,
    };
    for (const [what, reply] of Object.entries(TROUBLES)) {
      it(`survives ${what}`, async () => {
        api.fault("GET", /\/log\?/, 2, reply);
        api.log("p", "hello", stamp(1));
        finish();
        assert.equal(await follow(), "complete");
        assert.deepEqual(texts(), ["hello"]);
      });
    }

    it("does not take a reset for the end of the last read", async () => {
      api.fault("GET", /\/log\?/, 1, (_request, response) => {
        response.writeHead(200, { "content-type": "text/plain" });
        response.write(`${stamp(1)} one\n`);
        setImmediate(() => reset(_request, response, new URL("http://server")));
      });
      api.log("p", "one", stamp(1));
      api.log("p", "two", stamp(1, 1));
      finish();
      assert.equal(await follow(), "complete");
      assert.deepEqual(texts(), ["one", "two"]);
    });

    it("says so when the pod is gone", async () => {
      api.remove("p");
      assert.equal(await follow(), "gone");
    });

    it("gives up on a log that cannot be read in time after the end", async () => {
      api.fault("GET", /\/log\?/, 1_000, text(200, "unable to retrieve container logs for containerd://1\n"));
      terminated = true;
      assert.equal(await follow({ timing: { drainMs: 60 } }), "truncated");
      assert.deepEqual(texts(), ["unable to retrieve container logs for containerd://1"]);
    });

    it("marks a gap when the file was rotated while it looked away", async () => {
      const end = follow();
      api.log("p", "one", stamp(1));
      await following();
      await until(() => lines.length === 1);
      api.rotate("p");
      api.log("p", "nine", stamp(9));
      await until(() => lines.length === 2);
      api.rotate("p");
      api.endFollowers("p", "reset");
      api.log("p", "ninety", stamp(90));
      await until(() => texts().includes("ninety"));
      finish();
      assert.equal(await end, "complete");
      assert.deepEqual(texts(), [
        "one",
        "nine",
        "log gap: the file was rotated on the node while the connection was away",
        "ninety",
      ]);
      assert.equal(lines[2]!.by, "windlass");
    });

    it("takes a restart that the watch tells late for no gap", async () => {
      let restarts = 0;
      const end = follow({ restarts: () => restarts });
      api.log("p", "one", stamp(1));
      await following();
      await until(() => lines.length === 1);
      // The new instance's file is there before the watch has said that there is one.
      api.restart("p");
      api.log("p", "two", stamp(9));
      await until(() => opened() === 2);
      restarts = 1;
      await until(() => texts().includes("two"));
      finish();
      assert.equal(await end, "complete");
      assert.deepEqual(texts(), ["one", "container restarted (1)", "two"]);
    });

    it("says that lines may be missing when the file was rotated before its end was read", async () => {
      const end = follow();
      api.log("p", "one", stamp(1));
      await following();
      await until(() => lines.length === 1);
      api.rotate("p");
      finish();
      assert.equal(await end, "complete");
      assert.deepEqual(texts(), [
        "one",
        "log gap: the file was rotated on the node before its end was read; lines may be missing here",
      ]);
    });

    it("takes up another follower's work from its stored lines", async () => {
      for (let i = 0; i < 10; i++) api.log("p", `line ${i}`, stamp(i));
      finish();
      const stored = Array.from({ length: 6 }, (_, i) => ({ ts: stamp(i), text: `line ${i}` }));
      assert.equal(await follow({ from: stored.slice(-2) }), "complete");
      assert.deepEqual(texts(), ["line 6", "line 7", "line 8", "line 9"]);
      assert.match(api.seen.at(-1)!.query.get("sinceTime")!, new RegExp(`^${TS.slice(0, -2)}04Z$`));
    });

    it("waits for a slow listener and keeps order", async () => {
      for (let i = 0; i < 20; i++) api.log("p", `${i}`, stamp(1, i));
      finish();
      let busy = 0;
      const onLine = async (line: LogLine) => {
        assert.equal(++busy, 1);
        await new Promise(resolve => setImmediate(resolve));
        lines.push(line);
        busy--;
      };
      assert.equal(await follow({ onLine }), "complete");
      assert.deepEqual(
        texts(),
        Array.from({ length: 20 }, (_, i) => `${i}`),
      );
    });

    it("ends with the listener's error", async () => {
      api.log("p", "one", stamp(1));
      const full = new Error("the disk is full");
      const onLine = () => {
        throw full;
      };
      await assert.rejects(follow({ onLine }), full);
    });

    it("stops when told", async () => {
      const end = follow();
      api.log("p", "one", stamp(1));
      await following();
      const reason = new Error("drained");
      stop.abort(reason);
      await assert.rejects(end, reason);
      await until(() => api.followers("p") === 0);
    });
  });
}
