import { setTimeout as sleep } from "node:timers/promises";
import type { RunDetailReply, StartRunReply } from "#contract/run.ts";
import { onShutdown } from "#runtime/signals.ts";
import { renderTree } from "./demo-tree.ts";
import { readDevOptions } from "./dev-options.ts";
import { startDevStack } from "./dev-stack.ts";
import { failWith } from "./fail-with.ts";

const DAG = "kubernetes_sample";
/** What the example says: state and number of tries by task. */
const EXPECTED: Readonly<Record<string, { state: string; tries: number }>> = {
  run_this_first: { state: "success", tries: 0 },
  "passing-task": { state: "success", tries: 1 },
  "failing-task": { state: "failed", tries: 2 },
};
const DEADLINE_MS = 120_000;
const LOG_LINES = 5;

const say = (line: string) => console.log(line);

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`GET ${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** A saved DAG file needs a moment to be loaded; after that the first POST is the run. */
async function trigger(api: string): Promise<StartRunReply> {
  for (const until = performance.now() + 10_000; ; await sleep(50)) {
    const response = await fetch(`${api}/dags/${DAG}/runs`, { method: "POST", signal: AbortSignal.timeout(5_000) });
    if (response.ok) return (await response.json()) as StartRunReply;
    if (response.status !== 404 || performance.now() > until)
      throw new Error(`the run was not started: ${response.status} ${await response.text()}`);
  }
}

/** Shows the tree whenever it changes: in place on a terminal, line after line elsewhere. */
async function watch(api: string, runId: string): Promise<RunDetailReply> {
  let shown = "";
  for (const until = performance.now() + DEADLINE_MS; performance.now() < until; await sleep(200)) {
    const run = await get<RunDetailReply>(`${api}/runs/${runId}`);
    const lines = renderTree(run, Date.now());
    const text = process.stdout.isTTY ? lines.join("\n") : lines.join("\n").replace(/ {2}next try in \S+/, "");
    if (text !== shown) {
      if (process.stdout.isTTY && shown) process.stdout.write(`\u001b[${lines.length}F\u001b[0J`);
      say(text);
      shown = text;
    }
    if (["success", "failed", "cancelled"].includes(run.state)) return run;
  }
  throw new Error(`run ${runId} did not end within ${DEADLINE_MS / 1_000} s`);
}

async function report(url: string, run: RunDetailReply): Promise<boolean> {
  let right = true;
  for (const task of run.tasks) {
    const expected = EXPECTED[task.id];
    const ok = task.state === expected?.state && task.tries.length === expected.tries;
    right &&= ok;
    say(
      `\n${ok ? "as expected" : "NOT AS EXPECTED"}: ${task.id} is ${task.state} after ${task.tries.length} ${task.tries.length === 1 ? "try" : "tries"}`,
    );
    for (const { try: number, outcome, links } of task.tries) {
      say(
        `  try ${number}: ${outcome.code}${outcome.exitCode === undefined ? "" : `, exit code ${outcome.exitCode}`}${outcome.message ? `: ${outcome.message}` : ""}`,
      );
      const log = await fetch(`${url}${links.logs}`, { signal: AbortSignal.timeout(5_000) });
      const lines = log.ok ? (await log.text()).trimEnd().split("\n").slice(-LOG_LINES) : [];
      for (const line of lines) if (line) say(`    | ${line}`);
    }
  }
  return right;
}

try {
  const options = readDevOptions(process.argv.slice(2));
  say("Starting Redis, an embedded cluster, scheduler, worker and dashboard ...");
  const stack = await startDevStack({ ...options, dataDir: ".windlass/demo" }, say);
  onShutdown(() => stack.close());
  const api = `${stack.dashboardUrl}/api/v1`;
  const { id } = await trigger(api);
  say(`Run ${id}: ${stack.dashboardUrl}/   Pods: ${stack.pods}\n`);
  const run = await watch(api, id);
  const right = await report(stack.dashboardUrl, run);
  say(right ? "\nThe example ended as it should." : "\nThe example did not end as it should.");
  await stack.close();
  process.exit(right ? 0 : 1);
} catch (error) {
  failWith(error);
}
