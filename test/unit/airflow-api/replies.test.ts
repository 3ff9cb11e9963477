import assert from "node:assert/strict";
import { AirflowDagDetails } from "#contract/airflow/dag.ts";
import { AirflowDagRun } from "#contract/airflow/dag-run.ts";
import { AirflowTaskInstance, AirflowTaskTry } from "#contract/airflow/task-instance.ts";
import { DagSpec, type Schedule } from "#core/dag-spec.ts";
import { failed, succeeded } from "#core/outcome.ts";
import {
  NOT_STARTED,
  newRun,
  type Run,
  type RunState,
  TASK_STATES,
  type TaskRun,
  type TaskState,
  type TryRecord,
} from "#core/run.ts";
import { airflowDagDetails } from "../../../services/dashboard/airflow/replies/dag-reply.ts";
import { airflowRun } from "../../../services/dashboard/airflow/replies/dag-run-reply.ts";
import { dagVersions } from "../../../services/dashboard/airflow/replies/dag-version-reply.ts";
import { airflowTaskInstance, airflowTries } from "../../../services/dashboard/airflow/replies/task-instance-reply.ts";
import { scheduleText } from "../../../services/dashboard/airflow/schedule-text.ts";
import { airflowTaskState, RUN_STATES } from "../../../services/dashboard/airflow/states.ts";
import { taskRows } from "../../../services/dashboard/airflow/task-rows.ts";
import { uuidOf } from "../../../services/dashboard/airflow/uuid-of.ts";

const AT = Date.UTC(2026, 0, 31, 6);
const SPEC = DagSpec.parse({
  id: "etl",
  tasks: [
    { id: "list", operator: "noop" },
    {
      id: "load",
      operator: "noop",
      upstream: ["list"],
      map: { over: [1, 2, 3] },
      retry: { retries: 2 },
      pool: "db",
      priority: 7,
    },
  ],
});
const VERSIONS = dagVersions("etl", [
  { version: "b".repeat(64), publishedAt: AT - 1_000 },
  { version: "a".repeat(64), publishedAt: AT - 2_000 },
]);

const runOf = (tasks: Record<string, Partial<TaskRun>> = {}, more: Partial<Run> = {}): Run => ({
  ...newRun({
    id: "etl~manual__x_x3A_y",
    dagId: "etl",
    version: "b".repeat(64),
    trigger: { kind: "api", by: "ada" },
    conf: { day: 1 },
    createdAt: AT,
  }),
  ...more,
  tasks: new Map(Object.entries(tasks).map(([id, task]) => [id, { ...NOT_STARTED, ...task }])),
});
const tryOf = (one: number, infra: number, state: TaskState): TryRecord => ({
  try: one,
  infra,
  state,
  startedAt: AT + one * 10_000 + infra * 1_000,
  endedAt: AT + one * 10_000 + infra * 1_000 + 500,
  outcome: state === "success" ? succeeded() : failed("ExitCode", "user", "exit code 1", 1),
});

describe("Airflow's states", () => {
  const RUNS: Record<RunState, string> = {
    queued: "queued",
    running: "running",
    success: "success",
    failed: "failed",
    cancelled: "failed",
  };
  it("has one for each state of a run", () => assert.deepEqual(RUN_STATES, RUNS));

  const OWN: readonly TaskState[] = ["none", "mapped", "cancelled"];
  it("has a task's under the same name, but for what is Windlass' own", () => {
    for (const state of TASK_STATES.filter(one => !OWN.includes(one))) assert.equal(airflowTaskState({ state }), state);
  });

  const TASKS: readonly [task: Pick<TaskRun, "state" | "startedAt">, state: string | null][] = [
    [{ state: "none" }, null],
    [{ state: "mapped" }, "running"],
    [{ state: "cancelled" }, "skipped"],
    [{ state: "cancelled", startedAt: AT }, "failed"],
  ];
  for (const [task, state] of TASKS) it(`${JSON.stringify(task)} is ${state}`, () => assert.equal(airflowTaskState(task), state));
});

