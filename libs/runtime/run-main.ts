/** An error meant for people: a stable code, and perhaps the next step. */
interface CodedError extends Error {
  code: string;
  next?: string;
}

const isCoded = (error: unknown): error is CodedError =>
  error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("WL_");

/** What a person reads when a process cannot start: code, message and next step, or the stack of what nobody foresaw. */
export function describeFailure(error: unknown): string {
  if (isCoded(error))
    return [`${error.code}: ${error.message}`, ...(error.next === undefined ? [] : [`  ${error.next}`])].join("\n");
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Runs a service's start. When it fails, says why on standard error and ends the process: 2 for an error with a code, else 1. */
export async function runMain(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exit(isCoded(error) ? 2 : 1);
  }
}
