import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startLocalCluster } from "#localcluster/local-cluster.ts";
import { startBenchStack } from "./bench-stack.ts";
import { round } from "./percentiles.ts";
import { writeKubeconfig } from "./write-kubeconfig.ts";

const DAGS = 1_000;
const PER_FILE = 50;
const READY_MS = 120_000;
const SETTLE_MS = 3_000;
const MEASURED_MS = 15_000;

/** A file of DAGs none of which has a tick within the hour: what is left is the waiting. */
function dagFile(first: number, now: Date): string {
  const month = ((now.getUTCMonth() + 6) % 12) + 1;
  return `import { dag } from "windlass";
    const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];
    export default Array.from({ length: ${PER_FILE} }, (_, i) => {
      const n = ${first} + i;
      const schedule = \`\${n % 60} \${n % 24} \${(n % 28) + 1} ${month} *\`;
      return dag("dag-" + n, { schedule, timezone: zones[n % 4] }, d => { d.empty("only"); });
    });`;
}

/** What 1,000 scheduled DAGs in a folder of 1,000 files cost the scheduler while nothing is due: percent of one core. */
export async function rest() {
  const dir = mkdtempSync(join(tmpdir(), "windlass-rest-"));
  const files = DAGS / PER_FILE;
  for (let i = 0; i < files; i++) writeFileSync(join(dir, `dags-${i}.ts`), dagFile(i * PER_FILE, new Date()));
  for (let i = files; i < DAGS; i++) writeFileSync(join(dir, `table-${i}.json`), `{ "table": ${i} }\n`);
  const cluster = await startLocalCluster();
  const kubeconfig = writeKubeconfig(cluster.kubeconfig);
  const stack = await startBenchStack({ KUBECONFIG: kubeconfig.path, WINDLASS_DAGS_DIR: dir });
  try {
    const deadline = performance.now() + READY_MS;
    // Each DAG's past begins with the look that meets it.
    while ((await stack.state.dags.lastTicks()).size < DAGS) {
      if (performance.now() > deadline) throw new Error(`the DAGs were not loaded within ${READY_MS / 1_000} s`);
      await sleep(200);
    }
    await sleep(SETTLE_MS);
    const [cpu, began] = [stack.schedulerCpuMs(), performance.now()];
    await sleep(MEASURED_MS);
    const percent = (100 * (stack.schedulerCpuMs() - cpu)) / (performance.now() - began);
    return { dags: DAGS, files: DAGS, percentOfACore: round(percent, 2) };
  } finally {
    await stack.close();
    await cluster.close();
    kubeconfig.remove();
    rmSync(dir, { recursive: true, force: true });
  }
}
