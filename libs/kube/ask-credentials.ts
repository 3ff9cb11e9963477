import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { WindlassError } from "#core/errors.ts";
import type { CredentialAnswer, CredentialQuestion, CredentialReply } from "./credential-answer.ts";
import { KubeError } from "./kube-error.ts";

const CHILD = fileURLToPath(new URL("./read-credentials.mjs", import.meta.url));
/** The child itself gives up on a plugin after 30 s; this is for a child that cannot. */
const CHILD_TIMEOUT_MS = 40_000;
const LAST_WORDS = 500;

/**
 * Asks a child process, which ends with its answer. The question goes by standard input and the answer by standard output: nothing of
 * either is in a command line. The child has our environment, because credential plugins need it.
 * @throws WL_KUBE_CONFIG when there is no configuration, or it cannot be read; KubeError `Credentials` when a plugin or a file fails
 */
export async function askCredentials(question: CredentialQuestion, signal: AbortSignal): Promise<CredentialAnswer> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", CHILD], {
    stdio: "pipe",
    signal,
    timeout: CHILD_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  // A child that ends before it has read the question says why in its other streams.
  child.stdin.on("error", () => undefined);
  child.stdin.end(JSON.stringify(question));
  try {
    const [printed, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    return answerIn(printed, errors, child.exitCode ?? child.signalCode);
  } catch (error) {
    if (error instanceof WindlassError) throw error;
    throw failure(error instanceof Error ? error.message : String(error), error);
  }
}

function answerIn(printed: string, errors: string, end: number | string | null): CredentialAnswer {
  if (printed === "") throw failure(`the process that reads them ended (${end}): ${errors.trim().slice(-LAST_WORDS)}`);
  const reply = JSON.parse(printed) as CredentialReply;
  if ("answer" in reply) return reply.answer;
  const { code, message } = reply.error;
  throw code === "WL_KUBE_CONFIG" ? new WindlassError(code, message) : failure(message);
}

const failure = (why: string, cause?: unknown): KubeError =>
  KubeError.noAnswer("Credentials", `cannot get credentials: ${why}`, cause);
