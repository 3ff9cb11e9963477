import assert from "node:assert/strict";
import { failed } from "#core/outcome.ts";
import type { TaskRun, TryRecord } from "#core/run.ts";
import { fromArchive, toArchive } from "#state/archive/archive.ts";
import type { RunParts } from "#state/archive/run-parts.ts";
import { formatTaskRecord, parseTaskRecord } from "#state/task-record.ts";
import { sampleRun } from "../../../support/sample-run.ts";

const KEY = { runId: "etl~1", dagId: "etl" };
const EMPTY: RunParts = { tasks: {}, tries: {}, outputs: {}, notes: {}, remarks: {}, history: [] };
const TASK: TaskRun = { state: "failed", gen: 1, try: 2, infra: 0, epoch: 3, queuedAt: 10, startedAt: 20, endedAt: 30 };
const OUTCOME = failed("ExitCode", "user", "it ended with exit code 1", 1);
const POD = { namespace: "n", name: "etl-load-2-abc", uid: "u", node: "a" };
const TRY: TryRecord = { try: 2, infra: 0, state: "failed", startedAt: 20, endedAt: 30, worker: "w", pod: POD, outcome: OUTCOME };
const record = (change: Partial<TaskRun> = {}): string =>
  formatTaskRecord({ ...TASK, worker: "w", pod: POD, outcome: OUTCOME, ...change });

/** Texts may have their fields in another order. */
const meaning = ({ tasks, history, ...tables }: RunParts): unknown => ({
  tasks: Object.fromEntries(Object.entries(tasks).map(([id, text]) => [id, parseTaskRecord(text)])),
  history: history.map(text => JSON.parse(text)),
  tables: Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [
      name,
      Object.fromEntries(Object.entries(table).map(([field, text]) => [field, JSON.parse(text)])),
    ]),
  ),
});

const ROWS: readonly [string, Partial<RunParts>][] = [
  ["nothing", {}],
  ["a task that never began", { tasks: { load: record({ state: "upstream_failed", try: 0, epoch: 0 }) } }],
  ["a task that is like its last try", { tasks: { load: record() }, tries: { "load/2.0": JSON.stringify(TRY) } }],
  ["a task that is not", { tasks: { load: record({ endedAt: 31 }) }, tries: { "load/2.0": JSON.stringify(TRY) } }],
  ["a task whose try is unknown", { tasks: { load: record() }, tries: { "load/1.0": JSON.stringify({ ...TRY, try: 1 }) } }],
  [
    "a try without its task, and what its pod said later",
    {
      tries: { "gone/2.0": JSON.stringify({ ...TRY, later: { code: "Evicted", message: "m", at: 40 } }) },
    },
  ],
  [
    "results of every kind",
    {
      tasks: { a: record(), b: record(), c: record(), d: record() },
      outputs: { a: "1", b: '{"rows":1,"at":5}', c: "[]", d: "null", gone: '"="' },
    },
  ],
  [
    "what workers and people wrote",
    {
      tasks: { load: record() },
      notes: { load: JSON.stringify({ phase: "running", pod: POD }), save: JSON.stringify({ pod: "=" }) },
      remarks: { "": '{"text":"known","at":1,"by":"ann"}', load: '{"text":"see #4","at":2,"by":"ann"}' },
    },
  ],
  [
    "a history of tasks that are there and of others",
    {
      tasks: { load: record() },
      history: [
        '{"at":1,"type":"run.created"}',
        '{"at":2,"type":"x","taskId":"load","try":1}',
        '{"at":2,"taskId":"gone","type":"y"}',
      ],
    },
  ],
];

describe("archive", () => {
  for (const [what, parts] of ROWS) {
    it(`gives back ${what}`, async () => {
      const all = { ...EMPTY, ...parts };
      assert.deepEqual(meaning(await fromArchive(KEY, await toArchive(KEY, all))), meaning(all));
    });
  }

  it("gives back a run of 300 pods, in less than 100 bytes a task", async () => {
    const { parts, ...key } = sampleRun(300);
    const archive = await toArchive(key, parts);
    assert.deepEqual(meaning(await fromArchive(key, archive)), meaning(parts));
    assert.ok(archive.length < 300 * 100, `${archive.length / 300} bytes`);
  });

  it("refuses what is no archive", async () => {
    await assert.rejects(fromArchive(KEY, Buffer.from("no archive")));
  });
});
