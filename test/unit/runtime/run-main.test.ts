import assert from "node:assert/strict";
import { WindlassError } from "#core/errors.ts";
import { ConfigError } from "#runtime/config.ts";
import { describeFailure, runMain } from "#runtime/run-main.ts";

describe("runtime/run-main", () => {
  it("describes errors with a code by code, message and next step, others by their stack", () => {
    const table: [unknown, RegExp][] = [
      [new WindlassError("WL_CONFIG", "no port"), /^WL_CONFIG: no port\n {2}Correct the settings the message lists\.$/],
      [new ConfigError(["PORT: is required"]), /^WL_CONFIG: the configuration has 1 mistake:\n {2}PORT: is required$/],
      [new Error("surprise"), /^Error: surprise\n {4}at /],
      [Object.assign(new Error("listen"), { code: "EADDRINUSE" }), /^Error: listen\n {4}at /],
      ["text", /^text$/],
    ];
    for (const [error, expected] of table) assert.match(describeFailure(error), expected);
  });

  it("runs what it is given", async () => {
    let ran = false;
    await runMain(async () => {
      ran = true;
    });
    assert.equal(ran, true);
  });
});
