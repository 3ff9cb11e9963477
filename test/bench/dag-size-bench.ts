import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDagFile } from "../../services/scheduler/dag-source/dag-loader.ts";
import { round } from "./percentiles.ts";

const TASKS = 100_000;

/** Chains of a hundred pods each, all behind one. */
const FILE = `import { dag } from "windlass";

export default dag("big", {}, d => {
  const first = d.pod("first", { image: "etl:1.4" });
  let before = first;
  for (let i = 1; i < ${TASKS}; i++) {
    const task = d.pod(\`task-\${i}\`, { image: "etl:1.4", args: ["work", String(i)], retries: 2 });
    (i % 100 === 1 ? first : before).before(task);
    before = task;
  }
});
`;

/** A DAG file with 100,000 tasks, from the start of the process that reads it to the checked DAG, and what that process takes at most. */
export async function dagSize(): Promise<object> {
  const dir = mkdtempSync(join(tmpdir(), "windlass-bench-"));
  let peakMiB = 0;
  const watch = setInterval(() => {
    peakMiB = Math.max(peakMiB, ...childrenPeakMiB());
  }, 10);
  try {
    const file = join(dir, "big.ts");
    writeFileSync(file, FILE);
    const start = performance.now();
    const { dags, error } = await loadDagFile(file, dir, AbortSignal.timeout(60_000));
    const loadMs = round(performance.now() - start, 0);
    if (dags[0]?.tasks.length !== TASKS) throw new Error(`the file was not loaded: ${error?.message}`);
    return { tasks: TASKS, loadMs, peakMiB: round(peakMiB, 0) };
  } finally {
    clearInterval(watch);
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The most memory that each child process has had so far, as Linux tells it. */
function childrenPeakMiB(): number[] {
  const threads = `/proc/${process.pid}/task`;
  const pids = readdirSync(threads).flatMap(thread => words(`${threads}/${thread}/children`));
  return pids.map(pid => Number(/VmHWM:\s+(\d+)/.exec(text(`/proc/${pid}/status`))?.[1] ?? 0) / 1_024);
}

const words = (path: string): string[] => text(path).split(" ").filter(Boolean);

/** A process may end while it is looked at. */
function text(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
}
