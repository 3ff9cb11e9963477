import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Kube, openKube } from "#kube/kube.ts";
import { followLog } from "#kube/log-follower.ts";
import { KEY_ANNOTATION, type PodManifest } from "#kube/manifest.ts";
import { terminatedState } from "#kube/pod.ts";
import { startLocalCluster } from "#localcluster/local-cluster.ts";
import { openFileLogStore } from "#logstore/file-log-store.ts";
import { LogPump } from "../../services/worker/log-pump.ts";
import { until } from "../support/until.ts";
import { round } from "./percentiles.ts";
import { writeKubeconfig } from "./write-kubeconfig.ts";

const LINES = 600_000;
const LINE_BYTES = 100;

/** A log of 60 MB on the embedded cluster (in this process): how fast it is followed, and how fast it is carried into files. */
export async function log() {
  const cluster = await startLocalCluster({ maxLogBytes: 1024 * 1024 * 1024 });
  const kubeconfig = writeKubeconfig(cluster.kubeconfig);
  const dir = mkdtempSync(join(tmpdir(), "windlass-log-bench-"));
  const kube = await openKube({ kubeconfig: kubeconfig.path });
  try {
    await printed(kube);
    const isTerminated = () => true;
    const place = { kube, namespace: "default", pod: "talker", container: "main" };
    const follow = () => followLog({ ...place, isTerminated, signal: new AbortController().signal, onLine: () => undefined });
    const store = openFileLogStore({ dir });
    const ref = { runId: "bench~1", taskId: "log", try: 1 };
    const carry = () => new LogPump({ ...place, store, ref, isTerminated, restarts: () => 0, onError: console.error }).drain();
    return { lines: LINES, followMBs: await speedOf(follow), intoFilesMBs: await speedOf(carry) };
  } finally {
    await kube.close();
    await cluster.close();
    kubeconfig.remove();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** MB of what the container printed in a second; stamps come on top. */
async function speedOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return round((LINES * LINE_BYTES) / 1_000 / (performance.now() - began), 1);
}

async function printed(kube: Kube): Promise<void> {
  const script = `awk 'BEGIN { s = sprintf("%90s", ""); gsub(/ /, "x", s); for (i = 0; i < ${LINES}; i++) printf "%08d %s\\n", i, s }'`;
  const manifest: PodManifest = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "talker", namespace: "default", labels: {}, annotations: { [KEY_ANNOTATION]: "{}" } },
    spec: { restartPolicy: "Never", containers: [{ name: "main", image: "busybox:1.36", command: ["sh", "-c", script] }] },
  };
  await kube.createPod("default", manifest);
  const hasEnded = async () => {
    const pod = await kube.getPod("default", "talker");
    return pod && terminatedState(pod);
  };
  await until(hasEnded, { deadlineMs: 60_000, what: "the end of the container" });
}
