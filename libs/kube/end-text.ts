import type { Terminated } from "./pod.ts";

/**
 * How a container ended, in Kubernetes' own fields. Without `message`: after a failure it holds the end of the log, which may be a secret,
 * and an outcome goes into Redis and Bull Board.
 */
export function endText({ exitCode, reason, startedAt, finishedAt }: Terminated): string {
  // What could not be started has the epoch as its start.
  const began = Date.parse(startedAt ?? "") > 0 ? startedAt : undefined;
  const fields = { exitCode, reason, startedAt: began, finishedAt };
  const known = Object.entries(fields).filter(([, value]) => value !== undefined && value !== "");
  return known.map(([name, value]) => `${name}: ${value}`).join(", ");
}
