import type { RunDetailReply } from "#contract/run.ts";
import type { Context } from "../frame/context.ts";
import { EXIT, type ExitCode } from "../frame/exit-code.ts";
import { flag, parsed } from "../frame/option.ts";
import { durationMs } from "../input/parse-number.ts";
import { paint } from "../output/colours.ts";
import { LiveView } from "../output/live-view.ts";
import { renderRunTree } from "../output/run-tree.ts";
import { stateColour } from "../output/task-mark.ts";
import type { ApiClient } from "./api-client.ts";
import { RunLogs } from "./run-logs.ts";
import { type WatchOptions, watchRun } from "./watch-run.ts";

/** Of whatever starts work. */
export const FINISH_OPTIONS = {
  watch: flag("-w, --watch", "draw the run until it has ended; exits with 1 when it did not succeed"),
  wait: flag("--wait", "wait until the run has ended, as --watch, without a picture"),
  log: flag("--log", "write the logs of its tasks while they come, and wait for the end"),
  timeout: parsed("--timeout <duration>", "stop waiting after this long, with exit code 124", durationMs),
} as const;

interface FinishOptions {
  watch?: boolean;
  wait?: boolean;
  log?: boolean;
  timeout?: number | undefined;
}

/** Follows the run as the options ask; without one of them it is left alone. @returns 1 when it ended otherwise than with success */
export async function finishRun(
  context: Context,
  api: ApiClient,
  runId: string,
  options: FinishOptions,
  actId?: string,
): Promise<ExitCode> {
  if (!options.watch && !options.wait && !options.log) return EXIT.ok;
  const { signal, io } = context;
  const watching: WatchOptions = { signal, timeoutMs: options.timeout, actId, say: line => io.say(line) };
  const way = options.log ? withLogs : options.watch ? withPicture : withoutPicture;
  const run = await way(context, api, runId, watching);
  return run.state === "success" ? EXIT.ok : EXIT.failed;
}

async function withoutPicture({ io }: Context, api: ApiClient, runId: string, options: WatchOptions): Promise<RunDetailReply> {
  const run = await watchRun(api, runId, options);
  io.say(`${run.id}  ${run.state}`);
  return run;
}

/** On a terminal a tree that changes in its place; elsewhere a line for each change, and the tree at the end. */
async function withPicture(context: Context, api: ApiClient, runId: string, options: WatchOptions): Promise<RunDetailReply> {
  const { io, now } = context;
  const tree = (run: RunDetailReply) =>
    renderRunTree(run, {
      now: now(),
      maxRows: io.isTerminal ? Math.min(40, Math.max(5, io.size().rows - 3)) : 40,
      colours: io.colours,
    });
  if (io.isTerminal) {
    const view = new LiveView(io);
    return watchRun(api, runId, { ...options, onChange: run => view.draw(tree(run)) });
  }
  const seen = new Map<string, string>();
  const run = await watchRun(api, runId, { ...options, onChange: async run => io.out(changes(run, seen)) });
  await io.out(`${tree(run).join("\n")}\n`);
  return run;
}

/** The tasks that are in another state than at the last look, one line each. */
function changes({ tasks }: RunDetailReply, seen: Map<string, string>): string {
  const moved = tasks.filter(({ id, state, try: tryNumber }) => {
    const now = `${state} ${tryNumber}`;
    const isNew = seen.get(id) !== now && !(seen.get(id) === undefined && state === "none");
    seen.set(id, now);
    return isNew;
  });
  return moved.map(({ id, state, try: tryNumber }) => `${id}  ${state}${tryNumber > 1 ? `  try ${tryNumber}` : ""}\n`).join("");
}

async function withLogs(context: Context, api: ApiClient, runId: string, options: WatchOptions): Promise<RunDetailReply> {
  const { io, signal } = context;
  const logs = new RunLogs(api, { signal, print: prefixed(context) });
  const run = await watchRun(api, runId, { ...options, onChange: seen => logs.update(seen) });
  await logs.ended(run);
  const colour = io.colours ? stateColour(run.state) : undefined;
  io.say(`${run.id}  ${colour === undefined ? run.state : paint(run.state, colour)}`);
  return run;
}

/** Lines with their task's id in front, because several print at once. */
export const prefixed =
  ({ io }: Context) =>
  async (taskId: string, text: string): Promise<void> => {
    const head = io.colours ? paint(`${taskId} |`, "cyan") : `${taskId} |`;
    const lines = text.replace(/\n$/, "").split("\n");
    await io.out(lines.map(line => `${head} ${line}\n`).join(""));
  };
