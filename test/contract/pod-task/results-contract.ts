import assert from "node:assert/strict";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { shell } from "../../support/fleet.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import { withFleet } from "../../support/with-fleet.ts";

const ROWS = {
  type: "object",
  properties: { rows: { type: "integer", minimum: 0 }, table: { type: "string", default: "orders" } },
  required: ["rows"],
};
const REFERENCE = { $ref: "s3://results/rows.parquet", sha256: "ab".repeat(32), size: 5_000_000 };

/** A task that writes the text as its result. */
const writes = (id: string, text: string, more: Partial<TaskSpecInput> = {}): TaskSpecInput =>
  shell(id, `printf %s '${text}' > "$WINDLASS_RESULT_PATH"`, { result: ROWS, ...more });

/** id, what is written, then the code, the try's state and what is kept. */
const TASKS: readonly (readonly [task: TaskSpecInput, code: string, output?: unknown])[] = [
  [writes("whole", '{"rows": 3, "table": "sales"}'), "Completed", { rows: 3, table: "sales" }],
  [writes("default", '{"rows": 4}'), "Completed", { rows: 4, table: "orders" }],
  [writes("reference", JSON.stringify(REFERENCE)), "Completed", REFERENCE],
  [writes("no-json", "rows: 3"), "ResultInvalid"],
  [writes("wrong-type", '{"rows": "three"}'), "ResultInvalid"],
  [shell("nothing", "true", { result: ROWS }), "ResultMissing"],
  [
    shell("too-large", 'head -c 5000 /dev/zero | tr "\\0" 1 > "$WINDLASS_RESULT_PATH"', { result: { type: "integer" } }),
    "ResultTooLarge",
  ],
  [shell("failed", `printf '{"rows": 1}' > "$WINDLASS_RESULT_PATH"; exit 3`, { result: ROWS }), "ExitCode"],
  // Without the option the file is the program's own affair.
  [shell("not-asked", 'echo "not JSON" > "$WINDLASS_RESULT_PATH"'), "Completed"],
];

/** What tasks hand on, on every cluster. */
export function resultsContract(name: string, open: () => Promise<TestCluster>): void {
  describe(`results of tasks on ${name}`, () => {
    it("are checked by their schema, kept with the run, and never read from a container that failed", () =>
      withFleet(open, async fleet => {
        await Promise.all([fleet.scheduler(), fleet.worker()]);
        const run = await fleet.start({ id: "results", tasks: TASKS.map(([task]) => task) });
        const ended = await fleet.ended(run, 90_000);

        const codes = TASKS.map(([{ id }]) => `${id} ${ended.tasks.get(id)!.outcome!.code}`);
        assert.deepEqual(
          codes,
          TASKS.map(([{ id }, code]) => `${id} ${code}`),
        );
        const outputs = await fleet.state.runs.outputs(run);
        assert.deepEqual(
          Object.fromEntries(outputs),
          Object.fromEntries(TASKS.flatMap(([{ id }, , output]) => (output === undefined ? [] : [[id, output]]))),
        );
        // A result may be a secret as long as it is not one of the run's: messages say what is wrong with it, not what it is.
        const messages = [...ended.tasks.values()].map(({ outcome }) => JSON.stringify(outcome));
        assert.equal(
          messages.find(text => text.includes("three") || text.includes("rows: 3")),
          undefined,
        );
      }));

    it("cost a try when they are wrong", () =>
      withFleet(open, async fleet => {
        await Promise.all([fleet.scheduler(), fleet.worker()]);
        const second = `[ "$WINDLASS_TRY" = 2 ] && printf '{"rows": 2}' > "$WINDLASS_RESULT_PATH"; true`;
        const task = shell("second", second, { result: ROWS, retry: { retries: 1, delayMs: 100 } });
        const run = await fleet.start({ id: "results-retried", tasks: [task] });
        const ended = await fleet.ended(run, 60_000);
        assert.equal(ended.state, "success");
        const tries = await fleet.state.runs.listTries(run);
        assert.deepEqual(
          tries.map(({ outcome }) => outcome.code),
          ["ResultMissing", "Completed"],
        );
        assert.deepEqual((await fleet.state.runs.outputs(run)).get("second"), { rows: 2, table: "orders" });
      }));
  });
}
