import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { DagSpec } from "#core/dag-spec.ts";
import { childArguments } from "./child-arguments.ts";
import { type LoadError, REPLY_FD } from "./load-reply.ts";
import { readReplies } from "./read-replies.ts";

/** What one DAG file may use up. */
export interface LoadLimits {
  /** From the start of the process to its result. */
  timeoutMs: number;
  /** The child's JavaScript heap. */
  heapBytes: number;
  /** What the child may answer. */
  replyBytes: number;
}

export const LOAD_LIMITS: LoadLimits = { timeoutMs: 10_000, heapBytes: 128 * 2 ** 20, replyBytes: 16 * 2 ** 20 };

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
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const child = spawn(process.execPath, childArguments(file, root, limits.heapBytes), {
    cwd: root,
    env: {},
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    signal: AbortSignal.any([signal, timeout]),
    killSignal: "SIGKILL",
  });
  const ended = endOf(child);
  const output = tailOf([child.stdout, child.stderr]);
  const { imports, result } = await readReplies(child.stdio[REPLY_FD] as Readable, limits.replyBytes);
  child.kill("SIGKILL");
  const end = await ended;
  signal.throwIfAborted();
  if (result !== undefined) return { dags: [], ...result, imports, output: output() };
  const error = timeout.aborted ? timeoutError(limits) : endError(end, output(), limits);
  return { dags: [], error, imports, output: output() };
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
