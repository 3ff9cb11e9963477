import assert from "node:assert/strict";
import { matchingLines } from "../../../services/cli/output/matching-lines.ts";

describe("matchingLines", () => {
  it("finds whole lines, wherever the pieces are cut", async () => {
    async function* parts() {
      yield* ["one er", "ror\ntwo\nthr", "ee error"];
    }
    const found = [];
    for await (const line of matchingLines(parts(), /error/)) found.push(line);
    assert.deepEqual(found, ["one error\n", "three error\n"]);
  });
});
