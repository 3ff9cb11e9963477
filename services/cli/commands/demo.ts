import { setTimeout as sleep } from "node:timers/promises";
import type { RunDetailReply, StartRunReply, TaskReply } from "#contract/run.ts";
import { showRun } from "../../dashboard/routes/show-run.ts";
import { startRun } from "../../dashboard/routes/start-run.ts";
import { ApiClient } from "../client/api-client.ts";
import { ApiProblem } from "../client/api-problem.ts";
import { finishRun } from "../client/finish-run.ts";
import { readLog } from "../client/follow-log.ts";
import { defineCommand } from "../frame/command.ts";
import { EXIT } from "../frame/exit-code.ts";
import { outcomeText } from "../output/describe-task.ts";
import type { Io } from "../output/io.ts";
import { DEV_OPTIONS } from "./dev.ts";

const DAG = "kubernetes_sample";
/** What the example says: state and number of tries by task. */
const EXPECTED: Readonly<Record<string, { state: string; tries: number }>> = {
  run_this_first: { state: "success", tries: 0 },
  "passing-task": { state: "success", tries: 1 },
  "failing-task": { state: "failed", tries: 2 },
};
const DEADLINE_MS = 120_000;
const LOG_LINES = 5;

export const demoCommand = defineCommand({
  name: "demo",
  summary: "Run the example on this machine, and show that it ends as it must: one task green, one red.",
  args: {},
  options: DEV_OPTIONS,
  async run({ options }, context) {
    const { io, signal } = context;
    const { startDevStack } = await import("../dev-stack.ts");
    const { port, kubeContext, namespace, dags: dagsDir, verbose } = options;
    io.say("Starting Redis, an embedded cluster, scheduler, worker and dashboard ...");
    const where = {
      port,
      kubeContext,
      namespace,
      dagsDir,
      dataDir: ".windlass/demo",
      logLevel: verbose ? "info" : "warn",
    } as const;
    const stack = await startDevStack(where, line => io.say(line));
    try {
      const api = new ApiClient({ url: stack.dashboardUrl, signal });
      const { id: runId } = await trigger(api, signal);
      io.say(`Run ${runId}: ${stack.dashboardUrl}/   Pods: ${stack.pods}\n`);
      await finishRun(context, api, runId, { watch: true, timeout: DEADLINE_MS });
      const right = await report(api, await api.call(showRun, { params: { runId } }), io);
      io.say(right ? "\nThe example ended as it should." : "\nThe example did not end as it should.");
      return right ? EXIT.ok : EXIT.failed;
    } finally {
      await stack.close();
    }
  },
});

/** A saved DAG file needs a moment to be loaded; after that the first request is the run. */
async function trigger(api: ApiClient, signal: AbortSignal): Promise<StartRunReply> {
  for (const until = performance.now() + 10_000; ; await sleep(50, undefined, { signal })) {
    try {
      return await api.call(startRun, { params: { dagId: DAG }, body: {} });
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 404) || performance.now() > until) throw error;
    }
  }
}

async function report(api: ApiClient, run: RunDetailReply, io: Io): Promise<boolean> {
  let right = true;
  for (const task of run.tasks) {
    const expected = EXPECTED[task.id];
    const isExpected = task.state === expected?.state && task.tries.length === expected.tries;
    right &&= isExpected;
    const tries = `${task.tries.length} ${task.tries.length === 1 ? "try" : "tries"}`;
    const lines = [`\n${isExpected ? "as expected" : "NOT AS EXPECTED"}: ${task.id} is ${task.state} after ${tries}`];
    for (const ended of task.tries) lines.push(...(await tryLines(api, run.id, task, ended)));
    await io.out(`${lines.join("\n")}\n`);
  }
  return right;
}

async function tryLines(
  api: ApiClient,
  runId: string,
  { id: taskId }: TaskReply,
  ended: TaskReply["tries"][number],
): Promise<string[]> {
  const { outcome, try: tryNumber } = ended;
  let log = "";
  try {
    for await (const part of readLog(api, { runId, taskId, try: tryNumber }, { tail: LOG_LINES })) log += part;
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error; // nothing was printed
  }
  const printed = log.split("\n").filter(line => line !== "");
  return [
    `  try ${tryNumber}: ${outcomeText(outcome)}${outcome.message ? `: ${outcome.message}` : ""}`,
    ...printed.map(line => `    | ${line}`),
  ];
}
