import assert from "node:assert/strict";
import { followLog, type LogEnd } from "#kube/log-follower.ts";
import { PodReflector } from "#kube/pod-reflector.ts";
import { until } from "../../support/until.ts";
import { ScriptedApi } from "./scripted-api.ts";

describe("LogStreams", () => {
  let api: ScriptedApi;
  let stop: AbortController;

  beforeEach(() => {
    stop = new AbortController();
  });

  afterEach(async () => {
    stop.abort();
    await api.close();
  });

  async function followMany(count: number, h1Only = false) {
    api = await ScriptedApi.start({ h1Only });
    const kube = await api.open();
    const ended = new Set<string>();
    const got = new Map<string, string[]>();
    const { signal } = stop;
    const pods = Array.from({ length: count }, (_, i) => `p${i}`);
    const ends: Promise<LogEnd>[] = pods.map(pod => {
      api.create(pod);
      api.log(pod, "hello");
      const texts: string[] = [];
      got.set(pod, texts);
      const timing = { retryMs: 5, pollMs: 20 };
      const onLine = ({ text }: { text: string }) => void texts.push(text);
      const isTerminated = () => ended.has(pod);
      const end = followLog({ kube, namespace: "ns", pod, container: "main", isTerminated, onLine, signal, timing });
      // A test that fails before it awaits the end must fail for its own reason.
      end.catch(() => undefined);
      return end;
    });
    const end = (pod: string) => {
      api.endLog(pod);
      ended.add(pod);
    };
    return { kube, pods, ends, got, end };
  }

  it("follows 500 logs, watches and asks, over at most 16 connections", async () => {
    const { kube, pods, ends, got, end } = await followMany(500);
    const reflector = new PodReflector({ kube, namespace: "ns" });
    reflector.start(stop.signal);
    await Promise.all([reflector.synced, ...pods.map(pod => kube.getPod("ns", pod))]);
    await until(() => pods.every(pod => api.followers(pod) === 1), { deadlineMs: 10_000, what: "500 followers" });
    assert.ok(api.mostSockets <= 16, `${api.mostSockets} connections`);
    assert.deepEqual({ protocol: kube.stats.logs.protocol, follows: kube.stats.logs.follows }, { protocol: "h2", follows: 500 });
    for (const pod of pods) {
      api.log(pod, "bye");
      end(pod);
    }
    assert.deepEqual(new Set(await Promise.all(ends)), new Set(["complete"]));
    for (const texts of got.values()) assert.deepEqual(texts, ["hello", "bye"]);
    assert.ok(api.mostSockets <= 16, `${api.mostSockets} connections`);
    assert.equal(kube.stats.logs.follows, 0);
  });

  it("leaves a connection that says GOAWAY and goes on over another", async () => {
    const { pods, ends, got, end } = await followMany(3);
    await until(() => pods.every(pod => api.followers(pod) === 1));
    const [session] = [...api.sessions];
    session!.goaway(0);
    api.endFollowers("p0", "reset");
    await until(() => api.followers("p0") === 1);
    assert.equal(api.sessions.size, 2);
    for (const pod of pods) {
      api.log(pod, "bye");
      end(pod);
    }
    assert.deepEqual(await Promise.all(ends), ["complete", "complete", "complete"]);
    for (const texts of got.values()) assert.deepEqual(texts, ["hello", "bye"]);
  });

  it("connects anew when every connection is cut", async () => {
    const { pods, ends, got, end } = await followMany(20);
    await until(() => pods.every(pod => api.followers(pod) === 1));
    for (const socket of api.sockets) socket.destroy();
    await until(() => pods.every(pod => api.followers(pod) === 1));
    for (const pod of pods) {
      api.log(pod, "bye");
      end(pod);
    }
    assert.deepEqual(new Set(await Promise.all(ends)), new Set(["complete"]));
    for (const texts of got.values()) assert.deepEqual(texts, ["hello", "bye"]);
  });

  it("without HTTP/2 follows a few and reads the others from time to time", async () => {
    const { kube, pods, ends, got, end } = await followMany(20, true);
    await until(() => [...got.values()].every(texts => texts.length === 1));
    assert.deepEqual(kube.stats.logs.protocol, "h1");
    for (const pod of pods) api.log(pod, "bye");
    await until(() => [...got.values()].every(texts => texts.length === 2));
    for (const pod of pods) end(pod);
    assert.deepEqual(new Set(await Promise.all(ends)), new Set(["complete"]));
    // One more than the seven for logs: the question whether it speaks HTTP/2.
    assert.ok(api.mostSockets <= 8, `${api.mostSockets} connections`);
  });
});
