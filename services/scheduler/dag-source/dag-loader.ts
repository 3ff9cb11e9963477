import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { DagSpec } from "#core/dag-spec.ts";
import { WindlassError } from "#core/errors.ts";
import type { Horizon } from "#core/schedule/horizon.ts";
import { bundleDag, hasFunctions } from "./bundle-dag.ts";
import { childArguments } from "./child-arguments.ts";
import { type LoadError, REPLY_FD, type TickQuestions } from "./load-reply.ts";
import { FORGED, type Replies, readReplies } from "./read-replies.ts";

/** What one DAG file may use up. */
export interface LoadLimits {
  /** From the start of the process to its result. */
  timeoutMs: number;
  /** The child's JavaScript heap. */
  heapBytes: number;
  /** What the child may answer. */
  replyBytes: number;
}

/** Enough for a DAG of 100,000 tasks. */
export const LOAD_LIMITS: LoadLimits = { timeoutMs: 10_000, heapBytes: 192 * 2 ** 20, replyBytes: 64 * 2 ** 20 };

const OUTPUT_BYTES = 4_096;

/** Node's exit code when nothing is left that could settle a top-level await. */
const UNSETTLED_AWAIT = 13;

export interface LoadResult {
  /** The file's DAGs; [] when it is a helper, or when there is an error. */
  dags: readonly DagSpec[];
  error?: LoadError;
  /** Absolute real paths of the files that were imported, the DAG file itself included. */
  imports: readonly string[];
  /** The end of what the file wrote to stdout and stderr. */
  output: string;
}

/**
 * Imports one DAG file in a process of its own and returns its checked DAGs, or why there are none. Throws only when aborted.
 * @param file absolute path
 * @param root the folder that the file may read, absolute
 */
export async function loadDagFile(file: string, root: string, signal: AbortSignal, limits = LOAD_LIMITS): Promise<LoadResult> {
  const { replies, error, output } = await readInChild(file, root, [], signal, limits);
  const { imports, result } = replies;
  if (result === undefined || "error" in result) return { dags: [], error: result?.error ?? error, imports, output };
  // A file that answers what it was not asked has written into the answer.
  if (!("dags" in result)) return { dags: [], error: FORGED, imports, output };
  if (!result.dags.some(hasFunctions)) return { dags: result.dags, imports, output };
  const bundled = await bundleDag(file, root);
  signal.throwIfAborted();
  if ("error" in bundled) return { dags: [], error: bundled.error, imports, output };
  return { dags: result.dags.map(dag => (hasFunctions(dag) ? { ...dag, ...bundled } : dag)), imports, output };
}

/**
 * Asks the timetables of a file's DAGs for their ticks, in a process of its own. DAGs that the file does not define any more are left out.
 * @throws WindlassError as it would be shown beside the file
 */
export async function askDagFile(
  file: string,
  root: string,
  questions: TickQuestions,
  signal: AbortSignal,
  limits = LOAD_LIMITS,
): Promise<Map<string, Horizon>> {
  const { replies, error } = await readInChild(file, root, [JSON.stringify(questions)], signal, limits);
  const { result } = replies;
  if (result !== undefined && "ticks" in result) return new Map(Object.entries(result.ticks));
  const { code, message, line } = result === undefined ? error : "error" in result ? result.error : FORGED;
  throw new WindlassError(code, message, { place: { file, ...(line === undefined ? {} : { line }) } });
}

interface Reading {
  replies: Replies;
  /** Why there may be no result. */
  error: LoadError;
  output: string;
}

async function readInChild(
  file: string,
  root: string,
  questions: readonly string[],
  signal: AbortSignal,
  limits: LoadLimits,
): Promise<Reading> {
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const child = spawn(process.execPath, childArguments(file, root, limits.heapBytes, questions), {
    cwd: root,
    env: {},
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    signal: AbortSignal.any([signal, timeout]),
    killSignal: "SIGKILL",
  });
  const ended = endOf(child);
  const output = tailOf([child.stdout, child.stderr]);
  const replies = await readReplies(child.stdio[REPLY_FD] as Readable, limits.replyBytes);
  child.kill("SIGKILL");
  const end = await ended;
  signal.throwIfAborted();
  const error = timeout.aborted ? timeoutError(limits) : endError(end, output(), limits);
  return { replies, error, output: output() };
}

interface End {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The process could not be started. */
  failure?: Error;
}

function endOf(child: ChildProcess): Promise<End> {
  const { promise, resolve } = Promise.withResolvers<End>();
  let failure: Error | undefined;
  child.once("error", error => {
    failure = error;
  });
  child.once("close", (code, signal) => resolve({ code, signal, ...(failure === undefined ? {} : { failure }) }));
  return promise;
}

const timeoutError = ({ timeoutMs }: LoadLimits): LoadError => ({
  code: "WL_DAG_TIMEOUT",
  message: `the file was not read after ${timeoutMs / 1_000} s`,
});

function endError({ code, signal, failure }: End, output: string, limits: LoadLimits): LoadError {
  if (failure !== undefined)
    return { code: "WL_DAG_IMPORT", message: `the process that reads the file did not start: ${failure.message}` };
  // Whoever else kills with SIGKILL is the kernel, when memory runs out.
  if (signal === "SIGKILL" || (signal === "SIGABRT" && /heap|memory/i.test(output))) {
    return { code: "WL_DAG_MEMORY", message: `the file needs more than the ${limits.heapBytes / 2 ** 20} MiB it may have` };
  }
  if (code === UNSETTLED_AWAIT) return { code: "WL_DAG_TIMEOUT", message: "the file awaits something that never comes" };
  return {
    code: "WL_DAG_IMPORT",
    message: `the file ended its process (${signal ?? `exit code ${code}`}) before its DAGs were read`,
  };
}

/** Reads streams to their end and keeps the last bytes. */
function tailOf(streams: readonly (Readable | null)[]): () => string {
  let tail = "";
  for (const stream of streams) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      tail = (tail + chunk).slice(-OUTPUT_BYTES);
    });
  }
  return () => tail;
}
