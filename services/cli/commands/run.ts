import { randomUUID } from "node:crypto";
import type { RunDetailReply, TaskReply } from "#contract/run.ts";
import { parseLine } from "#logstore/log-line.ts";
import { cancelRun } from "../../dashboard/routes/cancel-run.ts";
import { startPod } from "../../dashboard/routes/start-pod.ts";
import type { ApiClient, CallParts } from "../client/api-client.ts";
import { RunLogs } from "../client/run-logs.ts";
import { watchRun } from "../client/watch-run.ts";
import { many, required } from "../frame/argument.ts";
import { carryOut, DRY_RUN } from "../frame/carry-out.ts";
import { defineCommand } from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import { EXIT, type ExitCode } from "../frame/exit-code.ts";
import { flag, list, parsed, text } from "../frame/option.ts";
import { durationMs, wholeNumber } from "../input/parse-number.ts";
import { splitPair } from "../input/read-params.ts";
import type { Io } from "../output/io.ts";
import { showStarted } from "./show-started.ts";

export const runCommand = defineCommand({
  name: "run",
  summary: "Run a program in a pod without a DAG, write its log, and exit with its exit code.",
  details: "Ctrl-C cancels the run. A pod that could not be started ends with exit code 1.",
  args: { image: required("the image"), command: many("the program and its arguments; without them the image's own") },
  options: {
    env: list("-e, --env <k=v>", "a variable; not for secrets"),
    cpu: text("--cpu <quantity>", "CPU that is requested: 500m"),
    memory: text("--memory <quantity>", "memory that is requested and the most there is: 1Gi"),
    namespace: text("-n, --namespace <name>", "where the pod lives"),
    serviceAccount: text("--service-account <name>", "the pod's service account"),
    asArgs: flag("--args", "the words are arguments of the image's own entry point"),
    retries: parsed("--retries <number>", "failed tries that are repeated", wholeNumber(0)),
    limit: parsed("--time-limit <duration>", "stop the program after this long", durationMs),
    queue: text("--queue <name>", "whose workers run it", { complete: "queue" }),
    pool: text("--pool <name>", "the pool whose slot it takes", { complete: "pool" }),
    detach: flag("-d, --detach", "print the run's id and leave it alone"),
    quiet: flag("-q, --quiet", "only the program's own words"),
    ...DRY_RUN,
  },
  passThrough: true,
  examples: [
    "windlass run busybox:1.36 -- sh -c 'echo hello; exit 3'",
    "windlass run python:3.11-slim --memory 2Gi -- python -m job",
  ],
  async run({ args, options }, context) {
    const api = await context.api();
    // "--" only says where our own options end.
    const words = args.command[0] === "--" ? args.command.slice(1) : args.command;
    const parts = { body: bodyOf(args.image, words, options), headers: { "idempotency-key": randomUUID() } };
    const started = await carryOut(context, api, startPod, parts, options);
    if (started === undefined) return;
    if (options.detach || !options.quiet) await showStarted(context, api, started, { log: !options.detach });
    return options.detach ? EXIT.ok : follow(context, api, started.id, options.quiet);
  },
});

interface PodOptions {
  env: readonly string[];
  cpu: string | undefined;
  memory: string | undefined;
  namespace: string | undefined;
  serviceAccount: string | undefined;
  asArgs: boolean;
  retries: number | undefined;
  limit: number | undefined;
  queue: string | undefined;
  pool: string | undefined;
}

type Body = NonNullable<CallParts<typeof startPod>["body"]>;

function bodyOf(image: string, words: readonly string[], options: PodOptions): Body {
  const { cpu, memory, namespace, serviceAccount, retries, limit, queue, pool } = options;
  const given = {
    env: options.env.length === 0 ? undefined : Object.fromEntries(options.env.map(splitPair)),
    [options.asArgs ? "args" : "command"]: words.length === 0 ? undefined : [...words],
    resources: resourcesOf(cpu, memory),
    namespace,
    serviceAccountName: serviceAccount,
    retries,
    timeout: limit,
    queue,
    pool,
  };
  return { image, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

function resourcesOf(cpu: string | undefined, memory: string | undefined) {
  if (cpu === undefined && memory === undefined) return undefined;
  const limits = memory === undefined ? {} : { limits: { memory } };
  return { requests: { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) }, ...limits };
}

async function follow(context: Context, api: ApiClient, runId: string, quiet: boolean): Promise<ExitCode> {
  const { io, signal } = context;
  const say = (line: string) => (quiet ? undefined : io.say(line));
  const print = (_taskId: string, printed: string) => passLines(printed, quiet, io);
  // With stamps a line of the program cannot be taken for one about it.
  const logs = new RunLogs(api, { signal, timestamps: true, print });
  let phase = "";
  const onChange = (run: RunDetailReply) => {
    logs.update(run);
    const now = phaseOf(run.tasks[0]);
    if (now !== phase && now !== "") say(now);
    phase = now;
  };
  try {
    const run = await watchRun(api, runId, { signal, onChange, say });
    await logs.ended(run);
    return exitCodeOf(run, io.say);
  } catch (error) {
    if (signal.aborted) await cancelBehind(context, runId);
    throw error;
  }
}

/** The program's lines are data; what the cluster and Windlass say about it is talk. */
async function passLines(printed: string, quiet: boolean, io: Io): Promise<void> {
  const lines = printed.replace(/\n$/, "").split("\n").map(parseLine);
  for (const { by, text } of lines) if (by !== undefined && !quiet) io.say(`${by}: ${text}`);
  await io.out(
    lines
      .filter(({ by }) => by === undefined)
      .map(({ text }) => `${text}\n`)
      .join(""),
  );
}

/** What the reader waits for before the program prints. */
function phaseOf(task: TaskReply | undefined): string {
  if (task === undefined || task.state === "running" || task.endedAt !== undefined) {
    const { phase, message } = task?.note ?? {};
    return typeof message === "string" && phase !== "running" ? `${String(phase)}: ${message}` : "";
  }
  return task.state === "none" ? "" : task.state;
}

function exitCodeOf({ tasks, state, id }: RunDetailReply, say: (line: string) => void): ExitCode {
  if (state === "success") return EXIT.ok;
  const outcome = tasks[0]?.outcome;
  // The log has said it already.
  if (outcome?.code === "ExitCode" && outcome.exitCode !== undefined) return outcome.exitCode;
  say(`error: ${id} ${state}${outcome === undefined ? "" : `: ${outcome.message}`}`);
  if (outcome?.advice !== undefined) say(`  ${outcome.advice}`);
  return outcome?.exitCode || EXIT.failed;
}

/** With a client of its own: the other one has been told to stop. */
async function cancelBehind({ io, env, url, profile }: Context, runId: string): Promise<void> {
  const [{ ApiClient }, { chooseServer }] = await Promise.all([
    import("../client/api-client.ts"),
    import("../client/profiles.ts"),
  ]);
  io.say(`cancelling ${runId}`);
  const api = new ApiClient({ ...chooseServer({ env, url, profile }), signal: AbortSignal.timeout(5_000) });
  await api.call(cancelRun, { params: { runId }, body: {} });
}
