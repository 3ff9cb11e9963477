import assert from "node:assert/strict";
import type { TaskState } from "#core/run.ts";
import type { LogInfo } from "#logstore/log-store.ts";
import { logMessages } from "../../../services/dashboard/airflow/log-messages.ts";
import { logsOfTry, nextToken, readToken, startPlace } from "../../../services/dashboard/airflow/log-place.ts";

const log = (infra: number, ended: boolean, more: Partial<LogInfo> = {}): LogInfo => ({
  try: 1,
  infra,
  container: "main",
  sizeBytes: 10,
  ended,
  ...more,
});

describe("Airflow's continuation token", () => {
  const TABLE: readonly [what: string, logs: LogInfo[], state: TaskState, tries: number, token: string | null][] = [
    ["a try that has printed nothing yet", [], "running", 1, "0.10"],
    ["one that prints", [log(0, false)], "running", 1, "0.10"],
    ["one whose log is closed", [log(0, true)], "running", 1, null],
    ["one that was restarted", [log(0, true), log(1, false)], "running", 1, "1.0"],
    ["one that is about to be restarted", [log(0, true)], "restarting", 1, "0.10"],
    ["one that has failed", [log(0, true)], "up_for_retry", 1, null],
    ["one before the last", [log(0, false)], "running", 2, null],
    ["one whose worker has died", [log(0, false)], "failed", 1, null],
  ];
  for (const [what, logs, state, tries, token] of TABLE) {
    it(`of ${what} is ${token}`, () =>
      assert.equal(nextToken({ infra: 0, fromByte: 10 }, logs, 1, { state, try: tries }), token));
  }

  it("is read back, and nothing else is", () => {
    assert.deepEqual(readToken("1.4711"), { infra: 1, fromByte: 4711 });
    for (const token of ["", "1", "1.", "-1.0", "1.0x", "1.1e3"]) assert.equal(readToken(token), undefined);
  });

  it("begins with the last restart of the try's main container", () => {
    const logs = [log(0, true), log(1, true), log(2, true, { container: "proxy" }), log(0, false, { try: 2 })];
    assert.deepEqual(startPlace(logsOfTry(logs, 1)), { infra: 1, fromByte: 0 });
    assert.deepEqual(startPlace([]), { infra: 0, fromByte: 0 });
  });
});

describe("logMessages", () => {
  const TEXT = '2026-01-31T06:00:00.123456789Z grüße\n- windlass: retried\n2026-01-31T06:00:01Z \n2026-01-31T06:00:02Z {"a":1}\n';
  const bytes = Buffer.from(TEXT);

  for (const size of [1, 3, 7, bytes.length]) {
    it(`reads lines out of pieces of ${size} bytes`, async () => {
      const pieces = async function* () {
        for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
      };
      const messages = [];
      for await (const message of logMessages(pieces())) messages.push(message);
      assert.deepEqual(messages, [
        { timestamp: "2026-01-31T06:00:00.123456789Z", event: "grüße" },
        { event: "retried", logger: "windlass" },
        { timestamp: "2026-01-31T06:00:01Z", event: "" },
        { timestamp: "2026-01-31T06:00:02Z", event: '{"a":1}' },
      ]);
    });
  }
});
