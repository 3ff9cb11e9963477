import assert from "node:assert/strict";
import fc from "fast-check";
import { LogWindow, Replay } from "#kube/log-window.ts";

const stamp = (second: number): string => `${new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString().slice(0, 19)}.000000000Z`;

describe("LogWindow and Replay", () => {
  it("find every new line of a read that begins a second before the last one, once, however often it was cut", () => {
    const file = fc.array(fc.record({ step: fc.integer({ min: 0, max: 1 }), text: fc.constantFrom("a", "b", "c") }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(file, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 }), (steps, cuts) => {
        let second = 0;
        const lines = steps.map(({ step, text }) => {
          second += step;
          return `${stamp(second)} ${text}`;
        });
        const window = new LogWindow();
        const got: string[] = [];
        let written = 0;
        for (const more of [...cuts, lines.length]) {
          written = Math.min(written + more, lines.length);
          const { since = "" } = window;
          const replay = new Replay(window);
          for (const line of lines.slice(0, written)) {
            if (line.slice(0, 19) < since.slice(0, 19)) continue;
            const judged = replay.judge(line);
            assert.notEqual(judged, "after a gap");
            if (judged === "new") got.push(line);
          }
        }
        assert.deepEqual(got, lines);
      }),
    );
  });

  it("tells when nothing of what should come again comes again, unless another file was begun", () => {
    for (const [continues, expected] of [[true, "after a gap"] as const, [false, "new"] as const]) {
      const window = new LogWindow();
      window.add(`${stamp(1)} before`);
      assert.equal(new Replay(window, continues).judge(`${stamp(9)} after`), expected);
    }
  });
});
