import assert from "node:assert/strict";
import { afterEndOf, keepsLogOf, notesOf, readAfterEnd } from "#kube/pod-notes.ts";
import { podWith } from "../../fixtures/pods/fixtures.ts";

const podNoted = (annotations: Record<string, string>) => {
  const pod = podWith({});
  return { ...pod, metadata: { ...pod.metadata, annotations } };
};

describe("a task's wishes on its pod", () => {
  for (const wish of [{ onFinish: "keep", keepForMs: 5 }, { onKill: "keep" }, { onFinish: "deleteSucceeded" }] as const) {
    it(`are written and read back: ${JSON.stringify(wish)}`, () => {
      assert.deepEqual(readAfterEnd(podNoted(notesOf(wish))), wish);
      assert.deepEqual(afterEndOf(wish), wish);
    });
  }

  const logs: readonly (readonly [wish: boolean | string[] | undefined, kept: string[]])[] = [
    [undefined, ["main", "proxy"]],
    [true, ["main", "proxy"]],
    [false, []],
    [["proxy"], ["proxy"]],
  ];
  for (const [wish, kept] of logs) {
    it(`say whose logs are kept: ${JSON.stringify(wish)}`, () =>
      assert.deepEqual(["main", "proxy"].filter(keepsLogOf(podNoted(notesOf({ logs: wish })))), kept));
  }

  it("are absent where the task says nothing", () => {
    assert.deepEqual(notesOf({}), {});
    assert.deepEqual(readAfterEnd(podWith({})), {});
  });

  it("count as absent when somebody has spoilt them", () => {
    const spoilt = (text: string) => podNoted({ "windlass.dev/after-end": text, "windlass.dev/logs": text });
    for (const text of ["{", '{"onFinish":"burn"}', "[]"]) {
      assert.deepEqual(readAfterEnd(spoilt(text)), {});
      assert.ok(keepsLogOf(spoilt(text))("main"));
    }
  });
});
