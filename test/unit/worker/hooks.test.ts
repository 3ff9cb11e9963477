import assert from "node:assert/strict";
import { succeeded } from "#core/outcome.ts";
import { createLogger } from "#runtime/logger.ts";
import type { Plugin } from "#sdk/plugin.ts";
import { Hooks } from "../../../services/worker/plugins/hooks.ts";
import { TryHooks } from "../../../services/worker/plugins/try-hooks.ts";

const KEY = { dagId: "etl", runId: "etl~1", taskId: "load", try: 1, infra: 0 };
const POD = { namespace: "ns", name: "p", uid: "u" };

function hooksOf(plugins: readonly Plugin[], timeoutMs = 50) {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger("test", { level: "warn", write: line => void lines.push(JSON.parse(line)) });
  const hooks = new Hooks({ plugins, log, timeoutMs });
  return { hooks, tryHooks: new TryHooks(hooks, KEY, () => 7), lines };
}

describe("hooks of plugins", () => {
  it("hear of a try in the order of its life, however long one of them takes", async () => {
    const heard: string[] = [];
    const slow: Plugin = {
      name: "slow",
      onPodCreated: async ({ taskId, pod, at }) => {
        await new Promise(resolve => setTimeout(resolve, 20));
        heard.push(`created ${taskId} ${pod.name} ${at}`);
      },
      onPodStarted: () => heard.push("started"),
      onPodEnded: ({ outcome, output }) => heard.push(`ended ${outcome.code} ${JSON.stringify(output)}`),
    };
    const { tryHooks } = hooksOf([slow], 1_000);
    tryHooks.created(POD);
    tryHooks.started(POD);
    tryHooks.started(POD);
    tryHooks.ended({ pod: POD, outcome: succeeded(), output: { rows: 3 }, timeline: {} });
    await tryHooks.settled();
    assert.deepEqual(heard, ["created load p 7", "started", 'ended Completed {"rows":3}']);
  });

  const BROKEN: Readonly<Record<string, (signal: AbortSignal) => unknown>> = {
    throws: () => assert.fail("broken"),
    rejects: () => Promise.reject(new Error("broken")),
    "never answers": () => new Promise(() => undefined),
  };
  for (const [how, hook] of Object.entries(BROKEN)) {
    it(`do no harm when one ${how}: it is logged, and the others are called`, async () => {
      const heard: string[] = [];
      const broken: Plugin = {
        name: "broken",
        onPodCreated: ({ signal }) => hook(signal),
        onPodStarted: () => heard.push("broken started"),
      };
      const well: Plugin = { name: "well", onPodCreated: () => heard.push("well created") };
      const { tryHooks, lines } = hooksOf([broken, well]);
      tryHooks.created(POD);
      tryHooks.started(POD);
      await tryHooks.settled();
      assert.deepEqual(heard, ["well created", "broken started"]);
      assert.partialDeepStrictEqual(lines, [{ event: "plugin.hookFailed", plugin: "broken", hook: "onPodCreated" }]);
    });
  }

  it("are told when their time is up", async () => {
    let aborted = false;
    const patient: Plugin = {
      name: "patient",
      onPodStarted: ({ signal }) =>
        new Promise(() =>
          signal.addEventListener("abort", () => {
            aborted = true;
          }),
        ),
    };
    const { tryHooks } = hooksOf([patient]);
    tryHooks.started(POD);
    await tryHooks.settled();
    assert.ok(aborted);
  });

  it("that fail at every pod do not fill the log", async () => {
    const { hooks, lines } = hooksOf([{ name: "broken", onPodStarted: BROKEN.throws! as Plugin["onPodStarted"] & object }]);
    for (let i = 0; i < 50; i++) await hooks.call("onPodStarted", { ...KEY, pod: POD, at: 0 });
    assert.equal(lines.length, 1);
  });
});
