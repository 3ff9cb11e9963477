import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startBenchStack } from "./bench-stack.ts";

const mode = process.argv[2]!;
const N = Number(process.env.N ?? (mode === "short" || mode === "kwokshort" ? 1000 : 500));
const dir = mkdtempSync(join(tmpdir(), "windlass-z-"));
const pass = Object.fromEntries(Object.entries(process.env).filter(([k]) => /^(UVFLAGS|NODE_COMPILE)/.test(k))) as Record<
  string,
  string
>;
const place = { nodeSelector: { type: "kwok" }, tolerations: [{ key: "kwok.x-k8s.io/node", operator: "Exists" as const }] };
let cluster: any;
let env: Record<string, string>;
if (mode === "short") {
  const kubeconfig = join(dir, "kc");
  cluster = spawn(process.execPath, [join(import.meta.dirname, "../../libs/localcluster/main.ts")], {
    env: {
      PATH: process.env.PATH!,
      WINDLASS_LOCALCLUSTER_PORT: "0",
      WINDLASS_LOCALCLUSTER_KUBECONFIG: kubeconfig,
      WINDLASS_LOCALCLUSTER_DATA: join(dir, "c"),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(cluster.stdout, "data");
  cluster.stdout.resume();
  env = { KUBECONFIG: kubeconfig, WINDLASS_LOGS_DIR: join(dir, "logs") };
} else
  env = {
    KUBECONFIG: process.env.KUBECONFIG!,
    WINDLASS_LOGS_DIR: "off",
    WINDLASS_NAMESPACE: process.env.NS!,
    WINDLASS_INSTANCE: "mem-" + process.pid,
  };
const stack = await startBenchStack({ WINDLASS_CONCURRENCY: process.env.CONC ?? "500", ...env, ...pass });
const idle = stack.workerMemory();
const tasks = Array.from({ length: N }, (_, i) => ({
  id: `t${i}`,
  operator: "pod" as const,
  pod: {
    image: "busybox:1.36",
    command: mode === "short" ? ["sh", "-c", "echo hello"] : ["true"],
    terminationGracePeriodSeconds: 1,
    ...(mode === "short" ? {} : place),
    ...(mode === "kwok" ? { annotations: { "test/run-for": "60s" } } : {}),
  },
}));
const t0 = performance.now();
const ids = await stack.startRuns({ id: "zmem", tasks, maxActiveRuns: 1 } as any, 1);
let held: any;
if (mode === "kwok") {
  for (;;) {
    const run = await stack.state.runs.getRun(ids[0]!);
    const n = [...run!.tasks.values()].filter(t => t.state === "running").length;
    if (n >= N) break;
    if (performance.now() - t0 > 100_000) {
      console.error("only", n);
      break;
    }
    await sleep(300);
  }
  await sleep(12_000);
  held = stack.workerMemory();
}
const [run] = await stack.ended(ids, 200_000);
const bad = [...run!.tasks.values()].filter(t => t.state !== "success").length;
const end = stack.workerMemory();
const r = (m: any) => m && `${m.rssMb.toFixed(0)}/${m.peakMb.toFixed(0)}`;
console.log(
  JSON.stringify({ mode, N, bad, s: ((performance.now() - t0) / 1000).toFixed(1), idle: r(idle), held: r(held), end: r(end) }),
);
await stack.close();
if (cluster) {
  cluster.kill("SIGTERM");
  await once(cluster, "exit");
}
rmSync(dir, { recursive: true, force: true });
