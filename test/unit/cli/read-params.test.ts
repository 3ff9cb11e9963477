import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readParams } from "../../../services/cli/input/read-params.ts";
import { playedIo } from "./played-io.ts";

describe("readParams", () => {
  const table: readonly (readonly [pair: string, value: unknown])[] = [
    ["v=text", "text"],
    ["v=5", 5],
    ['v="5"', "5"],
    ["v=true", true],
    ["v=null", null],
    ['v={"a":[1]}', { a: [1] }],
    ["v=a=b", "a=b"],
    ["v=", ""],
    ["v={broken", "{broken"],
  ];
  for (const [pair, value] of table) {
    it(pair, async () => assert.deepEqual(await readParams([pair], undefined, playedIo().io), { v: value }));
  }

  it("lays pairs over standard input", async () => {
    const { io } = playedIo({ stdin: '{"a": 1, "b": 1}' });
    assert.deepEqual(await readParams(["b=2"], "-", io), { a: 1, b: 2 });
  });

  it("reads a file, and refuses one that holds no object", async () => {
    const dir = mkdtempSync(join(tmpdir(), "windlass-params-"));
    try {
      writeFileSync(join(dir, "good.json"), '{"a": 1}');
      writeFileSync(join(dir, "list.json"), "[1]");
      const { io } = playedIo();
      assert.deepEqual(await readParams([], join(dir, "good.json"), io), { a: 1 });
      for (const name of ["list.json", "absent.json"])
        await assert.rejects(readParams([], join(dir, name), io), { code: "WL_CLI_USAGE" });
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  for (const pair of ["v", "=v"])
    it(`refuses '${pair}'`, async () => {
      await assert.rejects(readParams([pair], undefined, playedIo().io), { code: "WL_CLI_USAGE" });
    });
});
