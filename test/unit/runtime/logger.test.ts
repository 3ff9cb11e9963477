import assert from "node:assert/strict";
import { createLogger, type LoggerOptions } from "#runtime/logger.ts";

const capture = (options: LoggerOptions = {}) => {
  const lines: string[] = [];
  return { lines, log: createLogger("tester", { ...options, write: line => lines.push(line) }) };
};

describe("runtime/logger", () => {
  it("writes one JSON object a line with level, service and ISO time", () => {
    const { lines, log } = capture();
    log.info({ event: "test.happened", runId: "a~1" }, "hello");
    const entry = JSON.parse(lines[0] ?? "");
    assert.deepEqual(
      { ...entry, time: undefined },
      { level: "info", time: undefined, service: "tester", event: "test.happened", runId: "a~1", msg: "hello" },
    );
    assert.match(entry.time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it("hides secrets at the top and one level down", () => {
    const { lines, log } = capture();
    log.info(
      { token: "t0p", settings: { password: "d33p" }, req: { headers: { authorization: "Bearer x9", cookie: "c=1" } } },
      "x",
    );
    assert.doesNotMatch(lines[0] ?? "", /t0p|d33p|x9|c=1/);
    assert.equal(lines[0]?.match(/\[hidden\]/g)?.length, 4);
  });

  it("keeps quiet below its level", () => {
    const { lines, log } = capture({ level: "warn" });
    log.info("no");
    log.warn("yes");
    assert.equal(lines.length, 1);
  });

  it("writes for people when asked: time, level, message, fields, stack", () => {
    const { lines, log } = capture({ pretty: true });
    log.error({ event: "test.broke", err: new Error("ouch") }, "it broke");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are escape sequences
    const plain = (lines[0] ?? "").replace(/\u001b\[\d+m/g, "");
    assert.match(plain, /^\d\d:\d\d:\d\d\.\d{3} ERROR tester {2}it broke {2}event=test\.broke\nError: ouch\n/);
  });
});
