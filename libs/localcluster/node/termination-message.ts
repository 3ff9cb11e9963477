import { readFileSync } from "node:fs";
import type { Container } from "../pod.ts";
import type { ContainerLog } from "./container-log.ts";

const MAX_MESSAGE_BYTES = 4_096;

/** What a container left as its last words: the end of its message file, or, where it asks for that, of its log when it failed. */
export function terminationMessage(container: Container, messageFile: string, log: ContainerLog, exitCode: number): string {
  const written = readFileSync(messageFile);
  if (written.length > 0) return written.subarray(-MAX_MESSAGE_BYTES).toString();
  return container.terminationMessagePolicy === "FallbackToLogsOnError" && exitCode !== 0 ? log.tail() : "";
}
