import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Fleet, shell } from "../../support/fleet.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";

const PLUGINS = join(import.meta.dirname, "../../fixtures/plugins/recorder.ts");
const EXAMPLE = join(import.meta.dirname, "../../../plugins/cost-center.ts");

interface Heard {
  hook: string;
  taskId: string;
  pod?: string;
  code?: string;
  output?: unknown;
  text?: string;
}

/** Runs the test with a worker whose plugin writes down what it hears. */
async function withRecorder(open: () => Promise<TestCluster>, test: (fleet: Fleet, heard: () => Heard[]) => Promise<void>) {
  const dir = mkdtempSync(join(tmpdir(), "windlass-recorder-"));
  const file = join(dir, "heard");
  const heard = (): Heard[] => {
    try {
      return readFileSync(file, "utf8")
        .split("\n")
        .filter(line => line !== "")
        .map(line => JSON.parse(line) as Heard);
    } catch {
      return []; // nothing was heard yet
    }
  };
  try {
    await withFleet(open, async fleet => {
      const files = { RECORDER_FILE: file, COST_FILE: join(dir, "cost.csv") };
      const env = { WINDLASS_PLUGINS: `${PLUGINS},${EXAMPLE}`, WINDLASS_KEEP_SUCCEEDED_MS: "60000", ...files };
      await Promise.all([fleet.scheduler(), fleet.worker(env)]);
      await test(fleet, heard);
      const costs = readFileSync(files.COST_FILE, "utf8").split("\n");
      assert.ok(
        costs.some(row => /^sales,sales_report,well,\d+$/.test(row)),
        "the example plugin did its work",
      );
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** What plugins of the workers hear and change, on every cluster. */
export function pluginsContract(name: string, open: () => Promise<TestCluster>): void {
  describe(`plugins on ${name}`, () => {
    it("hear of every pod's life and lines, change every pod, refuse some, and fail no task", () =>
      withRecorder(open, async (fleet, heard) => {
        const run = await fleet.start({
          id: "sales_report",
          tasks: [
            shell("well", `echo one; echo two; printf '{"rows": 1}' > "$WINDLASS_RESULT_PATH"`, { result: {} }),
            shell("fails", "exit 3"),
            shell("hangs", "true"),
            shell("throws", "true"),
            { id: "refused", operator: "pod", pod: { image: "forbidden.example.com/x:1" }, retry: { retries: 3, delayMs: 0 } },
          ],
        });
        const ended = await fleet.ended(run, 90_000);
        const of = (id: string) => ended.tasks.get(id)!;
        assert.deepEqual(
          ["well", "fails", "hangs", "throws", "refused"].map(
            id => `${id} ${of(id).state} ${of(id).try} ${of(id).outcome?.code}`,
          ),
          [
            "well success 1 Completed",
            "fails failed 1 ExitCode",
            "hangs success 1 Completed",
            "throws success 1 Completed",
            "refused failed 1 WL_PLUGIN",
          ],
        );
        const refusal = JSON.stringify(of("refused").outcome);
        assert.match(refusal, /plugin 'recorder', mutatePod: images of forbidden\.example\.com are not allowed/);

        const live = ["well", "fails", "hangs", "throws"];
        await until(() => heard().filter(({ hook }) => hook === "ended").length === live.length, {
          deadlineMs: 30_000,
          what: "the last hook",
        });
        for (const taskId of live) {
          const events = heard().filter(event => event.taskId === taskId && event.hook !== "line");
          assert.deepEqual(
            events.map(({ hook }) => hook),
            ["created", "started", "ended"],
            taskId,
          );
          assert.deepEqual([...new Set(events.map(({ pod }) => pod))], [of(taskId).pod!.name]);
          assert.equal(events.at(-1)!.code, of(taskId).outcome!.code);
        }
        assert.deepEqual(heard().find(({ hook, taskId }) => hook === "ended" && taskId === "well")!.output, { rows: 1 });
        await until(() => heard().filter(({ hook }) => hook === "line").length === 2, { deadlineMs: 20_000, what: "both lines" });
        assert.deepEqual(
          heard()
            .filter(({ hook }) => hook === "line")
            .map(({ taskId, text }) => `${taskId} ${text}`),
          ["well one", "well two"],
        );

        const pod = await fleet.kube.getPod(fleet.namespace, of("well").pod!.name);
        assert.equal(pod?.metadata.annotations?.["example.com/seen"], "yes");
        assert.equal(pod?.metadata.labels?.["example.com/cost-center"], "sales");
      }));
  });
}