describe("Airflow's replies", () => {
  it("says of a run what Airflow says", () => {
    const run = runOf({}, { state: "cancelled", startedAt: AT + 1_000, endedAt: AT + 3_500, logicalAt: AT });
    const reply = AirflowDagRun.parse(airflowRun(run, { versions: VERSIONS, remark: { text: "late", by: "ada", at: AT } }));
    const { dag_run_id, state, duration, run_type, triggered_by, triggering_user_name, note, logical_date, dag_versions } = reply;
    assert.deepEqual(
      { dag_run_id, state, duration, run_type, triggered_by, triggering_user_name, note, logical_date },
      {
        dag_run_id: "manual__x:y",
        state: "failed",
        duration: 2.5,
        run_type: "manual",
        triggered_by: "rest_api",
        triggering_user_name: "ada",
        note: "late",
        logical_date: "2026-01-31T06:00:00.000Z",
      },
    );
    assert.deepEqual(
      dag_versions.map(one => one.version_number),
      [2],
    );
  });

  it("has every field of a run that knows nothing of itself", () => {
    const reply = airflowRun(runOf(), { versions: new Map() });
    assert.deepEqual(AirflowDagRun.parse(reply), reply);
    assert.deepEqual([reply.start_date, reply.duration, reply.note, reply.dag_versions], [null, null, null, []]);
  });

  it("shows a mapped task as its instances as soon as they are known", () => {
    const ids = (run: Run) => taskRows(run, SPEC).map(({ id, mapIndex }) => [id, mapIndex]);
    assert.deepEqual(ids(runOf()), [
      ["list", -1],
      ["load", -1],
    ]);
    assert.deepEqual(ids(runOf({ load: { state: "mapped", count: 2 } })), [
      ["list", -1],
      ["load@0", 0],
      ["load@1", 1],
    ]);
    assert.deepEqual(ids(runOf({ load: { state: "skipped", count: 0 } })), [
      ["list", -1],
      ["load", -1],
    ]);
  });

  it("knows the tasks of a version that is gone by their records", () => {
    assert.deepEqual(
      taskRows(runOf({ one: { state: "success" } }), undefined).map(({ id, task }) => [id, task.state]),
      [["one", "success"]],
    );
  });

  it("says of an instance what its task says and what its record says", () => {
    const run = runOf({
      load: { state: "mapped", count: 1 },
      "load@0": { state: "failed", try: 5, floor: 3, startedAt: AT, endedAt: AT + 500 },
    });
    const row = taskRows(run, SPEC)[1]!;
    const reply = AirflowTaskInstance.parse(airflowTaskInstance(row, { versions: VERSIONS }));
    const { task_id, map_index, state, try_number, max_tries, pool, priority_weight, queue, duration, note, dag_version } = reply;
    assert.deepEqual([task_id, map_index, state, try_number, max_tries], ["load", 0, "failed", 5, 5]);
    assert.deepEqual(
      [pool, priority_weight, queue, duration, note, dag_version?.version_number],
      ["db", 7, "pods", 0.5, null, 2],
    );
    assert.notEqual(reply.id, airflowTaskInstance({ ...row, id: "load@1" }, { versions: VERSIONS }).id);
  });

  const TRIES: readonly [what: string, task: Partial<TaskRun>, tries: TryRecord[], expected: [number, string | null][]][] = [
    ["not begun", {}, [], [[0, null]]],
    ["in its first try", { state: "running", try: 1 }, [], [[1, "running"]]],
    ["waiting for its second", { state: "up_for_retry", try: 1 }, [tryOf(1, 0, "up_for_retry")], [[1, "up_for_retry"]]],
    [
      "in its second",
      { state: "running", try: 2 },
      [tryOf(1, 0, "up_for_retry")],
      [
        [1, "up_for_retry"],
        [2, "running"],
      ],
    ],
    [
      "ended",
      { state: "failed", try: 2 },
      [tryOf(1, 0, "up_for_retry"), tryOf(2, 0, "failed")],
      [
        [1, "up_for_retry"],
        [2, "failed"],
      ],
    ],
    ["marked", { state: "success", try: 1 }, [tryOf(1, 0, "failed")], [[1, "success"]]],
    [
      "restarted",
      { state: "running", try: 2 },
      [tryOf(1, 0, "restarting"), tryOf(1, 1, "up_for_retry")],
      [
        [1, "up_for_retry"],
        [2, "running"],
      ],
    ],
  ];
  for (const [what, task, tries, expected] of TRIES) {
    it(`lists the tries of a task that is ${what}`, () => {
      const row = taskRows(runOf({ list: task }), SPEC)[0]!;
      const replies = airflowTries(row, { versions: VERSIONS, tries }).map(one => AirflowTaskTry.parse(one));
      assert.deepEqual(
        replies.map(one => [one.try_number, one.state]),
        expected,
      );
    });
  }

  it("says of a DAG what Airflow says", () => {
    const spec = DagSpec.parse({
      ...SPEC,
      params: {
        type: "object",
        properties: { country: { type: "string", default: "DE", description: "Where" }, day: { type: "string" } },
      },
      runTimeoutMs: 90_000,
    });
    const row = {
      id: "etl",
      version: "b".repeat(64),
      file: "etl.ts",
      paused: true,
      publishedAt: AT,
      tags: ["z", "a"],
      timezone: "Europe/Berlin",
      taskCount: 2,
      schedule: { cron: ["0 6 * * *"] },
      stale: true as const,
    };
    const next = { at: AT, dueAt: AT + 5, runId: "", logicalAt: AT, interval: { startAt: AT - 1, endAt: AT } };
    const reply = AirflowDagDetails.parse(
      airflowDagDetails({ row, spec, next }, { version: VERSIONS.get(row.version), activeRuns: 3 }),
    );
    assert.deepEqual(
      reply.tags.map(({ name }) => name),
      ["a", "z"],
    );
    assert.deepEqual(reply.params, {
      country: { value: "DE", description: "Where", schema: { type: "string" } },
      day: { value: null, description: null, schema: { type: "string" } },
    });
    const { is_paused, is_stale, has_import_errors, timetable_summary, is_backfillable, next_dagrun_run_after, dag_run_timeout } =
      reply;
    assert.deepEqual(
      [is_paused, is_stale, has_import_errors, timetable_summary, is_backfillable],
      [true, false, true, "0 6 * * *", true],
    );
    assert.deepEqual([next_dagrun_run_after, dag_run_timeout, reply.active_runs_count], ["2026-01-31T06:00:00.005Z", "PT90S", 3]);
    assert.equal(reply.latest_dag_version?.version_number, 2);
  });

  const SCHEDULES: readonly [schedule: Schedule | undefined, summary: string | null][] = [
    [undefined, null],
    [{ cron: ["0 6 * * *", "0 18 * * *"] }, "0 6 * * *, 0 18 * * *"],
    [{ everyMs: 5_400_000 }, "1h30m"],
    [{ once: true }, "@once"],
    [{ at: [AT, AT + 1] }, "2 dates"],
    [{ assets: "s3://a", cron: ["* * * * *"] }, "Asset"],
    [{ timetable: "lunar" }, "lunar"],
  ];
  for (const [schedule, summary] of SCHEDULES) {
    it(`calls ${JSON.stringify(schedule)} ${summary}`, () => assert.equal(scheduleText(schedule).summary, summary));
  }
});

describe("uuidOf", () => {
  it("is a UUID of version 8, the same for the same names", () => {
    assert.match(uuidOf("a", "b"), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(uuidOf("a", "b"), uuidOf("a", "b"));
    assert.notEqual(uuidOf("a", "b"), uuidOf("ab"));
  });
});
