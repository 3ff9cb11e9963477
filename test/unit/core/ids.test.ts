import assert from "node:assert/strict";
import fc from "fast-check";
import { compactInstant, jobId, labelValue, podName, runId, scheduledRunId, type TryKey } from "#core/ids.ts";

const KEY: TryKey = {
  dagId: "kubernetes_sample",
  runId: "kubernetes_sample~20260101T000000Z",
  taskId: "passing-task",
  try: 1,
  infra: 0,
};
const DNS_LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$/;

const anyId = fc.stringMatching(/^[A-Za-z0-9_.-]{1,200}$/);

describe("run and job ids", () => {
  it("join their parts with ~", () => {
    assert.equal(runId("a", "b"), "a~b");
    assert.equal(jobId("a~b", "t", 3), "a~b~t~3");
  });

  const instants: readonly (readonly [at: string, text: string])[] = [
    ["2026-01-01T00:00:00.000Z", "20260101T000000Z"],
    ["2026-01-01T00:00:00.250Z", "20260101T000000_250Z"],
    ["1999-12-31T23:59:59.001Z", "19991231T235959_001Z"],
  ];
  for (const [at, text] of instants) {
    it(`write ${at} as ${text}`, () => {
      assert.equal(compactInstant(Date.parse(at)), text);
      assert.equal(scheduledRunId("d", Date.parse(at)), `d~${text}`);
    });
  }

  it("are never what BullMQ refuses: no ':', no number", () => {
    fc.assert(
      fc.property(anyId, anyId, fc.nat(99), (dag, task, gen) => {
        const id = jobId(runId(dag, "r"), task, gen);
        assert.ok(!id.includes(":") && Number.isNaN(Number(id)));
      }),
    );
  });
});

describe("podName", () => {
  const heads: readonly (readonly [head: string, start: string])[] = [
    ["Extract_Orders", "extract-orders-1-"],
    ["übung", "u-bung-1-"],
    ["42", "t-42-1-"],
    ["---", "t-1-"],
    ["日本", "t-1-"],
    ["-a-", "a-1-"],
  ];
  for (const [head, start] of heads) {
    it(`begins with ${start} for '${head}'`, () => {
      const name = podName(KEY, head);
      assert.ok(name.startsWith(start), name);
      assert.match(name, DNS_LABEL);
    });
  }

  it("shows DAG, task and try, and the infra ordinal when there is one", () => {
    assert.match(podName(KEY), /^kubernetes-sample-passing-task-1-[a-z2-7]{10}$/);
    assert.match(podName({ ...KEY, try: 2, infra: 3 }), /^kubernetes-sample-passing-task-2-3-[a-z2-7]{10}$/);
  });

  it("depends on every part of the key, and on where one part ends", () => {
    const names = [
      KEY,
      { ...KEY, dagId: "x" },
      { ...KEY, runId: "x" },
      { ...KEY, taskId: "x" },
      { ...KEY, try: 2 },
      { ...KEY, infra: 1 },
    ].map(key => podName(key, "head"));
    assert.equal(new Set(names).size, names.length);
    assert.notEqual(podName({ ...KEY, dagId: "ab", runId: "c" }, "h"), podName({ ...KEY, dagId: "a", runId: "bc" }, "h"));
  });

  it("is a DNS label, the same every time, for any key", () => {
    const anyKey = fc.record({
      dagId: anyId,
      runId: anyId,
      taskId: anyId,
      try: fc.integer({ min: 1, max: 9_999 }),
      infra: fc.nat(99),
    });
    fc.assert(
      fc.property(anyKey, key => {
        const name = podName(key);
        assert.match(name, DNS_LABEL);
        assert.equal(name, podName({ ...key }));
      }),
      { numRuns: 1_000 },
    );
  });

  it("is different for 20,000 keys with the same head", () => {
    const names = new Set<string>();
    for (let index = 0; index < 20_000; index++)
      names.add(podName({ ...KEY, runId: `r~${index % 2_000}`, taskId: `t${index}`, try: 1 + (index % 3) }, "same"));
    assert.equal(names.size, 20_000);
  });
});

describe("labelValue", () => {
  for (const same of ["a", "kubernetes_sample", "v1.2-x", "x".repeat(63), ""]) {
    it(`leaves '${same.slice(0, 20)}' as it is`, () => assert.equal(labelValue(same), same));
  }

  it("is a label value for any text, and different texts stay different", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 250, unit: "binary" }), fc.string({ maxLength: 250, unit: "binary" }), (a, b) => {
        assert.match(labelValue(a), LABEL_VALUE);
        assert.equal(labelValue(a) === labelValue(b), a === b);
      }),
      { numRuns: 1_000 },
    );
  });
});
