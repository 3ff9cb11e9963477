import { join } from "node:path";
import { hash32 } from "#core/hash.ts";
import type { LogRef } from "./log-store.ts";

const MAX_SEGMENT = 200; // file systems allow 255 bytes; endings are appended

/** An id as one path segment: never empty, "." or "..", never with a separator; different ids give different segments. */
function pathSegment(id: string): string {
  if (id === "") return "%";
  const hex = (char: string) =>
    Buffer.from(char).reduce((text, byte) => `${text}%${byte.toString(16).toUpperCase().padStart(2, "0")}`, "");
  const safe = id.replace(/^\.|[^A-Za-z0-9_.-]/gu, hex);
  // "~" occurs in no encoded id, so that a cut one cannot be mistaken for another.
  return safe.length <= MAX_SEGMENT ? safe : `${safe.slice(0, MAX_SEGMENT - 20)}~${hash32(id)}`;
}

/** `<root>/<dag>/<rest of the run id>`: the runs of a DAG lie together. */
export function runDir(root: string, runId: string): string {
  const cut = runId.indexOf("~");
  return cut < 0
    ? join(root, "%", pathSegment(runId))
    : join(root, pathSegment(runId.slice(0, cut)), pathSegment(runId.slice(cut + 1)));
}

export const taskDir = (root: string, runId: string, taskId: string): string => join(runDir(root, runId), pathSegment(taskId));

export interface LogPaths {
  dir: string;
  /** Plain text, appended to; a long one goes on in files beside it. */
  log: string;
  /** Who writes it, and whether it ended. */
  state: string;
}

/** `<task>/<try>.<infra>.<container>.log` and, beside it, `.state`. */
export function logPaths(root: string, { runId, taskId, try: number, infra = 0, container = "main" }: LogRef): LogPaths {
  const dir = taskDir(root, runId, taskId);
  const name = `${number}.${infra}.${pathSegment(container)}`;
  return { dir, log: join(dir, `${name}.log`), state: join(dir, `${name}.state`) };
}

/** The file of a long log that begins at this byte; the first one is the log's own. */
export const segmentPath = ({ log }: LogPaths, fromByte: number): string => (fromByte === 0 ? log : `${log}.${fromByte}`);

const NAME = /^(\d+)\.(\d+)\.(.+)\.log$/;

/** Reads a file name that {@link logPaths} made; undefined for every other. Container names are DNS labels, which need no decoding. */
export function parseLogName(name: string): { try: number; infra: number; container: string } | undefined {
  const [, number, infra, container] = NAME.exec(name) ?? [];
  return container === undefined ? undefined : { try: Number(number), infra: Number(infra), container };
}
