import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { callSite } from "#sdk/call-site.ts";

const HERE = fileURLToPath(import.meta.url);
const where = (): ReturnType<typeof callSite> => callSite(where);

describe("callSite", () => {
  it("names file and line of the caller", () => {
    const [first, second] = [where(), where()];
    assert.equal(first.file, HERE);
    const next = where();
    assert.deepEqual([second.line, next.line], [first.line, first.line! + 2]);
  });

  it("looks past frames without a file", () => {
    assert.equal([1].map(where)[0]?.file, HERE);
  });

  it("does not mind a DAG file that formats stacks itself, and leaves its settings alone", () => {
    const { prepareStackTrace, stackTraceLimit } = Error;
    const own = () => "mine";
    try {
      Error.prepareStackTrace = own;
      Error.stackTraceLimit = 0;
      assert.equal(where().file, HERE);
      assert.equal(Error.prepareStackTrace, own);
      assert.equal(Error.stackTraceLimit, 0);
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
      Error.stackTraceLimit = stackTraceLimit;
    }
  });

  it("says nothing when the function is not on the stack", () => {
    assert.deepEqual(
      callSite(() => undefined),
      {},
    );
  });
});
