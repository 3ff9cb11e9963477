import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { TryKey } from "#core/ids.ts";
import { PodSpec } from "#core/pod/pod-spec.ts";
import { classify, classifyGone } from "#kube/classify.ts";
import { classifyApiError } from "#kube/classify-api-error.ts";
import { type Kube, type KubeOptions, openKube } from "#kube/kube.ts";
import { KubeError } from "#kube/kube-error.ts";
import { launchPod } from "#kube/launch-pod.ts";
import { followLog, type LogLine } from "#kube/log-follower.ts";
import { INSTANCE_LABEL, type PodManifest, renderPod } from "#kube/manifest.ts";
import { MAIN_CONTAINER, type Pod, terminatedState } from "#kube/pod.ts";
import type { PodChange } from "#kube/pod-listeners.ts";
import { PodReflector } from "#kube/pod-reflector.ts";
import { until } from "../../support/until.ts";

/** A cluster the contract is checked against, and a namespace in it that is empty and ours. */
export interface Cluster {
  options: KubeOptions;
  namespace: string;
  /** Makes old resource versions expire, where that does not happen by itself. */
  forgetHistory?(): void;
  close(): Promise<void>;
}

const DEADLINE = { deadlineMs: 30_000 };

/** What every cluster must do for Windlass. Where a cluster differs from this, it or our picture of Kubernetes is wrong. */
export function kubeContract(name: string, open: () => Promise<Cluster>): void {
  describe(`a cluster, ${name}`, function () {
    this.timeout(60_000);
    const instance = `contract-${randomBytes(4).toString("hex")}`;
    const stop = new AbortController();
    const selector = `${INSTANCE_LABEL}=${instance}`;
    let cluster: Cluster;
    let kube: Kube;
    let namespace: string;
    let reflector: PodReflector;
    let tries = 0;

    before(async () => {
      cluster = await open();
      namespace = cluster.namespace;
      kube = await openKube(cluster.options);
      reflector = new PodReflector({ kube, namespace, labelSelector: selector });
      reflector.start(stop.signal);
      await reflector.synced;
    });

    after(async () => {
      stop.abort();
      await kube?.close();
      await cluster?.close();
    });

    const nextKey = (): TryKey => ({ dagId: "contract", runId: "contract~1", taskId: "t", try: ++tries, infra: 0 });

    function render(pod: Partial<PodSpec>, key = nextKey()): { manifest: PodManifest; key: TryKey; name: string } {
      const spec = PodSpec.parse({ image: "busybox:1.36", terminationGracePeriodSeconds: 1, ...pod });
      const manifest = renderPod({ pod: spec, key, settings: { defaultNamespace: namespace, instance } });
      return { manifest, key, name: manifest.metadata.name };
    }

    const sh = (script: string): Partial<PodSpec> => ({ command: ["sh", "-c", script] });

    /** Creates the pod and tells what became of it. */
    async function launch(
      pod: Partial<PodSpec>,
    ): Promise<{ name: string; uid: string; changes: PodChange[]; latest: () => Pod }> {
      const { manifest, key, name } = render(pod);
      const changes: PodChange[] = [];
      reflector.subscribe(name, change => changes.push(change));
      const launched = await launchPod({ kube, manifest, key, signal: stop.signal });
      assert.equal(launched.how, "created");
      assert.ok("pod" in launched);
      const latest = () => {
        const last = changes.at(-1);
        return (last && ("pod" in last ? last.pod : last.gone)) ?? launched.pod;
      };
      return { name, uid: launched.pod.metadata.uid, changes, latest };
    }

    const reaches = (pod: { latest: () => Pod }, state: string) =>
      until(() => classify(pod.latest()).state === state, { ...DEADLINE, what: `state ${state}` });

    async function endOf(pod: Partial<PodSpec>) {
      const launched = await launch(pod);
      await reaches(launched, "ended");
      return { ...launched, seen: classify(launched.latest()) };
    }

    function readLog(pod: { name: string; latest: () => Pod }, lines: LogLine[]) {
      const isTerminated = () => terminatedState(pod.latest()) !== undefined;
      const onLine = (line: LogLine) => void lines.push(line);
      return followLog({ kube, namespace, pod: pod.name, container: MAIN_CONTAINER, isTerminated, onLine, signal: stop.signal });
    }

    const isKubeError = (check: (error: KubeError) => boolean) => (error: unknown) => {
      assert.ok(error instanceof KubeError, String(error));
      assert.ok(check(error), `${error.status} ${error.reason}: ${error.message}`);
      return true;
    };

    describe("the API", () => {
      it("tells its version", async () => {
        assert.match((await kube.version()).gitVersion, /^v1\.\d+/);
      });

      it("creates a pod with what we sent, and refuses a second one of that name", async () => {
        const { manifest, name } = render(sh("sleep 30"));
        const pod = await kube.createPod(namespace, manifest);
        assert.deepEqual(
          [pod.metadata.name, pod.status.phase, pod.metadata.annotations],
          [name, "Pending", manifest.metadata.annotations],
        );
        await assert.rejects(
          kube.createPod(namespace, manifest),
          isKubeError(error => error.isAlreadyExists && error.message.includes(`"${name}" already exists`)),
        );
        assert.equal(await kube.deletePod(namespace, name, { uid: pod.metadata.uid, graceSeconds: 0 }), "deleted");
      });

      it("refuses a field it does not know", async () => {
        const { manifest } = render({});
        const [main] = manifest.spec.containers;
        const wrong = { ...manifest, spec: { ...manifest.spec, containers: [{ ...main!, imagePullPolcy: "Never" }] } };
        const refused = isKubeError(
          error =>
            error.status === 400 &&
            error.message.includes('strict decoding error: unknown field "spec.containers[0].imagePullPolcy"'),
        );
        await assert.rejects(kube.createPod(namespace, wrong as PodManifest), refused);
      });

      it("refuses a pod without containers, naming the field", async () => {
        const { manifest } = render({});
        const wrong = { ...manifest, spec: { ...manifest.spec, containers: [] } };
        const names = (error: KubeError) => error.details.causes?.some(({ field }) => field === "spec.containers") === true;
        await assert.rejects(
          kube.createPod(namespace, wrong),
          isKubeError(error => error.status === 422 && error.reason === "Invalid" && names(error)),
        );
      });

      it("refuses a namespace that does not exist", async () => {
        const { manifest } = render({ namespace: `${namespace}-absent` });
        const error = await kube.createPod(`${namespace}-absent`, manifest).catch((thrown: unknown) => thrown);
        const verdict = classifyApiError(error);
        assert.ok(verdict.action === "fail", String(error));
        assert.deepEqual(
          [verdict.outcome.code, verdict.outcome.evidence],
          ["NamespaceMissing", `namespaces "${namespace}-absent" not found`],
        );
      });

      it("knows nothing of a pod that is not there", async () => {
        assert.equal(await kube.getPod(namespace, "nobody"), undefined);
        assert.equal(await kube.deletePod(namespace, "nobody", { uid: "none" }), "gone");
      });

      it("deletes only the pod of the uid", async () => {
        const pod = await launch(sh("sleep 30"));
        assert.equal(await kube.deletePod(namespace, pod.name, { uid: "00000000-0000-0000-0000-000000000000" }), "other-uid");
        assert.ok(await kube.getPod(namespace, pod.name));
        assert.equal(await kube.deletePod(namespace, pod.name, { uid: pod.uid, graceSeconds: 0 }), "deleted");
        await until(async () => (await kube.getPod(namespace, pod.name)) === undefined, DEADLINE);
      });

      it("lists by label and by field", async () => {
        const pod = await launch({ ...sh("sleep 30"), labels: { colour: "red" } });
        const names = async (selection: object) =>
          (await kube.listPods(namespace, selection)).pods.map(({ metadata }) => metadata.name);
        assert.deepEqual(await names({ labelSelector: "colour=red" }), [pod.name]);
        assert.deepEqual(await names({ fieldSelector: `metadata.name=${pod.name}` }), [pod.name]);
        assert.deepEqual(await names({ labelSelector: "colour=blue" }), []);
        await kube.deletePod(namespace, pod.name, { uid: pod.uid, graceSeconds: 0 });
      });
    });

    describe("adoption", () => {
      it("finds its own pod again, running or ended", async () => {
        const { manifest, key } = render(sh("exit 0"));
        assert.equal((await launchPod({ kube, manifest, key })).how, "created");
        const again = await launchPod({ kube, manifest, key });
        assert.deepEqual([again.how, "specChanged" in again && again.specChanged], ["adopted", false]);
      });

      it("sees one that is being deleted, then none", async () => {
        const { manifest, key, name } = render({
          ...sh("trap '' TERM; while true; do sleep 0.1; done"),
          terminationGracePeriodSeconds: 3,
        });
        const first = await launchPod({ kube, manifest, key });
        assert.ok(first.how === "created");
        await until(() => reflector.get(name)?.status.phase === "Running", DEADLINE);
        assert.equal(await kube.deletePod(namespace, name, { uid: first.pod.metadata.uid }), "deleted");
        assert.equal((await launchPod({ kube, manifest, key })).how, "terminating");
        await until(async () => (await kube.getPod(namespace, name)) === undefined, DEADLINE);
        assert.equal((await launchPod({ kube, manifest, key })).how, "created");
      });
    });

    describe("a pod's life", () => {
      it("goes from starting over running to its end", async () => {
        const { changes, seen } = await endOf(sh("sleep 3"));
        const states = changes.map(change => ("pod" in change ? classify(change.pod).state : "gone"));
        assert.deepEqual([...new Set(states)], ["starting", "running", "ended"]);
        assert.deepEqual([seen.outcome!.result, seen.code], ["success", "Completed"]);
        assert.ok(seen.startedAt !== undefined && seen.endedAt !== undefined && seen.endedAt >= seen.startedAt);
        assert.notEqual(seen.pod.node, undefined);
      });

      it("ends with its container, before its phase", async () => {
        const { changes } = await endOf(sh("exit 1"));
        const first = changes.find(change => "pod" in change && classify(change.pod).state === "ended");
        assert.ok(first !== undefined && "pod" in first);
        assert.match(first.pod.status.phase!, /^(Pending|Running)$/);
      });

      it("reports the exit code and the last words", async () => {
        const { seen } = await endOf(sh("echo working; echo no rows; exit 3"));
        assert.deepEqual(
          [seen.outcome!.exitCode, seen.outcome!.blame, seen.outcome!.message],
          [3, "user", "the program exited with 3"],
        );
        assert.equal(seen.terminationMessage, "working\nno rows\n");
      });

      it("reports an executable that is not in the image, the way the runtime says it", async () => {
        const { seen } = await endOf({ image: "debian:12-slim", command: ["python", "-c", "print(1)"] });
        assert.deepEqual([seen.code, seen.outcome!.blame, seen.outcome!.exitCode], ["StartError", "user", 128]);
        assert.match(seen.outcome!.evidence!, /exec: "python": executable file not found in \$PATH/);
      });

      it("runs Python where the image has it", async () => {
        const pod = await launch({ image: "python:3.11-slim", command: ["python", "-c", "print('Hello World!')"] });
        const lines: LogLine[] = [];
        await reaches(pod, "ended");
        assert.equal(await readLog(pod, lines), "complete");
        assert.deepEqual(
          lines.map(({ text }) => text),
          ["Hello World!"],
        );
      });

      it("gives the task its variables", async () => {
        const pod = await launch({
          ...sh('echo "$WINDLASS_DAG_ID $WINDLASS_TASK_ID $WINDLASS_TRY $WINDLASS_POD_UID $MINE"'),
          env: { MINE: "yes" },
        });
        const lines: LogLine[] = [];
        await reaches(pod, "ended");
        await readLog(pod, lines);
        assert.deepEqual(
          lines.map(({ text }) => text),
          [`contract t ${tries} ${pod.uid} yes`],
        );
      });

      it("waits in ErrImagePull or ImagePullBackOff for an image that is nowhere", async () => {
        const pod = await launch({ image: "windlass.invalid/nowhere:1" });
        const seen = await until(() => {
          const now = classify(pod.latest());
          return now.code === "ErrImagePull" || now.code === "ImagePullBackOff" ? now : undefined;
        }, DEADLINE);
        assert.deepEqual([seen.state, seen.graceMs], ["starting", 300_000]);
        assert.match(seen.message, /windlass\.invalid\/nowhere:1/);
        await kube.deletePod(namespace, pod.name, { uid: pod.uid, graceSeconds: 0 });
      });

      it("refuses an image name with capitals", async () => {
        const pod = await launch({ image: "Python:3.6" });
        const seen = await until(() => {
          const now = classify(pod.latest());
          return now.code === "InvalidImageName" ? now : undefined;
        }, DEADLINE);
        assert.deepEqual([seen.graceMs, seen.overdue!.blame], [0, "config"]);
        assert.match(seen.message, /Python:3\.6/);
        await kube.deletePod(namespace, pod.name, { uid: pod.uid, graceSeconds: 0 });
      });

      it("waits in CreateContainerConfigError for a secret that is missing", async () => {
        const pod = await launch({ ...sh("true"), env: { PASSWORD: { secret: "absent", key: "password" } } });
        const seen = await until(() => {
          const now = classify(pod.latest());
          return now.code === "CreateContainerConfigError" ? now : undefined;
        }, DEADLINE);
        assert.match(seen.message, /secret "absent" not found/);
        assert.equal(seen.overdue!.blame, "config");
        await kube.deletePod(namespace, pod.name, { uid: pod.uid, graceSeconds: 0 });
      });

      it("notes what happened to a pod as events", async () => {
        const { name } = await endOf(sh("true"));
        const reasons = await until(async () => {
          const events = (await kube.listEvents(namespace, name)).map(({ reason }) => reason);
          return events.includes("Started") ? events : undefined;
        }, DEADLINE);
        assert.ok(reasons.includes("Scheduled"), reasons.join());
      });
    });

    describe("deletion", () => {
      it("has two phases: asked to end, then gone", async () => {
        const pod = await launch({
          ...sh("trap '' TERM; echo ready; while true; do sleep 0.1; done"),
          terminationGracePeriodSeconds: 2,
        });
        await reaches(pod, "running");
        assert.equal(await kube.deletePod(namespace, pod.name, { uid: pod.uid }), "deleted");
        await until(() => pod.changes.some(change => "pod" in change && classify(change.pod).state === "stopping"), DEADLINE);
        const gone = await until(() => pod.changes.find(change => "gone" in change), DEADLINE);
        assert.ok("gone" in gone && !gone.leftSelector);
        assert.equal(classifyGone(gone.gone, { deletedByUs: true }).code, "Cancelled");
        assert.equal(classifyGone(gone.gone).code, "PodDeleted");
        assert.equal(terminatedState(gone.gone!)!.exitCode, 137);
      });

      it("lets a process end in its own way within the grace", async () => {
        const pod = await launch({
          ...sh("trap 'exit 7' TERM; while true; do sleep 0.1; done"),
          terminationGracePeriodSeconds: 10,
        });
        await reaches(pod, "running");
        // The trap must be set before the signal comes; nothing outside the container tells when.
        await until(async () => (await kube.getPod(namespace, pod.name))?.status.phase === "Running", DEADLINE);
        await kube.deletePod(namespace, pod.name, { uid: pod.uid });
        const isEnded = (change: PodChange) => "pod" in change && classify(change.pod).state === "ended";
        const ended = await until(() => pod.changes.find(isEnded), DEADLINE);
        assert.ok("pod" in ended);
        const { outcome } = classify(ended.pod);
        assert.deepEqual([outcome!.code, outcome!.exitCode], ["PodDeleted", 7]);
        assert.equal(classify(ended.pod, { deletedByUs: true }).code, "Cancelled");
      });
    });

    describe("the watch", () => {
      it("takes up where a watch ended", async () => {
        const { resourceVersion } = await kube.listPods(namespace, { labelSelector: selector });
        const { name } = await endOf(sh("true"));
        const abort = new AbortController();
        const query = { labelSelector: selector, resourceVersion, timeoutSeconds: 1 };
        let text = "";
        for await (const chunk of await kube.watchPods(namespace, query, abort)) text += chunk;
        const events = text
          .trim()
          .split("\n")
          .map(line => JSON.parse(line) as { type: string; object: Pod });
        const own = events.filter(({ object }) => object.metadata.name === name);
        assert.equal(own[0]!.type, "ADDED");
        assert.ok(own.slice(1).every(({ type }) => type === "MODIFIED"));
      });

      it("sends no bookmarks to who does not ask", async () => {
        const { resourceVersion } = await kube.listPods(namespace);
        // kube-apiserver sends one 2 s before the end of a watch that may be told.
        const query = { resourceVersion, timeoutSeconds: 3, labelSelector: "no=body" };
        let text = "";
        for await (const chunk of await kube.watchPods(namespace, query, new AbortController())) text += chunk;
        assert.equal(text, "");
      });

      it("says that a version is too old instead of skipping what was missed", async () => {
        cluster.forgetHistory?.();
        const query = { resourceVersion: "1", timeoutSeconds: 1 };
        const read = async () => {
          let text = "";
          for await (const chunk of await kube.watchPods(namespace, query, new AbortController())) text += chunk;
          const { type, object } = JSON.parse(text.split("\n")[0]!) as { type: string; object: { code: number } };
          return type === "ERROR" ? object.code : undefined;
        };
        const code = await read().catch((error: unknown) => error instanceof KubeError && error.status);
        assert.equal(code, 410);
      });
    });

    describe("logs", () => {
      it("are followed from the first line to the last", async () => {
        const pod = await launch(sh("for i in 1 2 3 4 5; do echo line $i; sleep 0.4; done; echo last"));
        await reaches(pod, "running");
        const lines: LogLine[] = [];
        assert.equal(await readLog(pod, lines), "complete");
        assert.deepEqual(
          lines.map(({ text }) => text),
          ["line 1", "line 2", "line 3", "line 4", "line 5", "last"],
        );
        for (const { ts } of lines) assert.match(ts!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
        assert.deepEqual(
          lines.map(({ ts }) => ts),
          lines.map(({ ts }) => ts).toSorted(),
        );
      });

      it("can be taken up from stored lines", async () => {
        const pod = await launch(sh("echo one; sleep 1.2; echo two; sleep 1.2; echo three"));
        await reaches(pod, "ended");
        const all: LogLine[] = [];
        await readLog(pod, all);
        const from = all.slice(0, 2).map(({ ts, text }) => ({ ts: ts!, text }));
        const rest: LogLine[] = [];
        const onLine = (line: LogLine) => void rest.push(line);
        const options = {
          kube,
          namespace,
          pod: pod.name,
          container: MAIN_CONTAINER,
          isTerminated: () => true,
          onLine,
          signal: stop.signal,
        };
        assert.equal(await followLog({ ...options, from }), "complete");
        assert.deepEqual(rest, all.slice(2));
      });

      it("come over HTTP/2", () => {
        assert.equal(kube.stats.logs.protocol, "h2");
      });

      it("are refused with a reason before there is a container", async () => {
        const pod = await launch({ image: "windlass.invalid/nowhere:1" });
        const query = { container: MAIN_CONTAINER, follow: false };
        const refused = isKubeError(
          error => error.status === 400 && /container "main" in pod ".*" is waiting to start/.test(error.message),
        );
        await until(() => pod.latest().spec.nodeName, DEADLINE);
        await assert.rejects(async () => {
          for await (const _ of await kube.readLog(namespace, pod.name, query, new AbortController()))
            assert.fail("there is a log");
        }, refused);
        await kube.deletePod(namespace, pod.name, { uid: pod.uid, graceSeconds: 0 });
      });
    });
  });
}
