import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openFileLogStore } from "#logstore/file-log-store.ts";
import { serverOf, startCuttingProxy } from "../../support/cutting-proxy.ts";
import { type Fleet, shell } from "../../support/fleet.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";
import { assertNumbered, marksOf, numbered, storedLines, wordsOf } from "./stored-log.ts";

/** A lock short enough for a test: a dead worker's jobs are free after 2 to 3 seconds. */
const SHORT_LOCK = { WINDLASS_LOCK_MS: "2000", WINDLASS_STALLED_MS: "500" };

const CUTS = 50;
const MIB = 1024 * 1024;

const busybox = (name: string, script: string) => ({ name, image: "busybox:1.36", command: ["sh", "-c", script] });

/** The most memory that a process had so far. */
const peakBytesOf = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;

const sizeOf = async (fleet: Fleet, runId: string, taskId: string): Promise<number> =>
  (await openFileLogStore({ dir: fleet.logsDir }).list(runId, taskId))[0]?.sizeBytes ?? 0;

/** What has to hold of logs on every cluster. */
/** @param rotationMs how long the node may take to see that a file is too long */
export function logsContract(name: string, open: () => Promise<TestCluster>, { rotationMs }: { rotationMs: number }): void {
  describe(`logs on ${name}`, function () {
    this.timeout(90_000);
    it("are kept of every container: init, main, sidecar, and one beside it", () =>
      withFleet(open, async fleet => {
        await Promise.all([fleet.scheduler(), fleet.worker()]);
        const pod = {
          image: "busybox:1.36",
          command: ["sh", "-c", "echo main 1; sleep 2; echo main 2"],
          initContainers: [busybox("prepare", "echo prepared")],
          sidecars: [
            busybox(
              "proxy",
              "exec 2>/dev/null; trap 'echo proxy ends; exit 0' TERM; echo proxy begins; while :; do sleep 0.1; done",
            ),
          ],
          extraContainers: [
            busybox(
              "beside",
              "exec 2>/dev/null; trap 'echo beside ends; exit 0' TERM; echo beside begins; while :; do sleep 0.1; done",
            ),
          ],
          terminationGracePeriodSeconds: 5,
        };
        const run = await fleet.start({ id: "containers", tasks: [{ id: "all", operator: "pod", pod }] });
        assert.equal((await fleet.ended(run, 60_000)).state, "success");
        const expected = {
          prepare: ["prepared"],
          main: ["main 1", "main 2"],
          proxy: ["proxy begins", "proxy ends"],
          beside: ["beside begins", "beside ends"],
        };
        for (const [container, words] of Object.entries(expected))
          assert.deepEqual(wordsOf(await storedLines(fleet, run, "all", { container })), words, container);
      }));

    it("are kept of the containers that the task names, or of none", () =>
      withFleet(open, async fleet => {
        await Promise.all([fleet.scheduler(), fleet.worker()]);
        const pod = {
          image: "busybox:1.36",
          command: ["sh", "-c", "echo main"],
          initContainers: [busybox("prepare", "echo prepared")],
        };
        const tasks = [
          { id: "named", operator: "pod" as const, pod, logs: ["prepare"] },
          { id: "none", operator: "pod" as const, pod, logs: false },
        ];
        const run = await fleet.start({ id: "named", tasks });
        assert.equal((await fleet.ended(run, 60_000)).state, "success");
        assert.deepEqual(wordsOf(await storedLines(fleet, run, "named", { container: "prepare" })), ["prepared"]);
        const gone = async () => (await fleet.kube.listPods(fleet.namespace)).pods.length === 0;
        await until(gone, { deadlineMs: 30_000, what: "the deletion of the pods" });
        const store = openFileLogStore({ dir: fleet.logsDir });
        assert.deepEqual(
          (await store.list(run, "named")).map(({ container }) => container),
          ["prepare"],
        );
        assert.deepEqual(await store.list(run, "none"), []);
      }));

    it(`have every line once across ${CUTS} cuts of the wire`, () =>
      withFleet(open, async (fleet, cluster) => {
        const wire = await startCuttingProxy(serverOf(cluster.kubeconfig));
        await using _wire = { [Symbol.asyncDispose]: () => wire.close() };
        await Promise.all([fleet.scheduler(), fleet.worker({ WINDLASS_KUBE_SERVER: wire.url })]);
        const count = 30_000;
        const run = await fleet.start({ id: "cuts", tasks: [shell("long", numbered(count, 100))] });
        for (let cuts = 0; cuts < CUTS; cuts++) {
          const [size, accepted] = [await sizeOf(fleet, run, "long"), wire.accepted];
          // Something new came through since the last cut, over wires that are new.
          const moved = async () => (await sizeOf(fleet, run, "long")) > size && (cuts === 0 || wire.accepted >= accepted);
          await until(moved, { deadlineMs: 20_000, what: `more of the log after ${cuts} cuts` });
          wire.cut();
        }
        assert.equal((await fleet.ended(run, 90_000)).state, "success");
        const lines = await storedLines(fleet, run, "long");
        assertNumbered(wordsOf(lines), count);
        assert.deepEqual(marksOf(lines), []);
      })).timeout(180_000);

    for (const [signal, env] of [["SIGTERM", {}] as const, ["SIGKILL", SHORT_LOCK] as const]) {
      it(`have every line once when the worker changes twice by ${signal}`, () =>
        withFleet(open, async fleet => {
          await fleet.scheduler();
          const count = 4_000;
          let worker = await fleet.worker(env);
          const run = await fleet.start({ id: "handed-on", tasks: [shell("long", numbered(count))] });
          for (const at of [20_000, 60_000]) {
            await until(async () => (await sizeOf(fleet, run, "long")) > at, {
              deadlineMs: 40_000,
              what: `${at} bytes of the log`,
            });
            const next = await fleet.worker(env);
            await worker.signal(signal);
            worker = next;
          }
          assert.equal((await fleet.ended(run, 90_000)).state, "success");
          const lines = await storedLines(fleet, run, "long");
          assertNumbered(wordsOf(lines), count);
          assert.deepEqual(marksOf(lines), []);
        })).timeout(180_000);
    }

    it("keep a line of 5 MB whole", () =>
      withFleet(open, async fleet => {
        await Promise.all([fleet.scheduler(), fleet.worker()]);
        const script = "echo before; head -c 5000000 /dev/zero | tr '\\0' x; echo; echo after; sleep 1";
        const run = await fleet.start({ id: "long-line", tasks: [shell("long", script)] });
        assert.equal((await fleet.ended(run, 60_000)).state, "success");
        const words = wordsOf(await storedLines(fleet, run, "long"));
        assert.deepEqual(
          words.map(word => word.length),
          [6, 5_000_000, 5],
        );
        assert.ok(/^x+$/.test(words[1]!));
      }));

    it("tell where a container was restarted, and have what it said before", () =>
      withFleet(open, async fleet => {
        await Promise.all([fleet.scheduler(), fleet.worker()]);
        const sidecar = busybox(
          "flaky",
          'echo "begins $(cat /state/n 2>/dev/null || echo 0)"; [ -f /state/n ] && exec sleep 100; echo 1 > /state/n; sleep 1; exit 1',
        );
        const pod = {
          image: "busybox:1.36",
          command: ["sh", "-c", "sleep 6"],
          volumes: [{ name: "state", emptyDir: {} }],
          sidecars: [{ ...sidecar, volumeMounts: [{ name: "state", mountPath: "/state" }] }],
          terminationGracePeriodSeconds: 1,
        };
        const run = await fleet.start({ id: "restarts", tasks: [{ id: "long", operator: "pod", pod }] });
        assert.deepEqual((await fleet.ended(run, 60_000)).tasks.get("long")?.outcome?.code, "Completed");
        const lines = await storedLines(fleet, run, "long", { container: "flaky" });
        assert.deepEqual(
          lines.slice(0, 3).map(({ by, text }) => `${by ?? "flaky"}: ${text}`),
          ["flaky: begins 0", "windlass: container restarted (1)", "flaky: begins 1"],
        );
      }));

    it("say why a try has none: the cluster's events, and what to do", () =>
      withFleet(open, async fleet => {
        await Promise.all([fleet.scheduler(), fleet.worker()]);
        const pod = { image: "no-such-image:1", command: ["true"] };
        const run = await fleet.start({ id: "no-image", tasks: [{ id: "never", operator: "pod", pod }] });
        assert.equal((await fleet.ended(run, 60_000)).state, "failed");
        const lines = await storedLines(fleet, run, "never");
        assert.deepEqual(wordsOf(lines), []);
        const text = marksOf(lines).join("\n");
        assert.match(text, /^event: \S+ Warning Failed: Failed to pull image "no-such-image:1"/m);
        assert.match(text, /^windlass: ErrImagePull/m);
        assert.match(text, /^windlass: what to do: /m);
      }));

    it("of a try that failed end with what happened, where, and what to do", () =>
      withFleet(open, async fleet => {
        await Promise.all([fleet.scheduler(), fleet.worker()]);
        const run = await fleet.start({ id: "exit", tasks: [shell("three", "echo said; exit 3")] });
        assert.equal((await fleet.ended(run, 60_000)).state, "failed");
        const lines = await storedLines(fleet, run, "three");
        assert.deepEqual(wordsOf(lines), ["said"]);
        assert.equal(lines[0]?.text, "said");
        assert.deepEqual(
          marksOf(lines).map(mark => mark.split(":").slice(0, 2).join(":")),
          ["windlass: ExitCode", "windlass: where", "windlass: evidence", "windlass: what to do"],
        );
      }));

    it("mark what was lost when the node rotated the file while nobody read", () =>
      withFleet(open, async fleet => {
        await fleet.scheduler();
        const first = await fleet.worker(SHORT_LOCK);
        // Ten times more than a node keeps readable, and long enough for it to look (every 10 s).
        const script = `${numbered(100)}; sleep 4; seq 101 1500000 | sed 's/^/line /'; sleep ${rotationMs / 1_000}; ${numbered(100).replace("line ", "late ")}`;
        const run = await fleet.start({ id: "rotated", tasks: [shell("long", script)] });
        await until(async () => (await sizeOf(fleet, run, "long")) > 2_000, { deadlineMs: 30_000, what: "the first lines" });
        await first.signal("SIGKILL");
        const seen = await sizeOf(fleet, run, "long");
        const hasEnded = async () => {
          const [pod] = (await fleet.kube.listPods(fleet.namespace)).pods;
          return pod?.status.containerStatuses?.[0]?.state?.terminated;
        };
        await until(hasEnded, { deadlineMs: 60_000, what: "the container's end" });
        await fleet.worker(SHORT_LOCK);
        assert.equal((await fleet.ended(run, 60_000)).state, "success");
        const lines = await storedLines(fleet, run, "long");
        assert.ok(seen < 1 * MIB);
        assert.deepEqual(marksOf(lines), ["windlass: log gap: the file was rotated on the node while the connection was away"]);
        const numbers = wordsOf(lines)
          .filter(word => word.startsWith("line "))
          .map(word => Number(word.slice(5)));
        assert.ok(
          numbers.every((number, index) => index === 0 || number > numbers[index - 1]!),
          "no line twice, and in order",
        );
        assert.deepEqual(wordsOf(lines).at(-1), "late 100");
      })).timeout(180_000);

    it("of 200 MB cost the worker little memory, and keep head and tail", () =>
      withFleet(open, async fleet => {
        const [, worker] = await Promise.all([fleet.scheduler(), fleet.worker()]);
        const idleBytes = peakBytesOf(worker.pid);
        const lines = 2_000_000; // of 100 bytes, and a stamp
        // 10 MB at a time, so that a node can keep up.
        const part =
          'BEGIN { s = sprintf("%86s", ""); gsub(/ /, "x", s); for (i = 1; i <= 100000; i++) printf "line %08d %s\\n", i + from, s }';
        const script = `sleep 3; from=0; while [ $from -lt ${lines} ]; do awk -v from=$from '${part}'; from=$((from + 100000)); sleep 0.5; done; sleep 2`;
        const run = await fleet.start({ id: "much", tasks: [shell("much", script)] });
        assert.equal((await fleet.ended(run, 120_000)).state, "success");
        const stored = await storedLines(fleet, run, "much", { deadlineMs: 60_000 });
        const grownBytes = peakBytesOf(worker.pid) - idleBytes;
        const numbers = wordsOf(stored).map(word => Number(word.slice(5, 13)));
        const marks = marksOf(stored);
        const kept = `${numbers.length} of ${lines} lines kept, ${marks.join("; ")}, +${Math.round(grownBytes / MIB)} MiB`;
        assert.equal(numbers[0], 1, kept);
        assert.equal(new Set(numbers).size, numbers.length, "no line twice");
        assert.ok(
          marks.some(mark => /^windlass: \d+ bytes are left out here/.test(mark)),
          kept,
        );
        // A node that rotates faster than it can send loses lines for everybody; then the end says so.
        assert.ok(numbers.at(-1) === lines || marks.at(-1)?.startsWith("windlass: log gap"), kept);
        assert.ok(grownBytes < 250 * MIB, kept);
      })).timeout(240_000);

    it("go when their run's retention has passed", () =>
      withFleet(open, async fleet => {
        await Promise.all([fleet.scheduler({ WINDLASS_RETENTION_MS: "1000" }), fleet.worker({ WINDLASS_LOG_SWEEP_MS: "200" })]);
        const run = await fleet.start({ id: "short-lived", tasks: [shell("one", "echo here")] });
        assert.equal((await fleet.ended(run, 60_000)).state, "success");
        const store = openFileLogStore({ dir: fleet.logsDir });
        const [expired, gone] = [
          async () => (await fleet.state.runs.getRun(run)) === undefined,
          async () => (await store.list(run, "one")).length === 0,
        ];
        await until(expired, { deadlineMs: 15_000, what: "the end of the run's retention" });
        await until(gone, { deadlineMs: 15_000, what: "the removal of its logs" });
      }));
  });
}
