import { hash32 } from "./hash.ts";

/**
 * Names are computed, never drawn: doing a thing twice under its computed name is doing it once.
 * `~` joins the parts because no id may contain it and a URL path may.
 */
export const runId = (dagId: string, suffix: string): string => `${dagId}~${suffix}`;

/** 2026-01-01T00:00:00.000Z → 20260101T000000Z; milliseconds are kept when they are not zero. */
export const compactInstant = (atMs: number): string =>
  new Date(atMs).toISOString().replace(/[-:]/g, "").replace(".000Z", "Z").replace(".", "_");

/** A tick has one run, whoever creates it and however often. */
export const scheduledRunId = (dagId: string, logicalAt: number): string => runId(dagId, compactInstant(logicalAt));

/** The job of one generation of a task. BullMQ refuses ids that contain ':' or are numbers. */
export const jobId = (run: string, taskId: string, gen: number): string => `${run}~${taskId}~${gen}`;

/** What a job is for: {@link jobId} backwards. */
export function jobParts(job: string): { runId: string; taskId: string; gen: number } {
  const [dagId = "", suffix = "", taskId = "", gen = ""] = job.split("~", 4);
  return { runId: runId(dagId, suffix), taskId, gen: Number(gen) };
}

/** What makes a try unique in the installation. */
export interface TryKey {
  dagId: string;
  runId: string;
  taskId: string;
  try: number;
  infra: number;
}

const MAX_NAME = 63; // a DNS label: the pod's name is also its hostname

const slug = (text: string): string =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");

/** The pod of a try: readable head, try, infra ordinal when there is one, 50 bits of hash over the whole key. ≤ 63 characters. */
export function podName(key: TryKey, head = `${key.dagId}-${key.taskId}`): string {
  const whole = [key.dagId, key.runId, key.taskId, key.try, key.infra].join("\0");
  const tail = `-${key.try}${key.infra > 0 ? `-${key.infra}` : ""}-${hash32(whole)}`;
  const cut = (text: string) => text.slice(0, MAX_NAME - tail.length).replace(/-+$/, "");
  const start = slug(head);
  return cut(/^[a-z]/.test(start) ? start : `t-${start}`) + tail;
}

/** The text as a label value: unchanged if it is one, else cleaned, cut to 63 and made unique by a hash. */
export function labelValue(text: string): string {
  const clean = text.replace(/[^A-Za-z0-9_.-]+/g, "_").replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  if (clean === text && clean.length <= MAX_NAME) return clean;
  const tail = `-${hash32(text)}`;
  return (clean.slice(0, MAX_NAME - tail.length).replace(/[^A-Za-z0-9]+$/, "") + tail).replace(/^-/, "");
}
