import assert from "node:assert/strict";
import fc from "fast-check";
import { QueueName } from "#core/queue-name.ts";
import { TASK_STATES, type TaskRun } from "#core/run.ts";
import { parseInboxEntry } from "#state/inbox-entry.ts";
import { keysOf } from "#state/keys.ts";
import { formatTaskRecord, parseTaskRecord } from "#state/task-record.ts";

const count = fc.nat();
const at = fc.nat(4_102_444_800_000);
const text = fc.string({ unit: "grapheme" });

const task: fc.Arbitrary<TaskRun> = fc.record(
  {
    state: fc.constantFrom(...TASK_STATES),
    gen: count,
    try: count,
    infra: count,
    epoch: count,
    queuedAt: at,
    startedAt: at,
    endedAt: at,
    retryAt: at,
    worker: text,
    pod: fc.record({ namespace: text, name: text, uid: text }, { noNullPrototype: true }),
    outcome: fc.record(
      {
        result: fc.constant("failed" as const),
        code: text,
        blame: fc.constant("user" as const),
        message: text,
      },
      { noNullPrototype: true },
    ),
  },
  { requiredKeys: ["state", "gen", "try", "infra", "epoch"], noNullPrototype: true },
);

describe("task record", () => {
  it("comes back as it was written", () => {
    fc.assert(fc.property(task, value => assert.deepEqual(parseTaskRecord(formatTaskRecord(value)), value)));
  });

  it("has queuedAt and startedAt first, where beginTry.lua looks for them", () => {
    const record = formatTaskRecord({
      outcome: undefined as never,
      startedAt: 2,
      worker: "w",
      queuedAt: 1,
      state: "running",
      gen: 1,
      try: 2,
      infra: 3,
      epoch: 4,
    });
    assert.equal(record, 'running|1|2|4|3|{"queuedAt":1,"startedAt":2,"worker":"w"}');
  });

  for (const broken of ["", "queued", "queued|1|2|3", "queued|1|2|3|4|", "queued|a|0|0|0|{}", "|1|2|3|4|{}"]) {
    it(`refuses ${JSON.stringify(broken)}`, () => assert.throws(() => parseTaskRecord(broken), SyntaxError));
  }
});

describe("inbox entry", () => {
  it("carries any task record", () => {
    fc.assert(
      fc.property(task, value => {
        const entry = parseInboxEntry(`ended\netl~1\n7\nload\n${formatTaskRecord(value)}`);
        assert.deepEqual(entry, { type: "ended", runId: "etl~1", at: 7, taskId: "load", task: value });
      }),
    );
  });

  for (const broken of ["", "ended", "unknown\netl~1\n7\nload\n{}"]) {
    it(`refuses ${JSON.stringify(broken)}`, () => assert.throws(() => parseInboxEntry(broken), SyntaxError));
  }
});

describe("keys", () => {
  it("all lie in the prefix's slot and differ from each other", () => {
    const keys = Object.values(keysOf("{p}")).map(key => (typeof key === "function" ? key("x") : key));
    assert.ok(keys.every(key => key.startsWith("{p}:")));
    assert.equal(new Set(keys).size, keys.length);
  });

  it("lie under no name that a queue may have", () => {
    const heads = Object.values(keysOf("{p}")).flatMap(key => (typeof key === "function" ? [key("x").split(":")[1]!] : []));
    assert.deepEqual(
      heads.filter(head => QueueName.safeParse(head).success),
      [],
    );
    assert.equal(QueueName.safeParse("gpu").success, true);
  });
});
